/** Catalogued failures that no other test plays through: real engines on real folders, with something going wrong. */
import assert from 'node:assert/strict';
import { chmodSync, closeSync, ftruncateSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Disk, DiskFailure, DiskTrouble, Placed } from '../../src/engine/environment/disk.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { Hashing } from '../../src/engine/environment/hashing.ts';
import { SilentChanges } from '../../src/engine/local/silent-changes.ts';
import { meddling } from '../engine/disk-doubles.ts';
import {
  allHold,
  at,
  has,
  inStep,
  put,
  Stage,
  serverTree,
  synced,
  text,
  tree,
  until,
} from '../engine/stage.ts';
import type { DeviceOptions } from '../support/engines.ts';

function failure(trouble: DiskTrouble, detail: string): DiskFailure {
  return { kind: 'failed', trouble, detail };
}

test('F021: a name that is no text is shown without it, never touched, and keeps nothing else', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/a.txt': 'one' });
  const odd = Buffer.concat([Buffer.from(at(a, 'd/')), Buffer.from([0xff, 0xfe, 0x2e, 0x74])]);
  writeFileSync(odd, 'odd');
  put(a, 'd/b.txt', 'two');
  await a.engine.scanner.scanAll();
  await until('the others arrive', () => has(b, 'd/b.txt'));
  await until('it is told', () => a.status().problemList.some(({ code }) => code === 'name-not-text'));
  assert.equal(a.status().problems, 1);
  assert.deepEqual(tree(b), { 'd/': 'folder', 'd/a.txt': 'one', 'd/b.txt': 'two' });
  assert.equal(readdirSync(Buffer.from(at(a, 'd')), { encoding: 'buffer' }).length, 3);
  assert.equal(devices.length, 2);
});

test('F034: a name that this disk cannot hold waits, is named, and is neither cut nor deleted', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const isLong = (path: string): boolean => path.endsWith('long.txt');
  const b = await stage.device(
    'B',
    meddling((real) => ({
      place: async (items) => {
        const rest = await real.place(items.filter(({ path }) => !isLong(path)));
        let next = 0;
        return items.map(({ path }) => {
          if (isLong(path)) return failure('name-too-long', `ENAMETOOLONG ${path}`);
          next += 1;
          return rest[next - 1] ?? failure('input-output', path);
        });
      },
    })),
  );
  put(a, 'd/too long.txt', 'kept');
  put(a, 'd/short.txt', 'short');
  await a.wait();
  await until('it is told', () => b.status().problemList.some(({ path }) => path === 'd/too long.txt'));
  await until('the other arrives', () => has(b, 'd/short.txt'));
  assert.equal(b.status().problemList[0]?.code, 'name-held');
  put(b, 'd/mine.txt', 'mine');
  await until('B still sends', () => has(a, 'd/mine.txt'));
  assert.deepEqual(await serverTree(a), tree(a));
  assert.deepEqual(tree(b), { 'd/': 'folder', 'd/mine.txt': 'mine', 'd/short.txt': 'short' });
});

test('F043: the wall clock jumps years ahead and back: nothing is lost, doubled, or held back', async (t) => {
  const stage = await Stage.open(t);
  let shift = 0;
  const a = await stage.device('A', {
    environment: (env) => {
      const { clock } = env;
      const jumping = Object.create(clock, { now: { value: () => clock.now() + shift } });
      return { ...env, clock: jumping };
    },
  });
  const b = await stage.device('B');
  const YEAR = 365 * 86_400_000;
  let expected: Record<string, string> = {};
  for (const [round, years] of [3, -20, 0, 40, -1].entries()) {
    shift = years * YEAR;
    put(a, 'shared.txt', `A ${round}`);
    put(a, `a${round}.txt`, 'from A');
    await inStep(a, b);
    put(b, 'shared.txt', `B ${round}`);
    expected = { ...expected, 'shared.txt': `B ${round}`, [`a${round}.txt`]: 'from A' };
    await inStep(b, a);
    await allHold([a, b], expected);
  }
});

test('F044: a sparse file beyond all bounds is named, not read, and keeps nothing else', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one' });
  const file = openSync(at(a, 'huge.img'), 'w');
  ftruncateSync(file, 2 ** 40);
  closeSync(file);
  put(a, 'b.txt', 'two');
  await until('it is told', () => a.status().problemList.some(({ path }) => path === 'huge.img'), 30_000);
  await until('the others arrive', () => has(b, 'b.txt'));
  assert.equal(a.status().problemList[0]?.code, 'file-too-large');
  assert.deepEqual(tree(b), { 'a.txt': 'one', 'b.txt': 'two' });
  assert.equal((await a.wait()).done, false);
  writeFileSync(at(a, 'huge.img'), 'small now');
  await until('it is read', () => a.status().problems === 0);
  await allHold([a, b], { 'a.txt': 'one', 'b.txt': 'two', 'huge.img': 'small now' });
});

test('F054: another program holds the place for a while: tried again, never written into', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  let held = 3;
  const b = await stage.device(
    'B',
    meddling((real) => ({
      place: async (items) => {
        if (held <= 0 || !items.some(({ path }) => path === 'f.txt')) return real.place(items);
        held -= 1;
        return items.map(({ path }) => failure('busy', `EBUSY ${path}`));
      },
    })),
  );
  put(a, 'f.txt', 'one');
  await until('all tries were refused', () => held === 0, 60_000);
  await until('it arrives', () => has(b, 'f.txt'), 60_000);
  await allHold([a, b], { 'f.txt': 'one' });
});

test('F148: a flush that fails is no flush: nothing of it takes a place, and it is fetched anew', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'old');
  let failing = 0;
  const placed: string[] = [];
  const b = await stage.device(
    'B',
    meddling((real) => ({
      flushStaged: async (names) => {
        if (failing <= 0) return real.flushStaged(names);
        failing -= 1;
        return failure('input-output', 'EIO');
      },
      place: async (items) => {
        placed.push(...items.map(({ path }) => path));
        const done: readonly (Placed | DiskFailure)[] = await real.place(items);
        return done;
      },
    })),
  );
  await inStep(a, b);
  placed.length = 0;
  failing = 1;
  put(a, 'f.txt', 'new text');
  await a.wait();
  await until('the flush failed', () => failing === 0);
  assert.deepEqual(placed, []);
  assert.equal(text(b, 'f.txt'), 'old');
  await until('it was fetched anew', () => text(b, 'f.txt') === 'new text', 60_000);
  await allHold([a, b], { 'f.txt': 'new text' });
});

const ROTTEN = 'rotten bytes';

/** Reads what the user's disk shows by the name of `instead`, under the stamp of `path`: bytes that rotted. */
function rotting(
  path: string,
  instead: string,
): { readonly isOn: { now: boolean }; readonly options: DeviceOptions } {
  const isOn = { now: false };
  const environment = (env: Environment): Environment => {
    const { hashing: real, disk } = env;
    const hashing: Hashing = {
      backend: real.backend,
      blake3: (bytes) => real.blake3(bytes),
      close: () => real.close(),
      fingerprint: async (requests) => {
        if (!isOn.now) return real.fingerprint(requests);
        const prints = await real.fingerprint(
          requests.map((each) =>
            each.path === path ? { ...each, path: instead, size: ROTTEN.length } : each,
          ),
        );
        const stamps = await disk.lookMany(requests.map((each) => each.path));
        return prints.map((print, i) => {
          const found = stamps[i];
          return print.kind === 'fingerprint' && found?.kind === 'found'
            ? { ...print, stamp: found.stamp }
            : print;
        });
      },
    };
    return { ...env, hashing };
  };
  return { isOn, options: { environment } };
}

test('F150: bytes that changed without a stamp that shows it are found, asked about, and not sent', async (t) => {
  const stage = await Stage.open(t);
  const { isOn, options } = rotting('f.txt', 'other.txt');
  const a = await stage.device('A', options);
  const b = await stage.device('B');
  put(a, 'f.txt', 'good bytes');
  put(a, 'other.txt', ROTTEN);
  await inStep(a, b);
  const verify = new SilentChanges(a.engine.context);
  await verify.verifySome();
  await verify.verifySome();
  assert.equal(a.status().problems, 0);
  isOn.now = true;
  await verify.verifySome();
  await verify.verifySome();
  assert.deepEqual(
    a.status().problemList.map(({ code, path }) => [code, path]),
    [['silent-change', 'f.txt']],
  );
  await b.wait();
  assert.equal(text(b, 'f.txt'), 'good bytes');
  assert.deepEqual(await serverTree(b), tree(b));
});

test('F150: a large file is verified in its turn, too', async (t) => {
  const stage = await Stage.open(t);
  const { isOn, options } = rotting('large.bin', 'other.txt');
  const a = await stage.device('A', options);
  const large = openSync(at(a, 'large.bin'), 'w');
  ftruncateSync(large, 70 * 1024 * 1024);
  closeSync(large);
  put(a, 'other.txt', ROTTEN);
  await inStep(a);
  isOn.now = true;
  const verify = new SilentChanges(a.engine.context);
  for (let turn = 0; turn < 6; turn += 1) await verify.verifySome();
  assert.deepEqual(
    a.status().problemList.map(({ code, path }) => [code, path]),
    [['silent-change', 'large.bin']],
  );
});

test('F150: a program on a disk that keeps no such bits has not changed', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device(
    'A',
    meddling((real) => ({ prepare: () => withoutBits(real) })),
  );
  const b = await stage.device('B');
  put(b, 'program', '#!/bin/sh', 0o755);
  await inStep(b, a);
  chmodSync(at(a, 'program'), 0o644);
  await inStep(a, b);
  const verify = new SilentChanges(a.engine.context);
  for (let turn = 0; turn < 3; turn += 1) await verify.verifySome();
  assert.deepEqual(a.status().problemList, []);
  assert.deepEqual(tree(b), { program: 'program #!/bin/sh' });
});

async function withoutBits(real: Disk): ReturnType<Disk['prepare']> {
  const prepared = await real.prepare();
  if (prepared.kind === 'failed') return prepared;
  return { ...prepared, abilities: { ...prepared.abilities, executableBits: false } };
}
