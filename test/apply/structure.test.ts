/** Renames, folders and removals on disk, with something happening in between their steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDisplaced } from '../../src/engine/state/local-tree.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { FOLDER } from '../scenarios/tree.ts';
import { type Pair, pair } from './pair.ts';

const names = (argument: unknown, part: string): boolean => JSON.stringify(argument).includes(part);

test('a stop between two removals: the folder that was not reached stands, and goes at the next start', async (t) => {
  const both = await pair(t, { 'x.txt': 'x', e: FOLDER, 'keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'remove', path: 'x.txt' }, { do: 'remove', path: 'e' });
  await both.world.settle([a]);
  both.once(b, 'trash', 'x.txt', () => void both.device(b).engine.stop());
  b.network.goOnline();
  await both.run(5000);
  both.shows(b, { e: FOLDER, 'keep.txt': 'kept' });
  b.kill();
  b.start();
  await both.agree({ 'keep.txt': 'kept' });
});

test('a stop between two new folders: the second comes with the next start', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'mkdir', path: 'x' }, { do: 'mkdir', path: 'y' });
  await both.world.settle([a]);
  both.once(b, 'make', /^[xy]$/, () => void both.device(b).engine.stop());
  b.network.goOnline();
  await both.run(5000);
  assert.equal([...b.volume.root.children.keys()].filter((name) => /^[xy]$/.test(name)).length, 1);
  b.kill();
  b.start();
  await both.agree({ x: FOLDER, y: FOLDER, 'keep.txt': 'kept' });
});

test('a folder that is deleted there while others are made here is not made', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'mkdir', path: 'x' }, { do: 'mkdir', path: 'y' });
  await both.world.settle([a]);
  const y = both.nodeAt(a, 'y');
  const x = both.nodeAt(a, 'x');
  both.hold(
    b,
    'makeFolders',
    (paths) => names(paths, 'x') || names(paths, 'y'),
    async () => {
      const first = both.state(b).remote.get(x)?.live === true ? [x, y] : [];
      assert.equal(first.length, 2);
      await a.act({ do: 'remove', path: 'x' });
      await a.act({ do: 'remove', path: 'y' });
      await both.until('B has heard of it', () => both.hasDied(b, x) && both.hasDied(b, y));
    },
  );
  b.network.goOnline();
  await both.agree({ 'keep.txt': 'kept' });
  const made = [x, y].flatMap((node) =>
    both
      .state(b)
      .ledger.recent(100)
      .filter((row) => row.node === node && row.verb === 'folder made'),
  );
  assert.equal(made.length, 1, 'only the first was under way');
});

test('a rename of what is deleted there meanwhile is not made, and the file goes', async (t) => {
  const both = await pair(t, { 'one.txt': 'one', 'two.txt': 'two' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(
    a,
    { do: 'move', from: 'one.txt', to: '1.txt' },
    { do: 'move', from: 'two.txt', to: '2.txt' },
  );
  await both.world.settle([a]);
  const nodes = [both.nodeAt(a, '1.txt'), both.nodeAt(a, '2.txt')];
  both.hold(
    b,
    'move',
    () => true,
    async () => {
      await a.act({ do: 'remove', path: '1.txt' });
      await a.act({ do: 'remove', path: '2.txt' });
      await both.until('B has heard of it', () => nodes.every((node) => both.hasDied(b, node)));
    },
  );
  b.network.goOnline();
  await both.agree({});
  const moved = both
    .state(b)
    .ledger.recent(100)
    .filter((row) => row.verb === 'moved here');
  assert.equal(moved.length, 1, 'only the first was under way');
});

test('a new folder is not made where the root was taken away, and comes with the root', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  await both.act(a, { do: 'mkdir', path: 'new' });
  both.once(b, 'control', /root/, () => b.volume.unmountRoot());
  await both.run(10_000);
  both.shows(b, {});
  b.volume.mountRoot();
  both.shows(b, { 'keep.txt': 'kept' });
  b.kill();
  b.start();
  await both.agree({ 'keep.txt': 'kept', new: FOLDER });
});

test('nothing is removed where the root was taken away', async (t) => {
  const both = await pair(t, { 'gone.txt': 'gone', e: FOLDER, 'keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'remove', path: 'gone.txt' }, { do: 'remove', path: 'e' });
  await both.world.settle([a]);
  both.hold(
    b,
    'readControl',
    () => true,
    async () => b.volume.unmountRoot(),
  );
  b.network.goOnline();
  await both.run(10_000);
  b.volume.mountRoot();
  both.shows(b, { 'gone.txt': 'gone', e: FOLDER, 'keep.txt': 'kept' });
  b.kill();
  b.start();
  await both.agree({ 'keep.txt': 'kept' });
});

test('a folder that cannot be made is told as a problem, and made when it can be', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  const heal = both.fail(b, 'make', 'new', 'denied');
  await both.act(a, { do: 'mkdir', path: 'new' });
  await both.run(5000);
  assert.deepEqual(await both.problems(b), ['no-access new']);
  both.shows(b, { 'keep.txt': 'kept' });
  heal();
  await both.agree({ 'keep.txt': 'kept', new: FOLDER });
  assert.deepEqual(await both.problems(b), []);
});

test('what would be made on another disk is not ours: it is told, and made anew when that disk is gone', async (t) => {
  const both = await pair(t, { 'd/keep.txt': 'kept' });
  const { a, b } = both;
  both.once(b, 'make', 'd/new', () => b.volume.mountOver('d'));
  await both.act(a, { do: 'mkdir', path: 'd/new' });
  await both.run(5000);
  assert.ok((await both.problems(b)).some((each) => each.startsWith('other-mount d')));
  assert.equal(both.state(b).nodeAt('d/new'), null, 'it is not taken for the folder there');
  b.volume.unmountOver('d');
  both.shows(b, { 'd/keep.txt': 'kept' });
  await both.do(both.device(b).command({ do: 'rescan' }));
  await both.agree({ 'd/keep.txt': 'kept', 'd/new': FOLDER });
});

test('a save between the decision and the rename moves along, and is an edit', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'move', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and two' }));
  await both.act(a, { do: 'move', from: 'f.txt', to: 'g.txt' });
  await both.agree({ 'g.txt': 'one and two' });
});

test('a file that was touched before it is renamed from there keeps what was agreed on', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'p.txt': 'p' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'move', from: 'f.txt', to: 'g.txt' });
  await both.world.settle([a]);
  b.network.goOnline();
  both.hold(
    b,
    'move',
    () => true,
    async () => undefined,
  );
  await both.act(b, { do: 'touch', path: 'f.txt', at: 1_000_000_000 });
  await both.agree({ 'g.txt': 'one', 'p.txt': 'p' });
});

test('a save while its file goes into the trash is put back, and wins over the deletion', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'trash', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and two' }));
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await both.agree({ 'f.txt': 'one and two' });
});

test('a save that cannot be put back stays in the trash, where it is listed', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'trash', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and two' }));
  both.once(b, 'restore', 'f.txt', () => void b.act({ do: 'write', path: 'f.txt', text: 'n' }));
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await both.agree({ 'f.txt': 'n' });
  const kept = both
    .state(b)
    .trash.list()
    .filter((row) => row.why === 'edited while it was being removed');
  assert.deepEqual(
    kept.map((row) => row.path),
    ['f.txt'],
  );
});

test('a file that is gone when it was to go into the trash is gone on both sides', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'keep.txt': 'kept' });
  const { a, b } = both;
  both.once(b, 'trash', 'f.txt', () => void b.act({ do: 'remove', path: 'f.txt' }));
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await both.agree({ 'keep.txt': 'kept' });
});

test('a file that may not leave its folder stays, is told, and goes when it may', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'keep.txt': 'kept' });
  const { a, b } = both;
  const heal = both.fail(b, 'trash', 'f.txt', 'denied');
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await both.run(5000);
  both.shows(b, { 'f.txt': 'one', 'keep.txt': 'kept' });
  assert.deepEqual(await both.problems(b), ['no-access f.txt']);
  heal();
  await both.agree({ 'keep.txt': 'kept' });
});

test('an empty folder that may not be removed stays until it may', async (t) => {
  const both = await pair(t, { e: FOLDER, 'keep.txt': 'kept' });
  const { a, b } = both;
  const heal = both.fail(b, 'remove', 'e', 'denied');
  await both.act(a, { do: 'remove', path: 'e' });
  await both.run(3000);
  both.shows(b, { e: FOLDER, 'keep.txt': 'kept' });
  heal();
  await both.agree({ 'keep.txt': 'kept' });
});

test('what is put into a folder just before it is removed keeps the folder, for everybody', async (t) => {
  const both = await pair(t, { e: FOLDER, 'keep.txt': 'kept' });
  const { a, b } = both;
  both.once(b, 'remove', 'e', () => void b.act({ do: 'link', path: 'e/l', target: 'nowhere' }));
  await both.act(a, { do: 'remove', path: 'e' });
  await both.agree({ 'e/l': { link: 'nowhere' }, 'keep.txt': 'kept' });
});

test('a node that cannot step aside is left where it is, and the swap is made later', async (t) => {
  const both = await pair(t, { 'x.txt': 'x', 'y.txt': 'y' });
  const { a, b } = both;
  both.once(b, 'park', /\.txt$/, () => 'busy');
  await both.act(a, { do: 'swap', a: 'x.txt', b: 'y.txt' });
  await both.agree({ 'x.txt': 'y', 'y.txt': 'x' });
});

/**
 * In the middle of the next such call `d` is renamed, a file takes its name, and that is seen first: what was in it stands
 * nowhere for a moment.
 */
function loseFolder(both: Pair, call: 'move' | 'park' | 'readControl', path: string): void {
  const { b } = both;
  const node = both.nodeAt(b, path);
  const { scanner } = both.device(b).engine;
  both.hold(
    b,
    call,
    () => true,
    async () => {
      b.watchFaults.drop = 1;
      await b.act({ do: 'move', from: 'd', to: 'aside' });
      await b.act({ do: 'write', path: 'd', text: 'a file' });
      scanner.lookAt(ROOT_NODE, 'd');
      await both.until('it stands nowhere', () => both.state(b).pathOf(node) === null);
      b.watchFaults.drop = 0;
    },
  );
}

/** Now the other half of it is told. */
async function findFolder(both: Pair): Promise<void> {
  const { scanner } = both.device(both.b).engine;
  await both.reach('the folder has lost its name', () =>
    both
      .state(both.b)
      .local.children(ROOT_NODE)
      .some(({ name }) => isDisplaced(name)),
  );
  await both.run(5);
  scanner.lookAt(ROOT_NODE, 'aside');
}

test('a rename out of a folder that lost its name meanwhile is made when the folder is found', async (t) => {
  const both = await pair(t, { 'a.txt': 'a', 'd/f.txt': 'f', 'd/g.txt': 'g', 'z.txt': 'z' });
  const { a, b } = both;
  b.network.goOffline();
  for (const [from, to] of [
    ['a.txt', 'a2'],
    ['d/f.txt', 'f2'],
    ['d/g.txt', 'g2'],
    ['z.txt', 'z2'],
  ] as const)
    await both.act(a, { do: 'move', from, to });
  await both.world.settle([a]);
  loseFolder(both, 'move', 'd/f.txt');
  b.network.goOnline();
  await findFolder(both);
  await both.agree({ a2: 'a', f2: 'f', g2: 'g', z2: 'z', d: 'a file', aside: FOLDER });
});

test('a deletion in a folder that lost its name meanwhile is made when the folder is found', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'f', 'd/e': FOLDER, 'keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'remove', path: 'd/f.txt' }, { do: 'remove', path: 'd/e' });
  await both.world.settle([a]);
  loseFolder(both, 'readControl', 'd/f.txt');
  b.network.goOnline();
  await findFolder(both);
  await both.agree({ 'keep.txt': 'kept', d: 'a file', aside: FOLDER });
});

test('a knot in a folder that lost its name meanwhile is untied when the folder is found', async (t) => {
  const both = await pair(t, { 'a.txt': 'a', 'd/x.txt': 'x', 'd/y.txt': 'y' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'move', from: 'a.txt', to: 'a2' }, { do: 'swap', a: 'd/x.txt', b: 'd/y.txt' });
  await both.world.settle([a]);
  loseFolder(both, 'move', 'd/x.txt');
  b.network.goOnline();
  await findFolder(both);
  await both.agree({ a2: 'a', 'aside/x.txt': 'y', 'aside/y.txt': 'x', d: 'a file' });
});

test('a pipe at the new name of a file is told, and the rename is made when it is gone', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  b.volume.create(b.volume.root, 'g.txt', { kind: 'other' });
  await both.act(a, { do: 'move', from: 'f.txt', to: 'g.txt' });
  await both.run(20_000);
  assert.ok((await both.problems(b)).includes('in-the-way g.txt'));
  both.shows(a, { 'g.txt': 'one' });
  b.volume.remove(b.volume.find('g.txt'));
  await both.agree({ 'g.txt': 'one' });
  assert.deepEqual(await both.problems(b), []);
});

test('what was parked and is gone from there is fetched again', async (t) => {
  const both = await pair(t, { 'x.txt': 'x', 'y.txt': 'y' });
  const { a, b } = both;
  both.once(b, 'unpark', /\.txt$/, () => {
    for (const node of b.volume.find('.tidemark/parked').children.values()) b.volume.remove(node);
  });
  await both.act(a, { do: 'swap', a: 'x.txt', b: 'y.txt' });
  await both.world.settle();
  both.shows(a, { 'x.txt': 'y', 'y.txt': 'x' });
});

test('a failure that nobody thought of is logged, and the batch is tried again', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.hold(
    b,
    'move',
    () => true,
    () => Promise.reject(new Error('not thought of')),
  );
  await both.act(a, { do: 'move', from: 'f.txt', to: 'g.txt' });
  await both.run(5000);
  assert.match(b.faults.splice(0).join(), /a disk batch failed unexpectedly.*not thought of/);
  await both.agree({ 'g.txt': 'one' });
});

test('what was parked while its folder was renamed here is put down, and goes where it belongs', async (t) => {
  const both = await pair(t, { 'd/x.txt': 'x', 'd/y.txt': 'y' });
  const { a, b } = both;
  both.once(b, 'unpark', /^d\//, () => void b.act({ do: 'move', from: 'd', to: 'aside' }));
  await both.act(a, { do: 'swap', a: 'd/x.txt', b: 'd/y.txt' });
  await both.agree({ 'aside/x.txt': 'y', 'aside/y.txt': 'x' });
});
