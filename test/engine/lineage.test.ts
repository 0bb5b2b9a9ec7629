/** Lineage by name: conflicts settled and opened again, versions of a node, copies of them, trash by batch. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { ConflictRow } from '../../src/ipc/conflicts.ts';
import { METHODS, type Method, type Params } from '../../src/ipc/contract.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import {
  allHold,
  apart,
  at,
  call,
  conflictsOf,
  inStep,
  put,
  refusal,
  Stage,
  type Synced,
  synced,
  type TestDevice,
  text,
  together,
  tree,
  value,
  versions,
} from './stage.ts';

interface Clash extends Synced {
  readonly row: ConflictRow;
}

/** A and B edit V1 of d/f.txt apart; B loses. */
async function clash(t: Parameters<typeof synced>[0], names: readonly string[] = ['A', 'B']): Promise<Clash> {
  const found = await synced(t, names, { 'd/f.txt': 'base' });
  apart(found.b);
  put(found.a, 'd/f.txt', 'from A');
  put(found.b, 'd/f.txt', 'from B');
  await inStep(found.a);
  together(found.b);
  await inStep(...found.devices);
  const [row] = await conflictsOf(found.a);
  assert.ok(row);
  return { ...found, row };
}

async function settled(device: TestDevice) {
  return value(await device.control['conflicts.list']({ status: 'resolved' }, call));
}

const base64 = (content: string) => Buffer.from(content).toString('base64');

function checked<M extends Method>(method: M, result: unknown): void {
  const parsed = parserOf(METHODS[method].result)(result);
  assert.equal(parsed.kind, 'ok', `${method}: ${JSON.stringify(parsed)}`);
}

test('conflicts: both sides are told in full, also to a device that made neither', async (t) => {
  const { devices, row } = await clash(t, ['A', 'B', 'C']);
  const c = devices[2];
  assert.ok(c);
  for (const device of devices) {
    const shown = value(await device.control['conflicts.show']({ id: row.id }, call));
    checked('conflicts.show', shown);
    const [original, copy] =
      shown.mine.role === 'original' ? [shown.mine, shown.theirs] : [shown.theirs, shown.mine];
    assert.equal(shown.mine.role, device.name === 'B' ? 'copy' : 'original');
    assert.deepEqual([original.device, original.number, original.pathThen], ['A', 2, 'd/f.txt']);
    assert.deepEqual([copy.device, copy.number, copy.pathThen], ['B', 1, 'd/f.txt']);
    assert.notEqual(original.content, copy.content);
    assert.equal(shown.base?.version.number, 1);
    assert.equal(shown.ancestor, 1);
    assert.deepEqual(
      shown.lineage.map((each) => [each.side, each.version.device, each.version.reason]),
      [
        ['both', 'A', 'created'],
        [device.name === 'B' ? 'theirs' : 'mine', 'A', 'edited'],
        [device.name === 'B' ? 'mine' : 'theirs', 'B', 'forked'],
      ],
    );
    assert.match(
      shown.sentence,
      /saved V2 on A \(\w{3} \d\d:\d\d\).* V1 .*B.*: f\.txt keeps that of A, that of B is "f \(conflict - B, .*\)\.txt"\.$/,
    );
  }
});

test('conflicts: a merge is one new version at the path, and the copy goes, everywhere', async (t) => {
  const { devices, a, b, row } = await clash(t);
  const done = value(
    await b.control['conflicts.resolve'](
      {
        id: row.id,
        keep: 'merged',
        merged: base64('merged by B'),
        seenMine: row.theirs.version,
        seenTheirs: row.mine.version,
      },
      call,
    ),
  );
  assert.deepEqual([done.path, done.copyPath], ['d/f.txt', null]);
  await allHold(devices, { 'd/f.txt': 'merged by B' });
  assert.deepEqual(await versions(a, 'd/f.txt'), ['merged by B', 'from A', 'base']);
  const list = await settled(a);
  checked('conflicts.list', list);
  assert.equal(list.total, 1);
  const { resolution } = list.conflicts[0] ?? row;
  assert.deepEqual([resolution?.keep, resolution?.device, resolution?.undoable], ['merged', 'B', true]);
  assert.deepEqual(await conflictsOf(a), []);
});

for (const keep of ['both', 'mine', 'theirs', 'merged'] as const)
  test(`conflicts: settled as ${keep} and undone on the other device, both sides stand again for everybody`, async (t) => {
    const { devices, a, b, row } = await clash(t);
    const before = tree(a);
    const more =
      keep === 'merged' ? { merged: base64('merged') } : keep === 'both' ? { copyName: 'of B.txt' } : {};
    value(await a.control['conflicts.resolve']({ id: row.id, keep, ...more }, call));
    await inStep(...devices);
    if (keep === 'both') await allHold(devices, { 'd/f.txt': 'from A', 'd/of B.txt': 'from B' });
    else assert.equal(Object.keys(tree(a)).length, 2);
    const undone = value(await b.control['conflicts.undo']({ id: row.id }, call));
    checked('conflicts.undo', undone);
    await inStep(...devices);
    for (const each of devices) {
      assert.deepEqual(tree(each), before);
      assert.deepEqual(
        (await conflictsOf(each)).map((open) => open.id),
        [row.id],
      );
      assert.equal((await settled(each)).total, 0);
    }
    assert.equal(refusal(await b.control['conflicts.undo']({ id: row.id }, call)), 'unprocessable');
    // And it can be settled again.
    value(await b.control['conflicts.resolve']({ id: row.id, keep: 'mine' }, call));
    await allHold(devices, { 'd/f.txt': 'from B' });
  });

test('conflicts: undoing is refused when somebody saved since what was settled, and says so before', async (t) => {
  const { devices, a, b, row } = await clash(t);
  value(await a.control['conflicts.resolve']({ id: row.id, keep: 'merged', merged: base64('m') }, call));
  await inStep(...devices);
  put(b, 'd/f.txt', 'newer than that');
  await inStep(...devices);
  assert.equal((await settled(a)).conflicts[0]?.resolution?.undoable, false);
  assert.equal(refusal(await a.control['conflicts.undo']({ id: row.id }, call)), 'unprocessable');
  await allHold(devices, { 'd/f.txt': 'newer than that' });
});

test('conflicts: a decision about other heads, a name that is taken, a merge without text: refused, nothing happens', async (t) => {
  const { devices, a, row } = await clash(t);
  const before = tree(a);
  const tries: readonly Params<'conflicts.resolve'>[] = [
    { id: row.id, keep: 'mine', seenMine: row.theirs.version },
    { id: row.id, keep: 'both', copyName: 'f.txt' },
    { id: row.id, keep: 'both', copyName: '..' },
    { id: row.id, keep: 'mine', copyName: 'x.txt' },
    { id: row.id, keep: 'merged' },
    { id: row.id, keep: 'theirs', merged: base64('x') },
    { id: row.id, keep: 'merged', merged: 'not base64!' },
  ];
  for (const each of tries) refusal(await a.control['conflicts.resolve'](each, call));
  await inStep(...devices);
  for (const each of devices) assert.deepEqual(tree(each), before);
  assert.equal((await conflictsOf(a)).length, 1);
  assert.equal(value(await a.control['problems.list']({}, call)).problems.length, 0);
});

test('conflicts: who is a moment too late is told so, and keeps a merge that nobody took', async (t) => {
  const merged = base64('merged by B');
  const cases: readonly [
    Params<'conflicts.resolve'>['keep'],
    Partial<Params<'conflicts.resolve'>>,
    boolean,
  ][] = [
    ['merged', { merged }, false],
    ['theirs', {}, false],
    ['both', { copyName: 'mine.txt' }, false],
    ['mine', {}, true],
  ];
  for (const [keep, more, isSame] of cases) {
    const { a, b, devices, row } = await clash(t);
    const { server } = b.engine;
    let isFirst = true;
    b.engine.server = {
      ...server,
      upload: async (...args) => {
        if (isFirst) value(await a.control['conflicts.resolve']({ id: row.id, keep: 'theirs' }, call));
        isFirst = false;
        return server.upload(...args);
      },
    };
    const answer = await b.control['conflicts.resolve']({ id: row.id, keep, ...more }, call);
    b.engine.server = server;
    assert.equal(answer.kind, isSame ? 'ok' : 'refused', `${keep}: ${JSON.stringify(answer)}`);
    if (answer.kind === 'refused') assert.match(JSON.stringify(answer.facts), /settled already/);
    await allHold(devices, { 'd/f.txt': 'from B' });
    assert.deepEqual(await versions(a, 'd/f.txt'), ['from B', 'from A', 'base']);
  }
});

test('conflicts come in pages, with how many there are', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { '1': 'x', '2': 'x', '3': 'x' });
  apart(b);
  for (const name of ['1', '2', '3']) {
    put(a, name, `A ${name}`);
    put(b, name, `B ${name}`);
  }
  await inStep(a);
  together(b);
  await inStep(...devices);
  const first = value(await a.control['conflicts.list']({ limit: 2 }, call));
  assert.deepEqual([first.conflicts.length, first.total], [2, 3]);
  const second = value(await a.control['conflicts.list']({ limit: 2, after: first.next ?? '' }, call));
  assert.deepEqual([second.conflicts.length, second.next], [1, null]);
  for (const { id } of [...first.conflicts, ...second.conflicts])
    value(await a.control['conflicts.resolve']({ id, keep: 'theirs' }, call));
  const late = value(await a.control['conflicts.list']({ status: 'resolved', limit: 2 }, call));
  const rest = await a.control['conflicts.list']({ status: 'resolved', after: late.next ?? '' }, call);
  assert.deepEqual([late.conflicts.length, late.total, value(rest).conflicts.length], [2, 3, 1]);
});

test('history, cat and restore by node, wherever it stands, also when it is gone', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  symlinkSync('f.txt', at(a, 'd/link'));
  put(a, 'd/f.txt', 'two');
  await inStep(...devices);
  const named = value(await b.control.history({ path: 'd/f.txt' }, call)).nodes[0];
  const node = named?.node ?? '';
  assert.deepEqual(
    named?.versions.map((each) => each.reason),
    ['edited', 'created'],
  );
  const byNode = value(await b.control.history({ node }, call));
  checked('history', byNode);
  assert.deepEqual(byNode, { path: 'd/f.txt', nodes: [named] });
  const link = value(await b.control.history({ path: 'd/link' }, call)).nodes[0]?.versions[0];
  assert.match(link?.content ?? '', /^[0-9a-f]{64}$/);
  unlinkSync(at(a, 'd/f.txt'));
  await inStep(...devices);
  const read = value(await b.control.cat({ node, version: 1 }, call));
  assert.deepEqual([read.path, Buffer.from(read.bytes, 'base64').toString()], ['d/f.txt', 'one']);
  const back = value(await b.control.restore({ node, version: 1 }, call));
  assert.deepEqual([back.path, back.number, back.restored], ['d/f.txt', 3, 1]);
  await inStep(...devices);
  assert.equal(text(a, 'd/f.txt'), 'one');
  assert.equal(value(await a.control.history({ node }, call)).nodes[0]?.versions[0]?.reason, 'restored');
  assert.equal(refusal(await a.control.cat({}, call)), 'unprocessable');
  assert.equal(refusal(await a.control.cat({ path: 'd/f.txt', node }, call)), 'unprocessable');
});

test('an old version as a copy: a new file beside, on every device, the file itself untouched', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  put(a, 'd/f.txt', 'two');
  await inStep(...devices);
  const made = value(
    await b.control.restore({ path: 'd/f.txt', version: 1, asCopy: 'f of before.txt' }, call),
  );
  checked('restore', made);
  assert.deepEqual([made.path, made.number, made.restored], ['d/f of before.txt', 1, 1]);
  await allHold(devices, { 'd/f.txt': 'two', 'd/f of before.txt': 'one' });
  const taken = await b.control.restore({ path: 'd/f.txt', version: 1, asCopy: 'f.txt' }, call);
  assert.equal(refusal(taken), 'unprocessable');
  const bad = await b.control.restore({ path: 'd/f.txt', version: 1, asCopy: '..' }, call);
  assert.equal(refusal(bad), 'bad-name');
  await allHold(devices, { 'd/f.txt': 'two', 'd/f of before.txt': 'one' });
});

test('trash: what was deleted together comes back together, folders first; pages name each thing once', async (t) => {
  const start = { 'x/a.txt': 'a', 'x/y/b.txt': 'b', 'c.txt': 'c', 'd.txt': 'd', 'keep.txt': 'k' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  unlinkSync(at(a, 'x/a.txt'));
  await inStep(...devices);
  rmSync(at(a, 'x'), { recursive: true });
  unlinkSync(at(a, 'c.txt'));
  await inStep(...devices);
  unlinkSync(at(b, 'd.txt'));
  await inStep(...devices);
  const all = value(await b.control['trash.list']({}, call));
  checked('trash.list', all);
  const batches = new Map(all.items.map((item) => [item.path, item.batch]));
  assert.equal(batches.get('x'), batches.get('c.txt'));
  assert.equal(batches.get('x'), batches.get('x/a.txt'));
  assert.notEqual(batches.get('d.txt'), batches.get('c.txt'));
  const paged: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const params: Params<'trash.list'> = after === '' ? { limit: 1 } : { limit: 1, after };
    const page = value(await b.control['trash.list'](params, call));
    paged.push(...page.items.map((item) => `${item.path} ${item.batch}`));
    after = page.next;
  }
  assert.deepEqual(
    paged,
    all.items.map((item) => `${item.path} ${item.batch}`),
  );
  const back = value(await b.control['trash.restore']({ batch: batches.get('x') ?? '' }, call));
  checked('trash.restore', back);
  assert.equal(back.restored, 5);
  const { 'd.txt': _gone, ...rest } = start;
  await allHold(devices, rest);
  const one = value(await a.control['trash.restore']({ id: nodeOf(all.items, 'd.txt') }, call));
  assert.equal(one.restored, 1);
  await allHold(devices, start);
  assert.equal(refusal(await a.control['trash.restore']({ batch: 'nonsense' }, call)), 'not-found');
});

function nodeOf(items: readonly { readonly id: string; readonly path: string }[], path: string): string {
  return items.find((item) => item.path === path)?.id ?? '';
}

test('a settled conflict is known to a device that joins later', async (t) => {
  const { stage, a, row } = await clash(t);
  assert.ok(stage instanceof Stage);
  value(await a.control['conflicts.resolve']({ id: row.id, keep: 'mine' }, call));
  await inStep(a);
  const c = await stage.device('C');
  await inStep(c);
  assert.deepEqual((await settled(c)).conflicts[0]?.resolution?.undoable, true);
  value(await c.control['conflicts.undo']({ id: row.id }, call));
  await inStep(a, c);
  assert.deepEqual(tree(c), tree(a));
  assert.equal((await conflictsOf(c)).length, 1);
  mkdirSync(at(c, 'after'));
  await inStep(a, c);
  assert.deepEqual(tree(c), tree(a));
});
