/** What stays when the power is cut, of the disk and of the state; and whole runs in which it is cut again and again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durably } from '../../src/engine/state/database.ts';
import { MetaTable } from '../../src/engine/state/meta.ts';
import { SimTime } from './clock.ts';
import { powerRun } from './power-run.ts';
import { PowerState } from './power-state.ts';
import { Stream } from './random.ts';
import { Volume } from './volume.ts';
import type { SimNode } from './volume-node.ts';

const SEEDS = 200;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What each of many power cuts leaves of the same doings. */
async function cuts(
  act: (volume: Volume, time: SimTime) => void | Promise<void>,
  afterwards: (volume: Volume) => void = () => undefined,
): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const time = new SimTime(new Stream(seed, 'schedule'));
    const volume = new Volume(time);
    await act(volume, time);
    volume.cutPower(new Stream(seed, 'power'));
    afterwards(volume);
    const shown = tree(volume.root);
    seen.set(shown, (seen.get(shown) ?? 0) + 1);
  }
  return seen;
}

function tree(folder: SimNode): string {
  return [...folder.children.values()]
    .map((node) =>
      node.kind === 'folder' ? `${node.name}/(${tree(node)})` : `${node.name}=${Buffer.from(node.bytes)}`,
    )
    .sort()
    .join(' ');
}

function write(volume: Volume, name: string, text: string): SimNode {
  return volume.create(volume.root, name, { kind: 'file', bytes: bytes(text) });
}

test('what was flushed stays, whole and under its name', async () => {
  const seen = await cuts((volume) => {
    volume.flushFile(write(volume, 'a', 'one'));
    volume.flushFolder(volume.root);
  });
  assert.deepEqual([...seen.keys()], ['a=one']);
});

test('names that are taken back are those of the disk, also where another one is mounted over it by then', async () => {
  const seen = await cuts(
    (volume) => {
      const folder = volume.create(volume.root, 'd', { kind: 'folder' });
      const file = write(volume, 'a', 'one');
      volume.flushFile(file);
      volume.flushAll();
      volume.rename(file, folder, 'b', false);
      volume.mountOver('d');
      volume.create(folder, 'above', { kind: 'folder' });
    },
    (volume) => volume.unmountOver('d'),
  );
  assert.deepEqual([...seen.keys()].sort(), ['a=one d/()', 'd/(b=one)']);
});

test('a file that was flushed and whose folder was not is whole or absent', async () => {
  const seen = await cuts((volume) => volume.flushFile(write(volume, 'a', 'one')));
  assert.deepEqual([...seen.keys()].sort(), ['', 'a=one']);
});

test('what was not flushed may be absent, empty, cut short, filled with zeros, or whole', async () => {
  const seen = await cuts((volume) => void write(volume, 'a', 'one'));
  for (const shown of ['', 'a=', 'a=o', 'a=o\0\0', 'a=one'])
    assert.ok(seen.has(shown), JSON.stringify(shown));
});

test('an overwritten file may show old bytes again, and never bytes from before it was last flushed', async () => {
  const seen = await cuts((volume) => {
    const node = write(volume, 'a', 'first');
    volume.write(node, bytes('second'));
    volume.flushFile(node);
    volume.flushFolder(volume.root);
    volume.write(node, bytes('third'));
  });
  assert.ok(seen.has('a=second') && seen.has('a=third'));
  for (const shown of seen.keys()) assert.doesNotMatch(shown, /first|^$/);
});

test('a rename or an exchange happens as a whole or not at all, also over a file that it replaces', async () => {
  const durable = (volume: Volume): [SimNode, SimNode] => {
    const nodes: [SimNode, SimNode] = [write(volume, 'a', 'A'), write(volume, 'b', 'B')];
    volume.flushAll();
    return nodes;
  };
  const renamed = await cuts((volume) => volume.rename(durable(volume)[0], volume.root, 'b', true));
  assert.deepEqual([...renamed.keys()].sort(), ['a=A b=B', 'b=A']);
  const exchanged = await cuts((volume) => volume.exchange(...durable(volume)));
  assert.deepEqual([...exchanged.keys()].sort(), ['a=A b=B', 'a=B b=A']);
});

test('names of different folders are lost in any order, and nothing stays without what it stands in', async () => {
  const seen = await cuts((volume) => {
    for (const name of ['d', 'e']) {
      const folder = volume.create(volume.root, name, { kind: 'folder' });
      volume.flushFile(volume.create(folder, 'f', { kind: 'file', bytes: bytes(name) }));
    }
  });
  for (const shown of ['', 'd/()', 'e/(f=e)', 'd/(f=d) e/(f=e)', 'd/(f=d)'])
    assert.ok(seen.has(shown), shown);
});

test('a removal that was not flushed may be undone, and then its inode is nobody else’s', async () => {
  const seen = await cuts((volume) => {
    volume.flushFile(write(volume, 'a', 'A'));
    volume.flushFolder(volume.root);
    volume.remove(volume.find('a'));
    volume.flushFile(write(volume, 'b', 'B'));
  });
  assert.deepEqual([...seen.keys()].sort(), ['', 'a=A', 'b=B']);
});

test('after a minute everything has reached the disk by itself', async () => {
  const seen = await cuts(async (volume, time) => {
    write(volume, 'a', 'one');
    await time.run(60_000);
  });
  assert.deepEqual([...seen.keys()], ['a=one']);
});

test('the state goes back to a commit no older than the last durable one, and a kill takes nothing', () => {
  const shown = new Set<string>();
  for (let seed = 0; seed < SEEDS / 4; seed += 1) {
    const state = new PowerState(new Stream(seed, 'state'));
    const commit = (value: string): void => {
      state.db.transaction(() => new MetaTable(state.db).set('value', value))();
    };
    commit('old');
    durably(state.db, () => new MetaTable(state.db).set('value', 'durable'));
    for (const value of ['1', '2', '3']) commit(value);
    state.kill();
    assert.equal(new MetaTable(state.db).get('value'), '3');
    state.cutPower();
    shown.add(new MetaTable(state.db).get('value') ?? 'none');
  }
  assert.deepEqual([...shown].sort(), ['1', '2', '3', 'durable']);
});

for (let first = 1; first <= 40; first += 20) {
  test(`RULES 20: nothing is lost and everybody agrees in the end, whenever the power is cut, seeds ${first} to ${first + 19}`, async () => {
    for (let seed = first; seed < first + 20; seed += 1) {
      const { wrong, report } = await powerRun(seed, 40);
      assert.equal(wrong.length, 0, `seed ${seed}:\n${wrong.join('\n')}\n${report()}`);
    }
  });
}

test('the same seed cuts the power in the same moments, and leaves the same', async () => {
  const [once, again] = [await powerRun(7, 40), await powerRun(7, 40)];
  assert.equal(once.traceHash, again.traceHash);
  assert.ok(once.cuts > 0);
});
