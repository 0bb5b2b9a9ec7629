/** What lies in staging after an exchange whose end nobody saw: the old version never comes back, a save never goes. */
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type Disk, ReservedUnreadable } from '../../src/engine/environment/disk.ts';
import { meddling } from './disk-doubles.ts';
import { allHold, at, inStep, pause, put, Stage, trashTexts, tree, until, versions } from './stage.ts';

/** B is killed when it is about to erase what an exchange brought out; `meanwhile` acts on that. */
async function killedBeforeErasing(
  t: TestContext,
  make: (root: string, version: string) => void,
  meanwhile: (staged: string) => void = () => undefined,
) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  make(a.root, 'one');
  let armed = false;
  let isReached = false;
  const erasing = (real: Disk): Partial<Disk> => ({
    eraseStaged: (names) => {
      if (!armed || names.length === 0) return real.eraseStaged(names);
      isReached = true;
      return new Promise(() => undefined);
    },
  });
  const b = await stage.device('B', meddling(erasing));
  await inStep(a, b);
  armed = true;
  make(a.root, 'two');
  await inStep(a);
  await until('B has exchanged', () => isReached);
  await pause(30);
  const [staged] = readdirSync(at(b, '.tidemark/staging'));
  assert.ok(staged);
  meanwhile(at(b, `.tidemark/staging/${staged}`));
  stage.crash(b);
  const again = await stage.restart(b, { environment: (env) => env });
  await inStep(a, again);
  assert.deepEqual(readdirSync(at(again, '.tidemark/staging')), []);
  return { a, b: again };
}

test('a stop before the old version is erased: it is not taken for a save, and the update stands', async (t) => {
  const { a, b } = await killedBeforeErasing(t, (root, version) => put(root, 'f.txt', version));
  await allHold([a, b], { 'f.txt': 'two' });
  assert.deepEqual(await versions(a, 'f.txt'), ['two', 'one']);
  assert.deepEqual(trashTexts(b), []);
});

test('the same with a link: the old one leaves no trace in the trash', async (t) => {
  const link = (root: string, target: string): void => {
    symlinkSync(target, at(root, 'l~'));
    renameSync(at(root, 'l~'), at(root, 'l'));
  };
  const { a, b } = await killedBeforeErasing(t, link);
  for (const each of [a, b]) assert.equal(readlinkSync(at(each, 'l')), 'two');
  assert.deepEqual(readdirSync(at(b, '.tidemark/trash')), []);
});

test('the same, and another program wrote to the old version through its open descriptor: that is kept in the trash', async (t) => {
  const { a, b } = await killedBeforeErasing(
    t,
    (root, version) => put(root, 'f.txt', version),
    (staged) => writeFileSync(staged, 'written late'),
  );
  await allHold([a, b], { 'f.txt': 'two' });
  assert.deepEqual(trashTexts(b), ['written late']);
});

test('the same, and the old version was only touched: its bytes are kept in the trash', async (t) => {
  const { a, b } = await killedBeforeErasing(
    t,
    (root, version) => put(root, 'f.txt', version),
    (staged) => utimesSync(staged, 1, 1),
  );
  await allHold([a, b], { 'f.txt': 'two' });
  assert.deepEqual(trashTexts(b), ['one']);
});

/** B is killed in the middle of an exchange, which happens if `isMade`, once it has heard of a still newer version. */
async function killedWhileTheHeadMovedOn(t: TestContext, isMade: boolean) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  let armed = false;
  const exchanging = (real: Disk): Partial<Disk> => ({
    place: async (items) => {
      if (!armed) return real.place(items);
      armed = false;
      if (isMade) {
        put(b, 'f.txt', 'saved in that moment');
        await real.place(items);
      }
      return new Promise(() => undefined);
    },
  });
  const b = await stage.device('B', meddling(exchanging));
  await inStep(a, b);
  armed = true;
  put(a, 'f.txt', 'two');
  await inStep(a);
  await until('B exchanges', () => !armed);
  put(a, 'f.txt', 'three');
  await inStep(a);
  const { state } = b.engine;
  const node = state.nodeAt('f.txt');
  assert.ok(node);
  await until('B has heard of the next', () => state.remote.get(node)?.head?.number === 3);
  await pause(30);
  stage.crash(b);
  const again = await stage.restart(b, { environment: (env) => env });
  await inStep(a, again);
  assert.deepEqual(readdirSync(at(again, '.tidemark/staging')), []);
  assert.deepEqual(trashTexts(again), []);
  return { a, b: again };
}

test('a stop before the exchange, when the head has moved on: what never reached its path is taken for no save', async (t) => {
  const { a, b } = await killedWhileTheHeadMovedOn(t, false);
  await allHold([a, b], { 'f.txt': 'three' });
  assert.deepEqual(await versions(a, 'f.txt'), ['three', 'two', 'one']);
});

test('a stop after the exchange, when the head has moved on: the save that came out goes back, and is an edit', async (t) => {
  const { a, b } = await killedWhileTheHeadMovedOn(t, true);
  const held = tree(b);
  assert.deepEqual(tree(a), held);
  assert.equal(held['f.txt'], 'three');
  assert.deepEqual(Object.values(held).toSorted(), ['saved in that moment', 'three']);
});

const FAILING = { kind: 'failed', trouble: 'input-output', detail: 'EIO' } as const;

test('a save that can neither go back to its path nor into the trash waits in staging until it can', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  let ill = false;
  let exchanges = 0;
  const failing = (real: Disk): Partial<Disk> => ({
    place: (items) => {
      if (!ill) return real.place(items);
      exchanges += 1;
      if (exchanges > 1) return Promise.resolve(items.map(() => FAILING));
      put(b, 'f.txt', 'saved in that moment');
      return real.place(items);
    },
    stagedToTrash: (staged, name) => (ill ? Promise.resolve(FAILING) : real.stagedToTrash(staged, name)),
  });
  const b = await stage.device('B', meddling(failing));
  await inStep(a, b);
  ill = true;
  put(a, 'f.txt', 'two');
  await inStep(a);
  await until('it could not go back', () => exchanges > 1);
  await pause(300);
  ill = false;
  put(a, 'f.txt', 'three');
  await inStep(a, b);
  await until('staging is empty', () => readdirSync(at(b, '.tidemark/staging')).length === 0);
  const held = [...Object.values(tree(b)), ...trashTexts(b)];
  assert.ok(held.includes('saved in that moment'), held.join(', '));
  assert.ok(held.includes('three'), held.join(', '));
  assert.deepEqual(tree(a), tree(b));
});

test('an exchange that was made, and whose outcome could not be looked at: the save that came out is kept', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  let armed = false;
  const unseen = (real: Disk): Partial<Disk> => ({
    place: async (items) => {
      if (!armed) return real.place(items);
      armed = false;
      put(b, 'f.txt', 'saved in that moment');
      await real.place(items);
      return items.map(() => FAILING);
    },
  });
  const b = await stage.device('B', meddling(unseen));
  await inStep(a, b);
  armed = true;
  put(a, 'f.txt', 'two');
  await inStep(a);
  await until('it was exchanged', () => !armed);
  await until('the trouble is over', () => b.status().state === 'up-to-date');
  await until('staging is empty', () => readdirSync(at(b, '.tidemark/staging')).length === 0);
  await inStep(a, b);
  const held = [...Object.values(tree(b)), ...trashTexts(b)];
  assert.ok(held.includes('saved in that moment'), held.join(', '));
  assert.ok(held.includes('two'), held.join(', '));
  assert.deepEqual(tree(a), tree(b));
});

test('bytes that could not be flushed are fetched and written anew', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  let failed = 0;
  const left: number[] = [];
  const unflushed = (real: Disk): Partial<Disk> => ({
    flushStaged: async (names) => {
      if (failed > 0) {
        left.push(readdirSync(at(b, '.tidemark/staging')).length);
        return real.flushStaged(names);
      }
      failed += 1;
      return FAILING;
    },
    stage: async (files) => {
      if (failed > 0) assert.deepEqual(readdirSync(at(b, '.tidemark/staging')), []);
      return real.stage(files);
    },
  });
  const b = await stage.device('B', meddling(unflushed));
  await inStep(a, b);
  put(a, 'f.txt', 'one');
  await inStep(a);
  await until('it failed', () => failed > 0);
  await inStep(b);
  await allHold([a, b], { 'f.txt': 'one' });
  assert.deepEqual(left, [1]);
});

test('our own folder cannot be read at the start: it is said, nothing is touched, and it goes on by itself', async (t) => {
  const stage = await Stage.open(t);
  const first = await stage.device('B');
  put(first, 'f.txt', 'one');
  await inStep(first);
  let ill = true;
  const unreadable = (real: Disk): Partial<Disk> => ({
    listStaged: () => (ill ? Promise.reject(new ReservedUnreadable(FAILING)) : real.listStaged()),
  });
  const b = await stage.restart(first, meddling(unreadable));
  assert.equal(b.status().halted?.code, 'disk-error');
  ill = false;
  await until('it has begun', () => b.status().halted === null && b.engine.ready);
  await inStep(b);
  await allHold([b], { 'f.txt': 'one' });
});

test('a disk that does not erase the old version, twice: it goes when all is in step, without a new start', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  let refused = 0;
  const failing = (real: Disk): Partial<Disk> => ({
    eraseStaged: async (names) => {
      if (names.length > 0 && refused < 2) refused += 1;
      else await real.eraseStaged(names);
    },
  });
  const b = await stage.device('B', meddling(failing));
  await inStep(a, b);
  refused = 0;
  put(a, 'f.txt', 'two');
  await inStep(a, b);
  await allHold([a, b], { 'f.txt': 'two' });
  await until('nothing lies in staging', () => readdirSync(at(b, '.tidemark/staging')).length === 0);
  assert.equal(refused, 2);
});

test('an exchange that was not made, and newer versions came before that could be told: our copy is no save', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  let ill = false;
  let tried = 0;
  const failing = (real: Disk): Partial<Disk> => ({
    place: (items) => {
      if (!ill) return real.place(items);
      tried += 1;
      return Promise.resolve(items.map(() => FAILING));
    },
    listStaged: () => (ill ? Promise.reject(new ReservedUnreadable(FAILING)) : real.listStaged()),
  });
  const b = await stage.device('B', meddling(failing));
  await inStep(a, b);
  const node = b.engine.state.nodeAt('f.txt');
  assert.ok(node);
  ill = true;
  put(a, 'f.txt', 'two');
  await inStep(a);
  await until('it could not be placed', () => tried > 0);
  put(a, 'f.txt', 'three');
  await inStep(a);
  await until('B knows of the third', () => b.engine.state.remote.get(node)?.head?.number === 3);
  ill = false;
  await until('it is placed', () => b.engine.state.problems.count() === 0);
  await allHold([a, b], { 'f.txt': 'three' });
  assert.deepEqual(trashTexts(b), []);
  assert.equal((await versions(a, 'f.txt')).length, 3);
});
