/** What is missing, moved, hidden or strange on a disk, seen at exactly the wrong moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { FOLDER } from '../scenarios/tree.ts';
import { CALL, type Pair, pair, value } from './pair.ts';

const any = (): boolean => true;
const names =
  (part: string) =>
  (argument: unknown): boolean =>
    JSON.stringify(argument).includes(part);

test('an engine that stops while something is missing says it at the next start', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await both.run(60);
  await a.stop();
  both.shows(both.b, { 'f.txt': 'one', 'keep.txt': 'kept' });
  a.start();
  await both.agree({ 'keep.txt': 'kept' });
});

test('an engine that stops while it decides what is missing decides nothing more', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'g.txt': 'two', 'keep.txt': 'kept' });
  const { a } = both;
  const { scanner } = both.device(a).engine;
  await both.act(a, { do: 'remove', path: 'f.txt' });
  let stopping: Promise<void> | null = null;
  both.hold(a, 'readControl', any, async () => {
    assert.ok(scanner.isBusyWith(scanner.mark), 'what is being decided is not decided');
    await a.act({ do: 'remove', path: 'g.txt' });
    await both.until('the second is missed', () => scanner.mark === 2);
    stopping = both.device(a).engine.stop();
  });
  await both.reach('it stops', () => stopping !== null);
  await both.run(2000);
  both.shows(both.b, { 'f.txt': 'one', 'g.txt': 'two', 'keep.txt': 'kept' });
  a.kill();
  a.start();
  await both.agree({ 'keep.txt': 'kept' });
});

test('what is missing below a folder that cannot be read any more is not gone', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'd/g.txt': 'two', 'keep.txt': 'kept' });
  const { a } = both;
  const folder = both.nodeAt(a, 'd');
  both.hold(a, 'readControl', any, async () => {
    await a.act({ do: 'permit', path: 'd', read: false });
    both.device(a).engine.scanner.listFolder(folder);
    await both.until('the folder is unseen', () => both.state(a).local.get(folder)?.condition === 'unseen');
  });
  await both.act(a, { do: 'remove', path: 'd/f.txt' });
  await both.run(3000);
  both.shows(both.b, { 'd/f.txt': 'one', 'd/g.txt': 'two', 'keep.txt': 'kept' });
  await both.act(a, { do: 'permit', path: 'd', read: true });
  await both.agree({ 'd/g.txt': 'two', 'keep.txt': 'kept' });
});

for (const then of ['is deleted', 'becomes a folder'] as const)
  test(`a file that ${then} while we are at work on it is looked at again`, async (t) => {
    const both = await pair(t, { 'f.txt': 'one', 'keep.txt': 'kept' });
    const { b } = both;
    const node = both.nodeAt(b, 'f.txt');
    const { operations } = both.device(b).engine.context;
    both.hold(b, 'readControl', any, async () => {
      operations.touch([node]);
      operations.letGo([node]);
    });
    await both.act(b, { do: 'remove', path: 'f.txt' });
    if (then === 'becomes a folder') await both.act(b, { do: 'mkdir', path: 'f.txt' });
    await both.agree(
      then === 'is deleted' ? { 'keep.txt': 'kept' } : { 'f.txt': FOLDER, 'keep.txt': 'kept' },
    );
  });

test('a folder that a rule leaves out comes back with all that is in it when the rule goes', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a, b } = both;
  await both.act(b, { do: 'write', path: '.tidemarkignore.local', text: 'd/\n' });
  await both.world.settle();
  await both.act(a, { do: 'write', path: 'd/f.txt', text: 'two' });
  await both.world.settle();
  both.shows(b, { 'd/f.txt': 'one', 'keep.txt': 'kept', '.tidemarkignore.local': 'd/\n' });
  await both.act(b, { do: 'remove', path: '.tidemarkignore.local' });
  await both.agree({ 'd/f.txt': 'two', 'keep.txt': 'kept' });
});

test('a folder that takes the inode of a deleted file is no file, on a disk without birth times', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'keep.txt': 'kept' }, { volume: { birthTimes: false } });
  const { a } = both;
  const { ino } = a.volume.find('f.txt');
  await both.act(a, { do: 'remove', path: 'f.txt' }, { do: 'mkdir', path: 'd' });
  assert.equal(a.volume.find('d').ino, ino);
  await both.agree({ d: FOLDER, 'keep.txt': 'kept' });
});

test('a file whose folder turned into a file is gone, though nobody told of the folder', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  const { scanner } = both.device(a).engine;
  const folder = both.nodeAt(a, 'd');
  a.watchFaults.drop = 1;
  await both.act(a, { do: 'remove-all', path: 'd' }, { do: 'write', path: 'd', text: 'a file now' });
  scanner.lookAt(folder, 'f.txt');
  await both.run(2000);
  assert.equal(both.state(a).local.children(folder).length, 0);
  assert.equal(both.state(a).local.get(folder)?.kind, 'folder', 'nobody looked at the folder');
  a.watchFaults.drop = 0;
  await both.do(both.device(a).command({ do: 'rescan' }));
  await both.agree({ d: 'a file now', 'keep.txt': 'kept' });
});

test('what was deleted while a rule left it out comes down when the rule goes', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  await both.act(a, { do: 'write', path: '.tidemarkignore.local', text: 'd/' });
  await both.world.settle();
  await both.act(a, { do: 'remove-all', path: 'd' });
  await both.world.settle();
  both.shows(both.b, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  await both.act(a, { do: 'remove', path: '.tidemarkignore.local' });
  await both.agree({ 'd/f.txt': 'one', 'keep.txt': 'kept' });
});

for (const birthTimes of [true, false])
  test(`a file that shows up while its old folder cannot be read is ${birthTimes ? 'the same' : 'another'} file (birth times: ${birthTimes})`, async (t) => {
    const both = await pair(t, { 'd/f.txt': 'one', 'e/keep.txt': 'kept' }, { volume: { birthTimes } });
    const { a } = both;
    const node = both.nodeAt(a, 'd/f.txt');
    a.watchFaults.drop = 1;
    await both.act(
      a,
      { do: 'move', from: 'd/f.txt', to: 'e/g.txt' },
      { do: 'permit', path: 'd', read: false },
    );
    both.device(a).engine.scanner.lookAt(both.nodeAt(a, 'e'), 'g.txt');
    await both.run(3000);
    assert.equal(both.nodeAt(a, 'e/g.txt') === node, birthTimes);
    await both.act(a, { do: 'permit', path: 'd', read: true });
    a.watchFaults.drop = 0;
    await both.do(both.device(a).command({ do: 'rescan' }));
    await both.agree({ d: FOLDER, 'e/g.txt': 'one', 'e/keep.txt': 'kept' });
  });

test('a second name of a file (a hard link in effect: both names show it) moves nothing', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  const stamp = a.volume.stamp(a.volume.find('f.txt'));
  both.hold(a, 'lookMany', names('g.txt'), async () => [{ kind: 'found', stamp }], true);
  await both.act(a, { do: 'write', path: 'g.txt', text: 'two' });
  await both.agree({ 'f.txt': 'one', 'g.txt': 'two', 'keep.txt': 'kept' });
});

test('a folder that is gone while something in it is looked at holds nothing', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  const folder = both.nodeAt(a, 'd');
  both.hold(
    a,
    'lookMany',
    names('d/new.txt'),
    async () => {
      await a.act({ do: 'remove-all', path: 'd' });
      both.state(a).transaction(() => both.state(a).local.remove(folder));
    },
    true,
  );
  await both.act(a, { do: 'write', path: 'd/new.txt', text: 'new' });
  await both.agree({ 'keep.txt': 'kept' });
});

test('a folder that is bound to the one there while it is looked at keeps what was seen in it', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  a.network.goOffline();
  b.network.goOffline();
  await both.act(a, { do: 'mkdir', path: 'd' }, { do: 'write', path: 'd/a.txt', text: 'of A' });
  await both.act(b, { do: 'mkdir', path: 'd' });
  await both.run(2000);
  a.network.goOnline();
  await both.world.settle([a]);
  const mine = both.nodeAt(b, 'd');
  both.hold(
    b,
    'lookMany',
    names('d/b.txt'),
    async () => {
      b.network.goOnline();
      await both.until('B has taken the folder there', () => both.state(b).nodeAt('d') !== mine);
    },
    true,
  );
  await both.act(b, { do: 'write', path: 'd/b.txt', text: 'of B' });
  await both.agree({ 'd/a.txt': 'of A', 'd/b.txt': 'of B', 'keep.txt': 'kept' });
});

test('an editor that writes its file anew beside the old one keeps the node, whichever is seen first', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a } = both;
  const node = both.nodeAt(a, 'f.txt');
  a.watchFaults.drop = 1;
  await both.act(a, { do: 'save-aside', path: 'f.txt', text: 'two', keep: true });
  both.device(a).engine.scanner.hint([{ kind: 'look', folder: '', child: 'f.txt~' }]);
  await both.agree({ 'f.txt': 'two', 'f.txt~': 'one' });
  assert.equal(both.nodeAt(a, 'f.txt'), node, 'the name kept its node');
});

test('a synced file that is renamed to what a rule leaves out is not deleted anywhere', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', '.tidemarkignore': '*.bak\n' });
  const { a, b } = both;
  await both.act(a, { do: 'move', from: 'f.txt', to: 'f.bak' });
  await both.world.settle();
  both.shows(b, { 'f.txt': 'one', '.tidemarkignore': '*.bak\n' });
  await both.act(a, { do: 'move', from: 'f.bak', to: 'f.txt' });
  await both.agree({ 'f.txt': 'one', '.tidemarkignore': '*.bak\n' });
});

test('a new file that a rule leaves out before anybody agreed on it becomes no node', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  a.network.goOffline();
  await both.act(a, { do: 'write', path: 'x.log', text: 'log' });
  await both.run(2000);
  assert.ok(both.state(a).nodeAt('x.log'));
  await both.act(a, { do: 'write', path: '.tidemarkignore.local', text: '*.log\n' });
  await both.run(2000);
  assert.equal(both.state(a).nodeAt('x.log'), null);
  a.network.goOnline();
  await both.world.settle();
  both.shows(b, { 'keep.txt': 'kept' });
});

test('a folder that could not be read is listed when it can be, by a look at its name', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  await both.act(a, { do: 'permit', path: 'd', read: false });
  await both.do(both.device(a).command({ do: 'rescan' }));
  await both.run(2000);
  assert.deepEqual(await both.problems(a), ['no-access d']);
  await both.act(a, { do: 'permit', path: 'd', read: true }, { do: 'write', path: 'd/g.txt', text: 'two' });
  await both.agree({ 'd/f.txt': 'one', 'd/g.txt': 'two', 'keep.txt': 'kept' });
  assert.deepEqual(await both.problems(a), []);
});

test('a left-over folder that is made anew stays none of ours', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', '.tidemarkignore': '*.log\n', 'keep.txt': 'kept' });
  const { a, b } = both;
  await both.act(b, { do: 'write', path: 'd/x.log', text: 'log' });
  await both.world.settle();
  await both.act(a, { do: 'remove-all', path: 'd' });
  await both.world.settle();
  assert.equal(both.state(b).local.get(both.nodeAt(b, 'd'))?.condition, 'leftover');
  await both.do(both.device(b).command({ do: 'rescan' }));
  await both.run(2000);
  assert.equal(both.state(b).local.get(both.nodeAt(b, 'd'))?.condition, 'leftover');
  await both.act(b, { do: 'move', from: 'd', to: 'd.old.log' }, { do: 'mkdir', path: 'd' });
  await both.world.settle();
  both.shows(a, { '.tidemarkignore': '*.log\n', 'keep.txt': 'kept' });
});

test('strangers of an earlier life are told until their names show something ordinary', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a } = both;
  a.volume.create(a.volume.root, 'pipe', { kind: 'other' });
  a.volume.create(a.volume.root, 'not \ud800 text', { kind: 'file', bytes: new Uint8Array(1) });
  await both.run(2000);
  const told = ['name-not-text the folder', 'not-a-file pipe'];
  assert.deepEqual(await both.problems(a), told);
  await a.stop();
  a.start();
  await both.world.settle();
  assert.deepEqual(await both.problems(a), told);
  await a.stop();
  a.volume.remove(a.volume.find('pipe'));
  a.volume.remove(a.volume.find('not \ud800 text'));
  a.start();
  await both.agree({ 'keep.txt': 'kept' });
  assert.deepEqual(await both.problems(a), []);
  assert.equal(value(await both.do(both.device(a).control.status({}, CALL))).state, 'up-to-date');
});

test('what replaces a synced file while a rule leaves it out is its edit when the rule goes', async (t) => {
  const both = await pair(t, { 'x.log': 'one', 'keep.txt': 'kept' });
  const { b } = both;
  await both.act(b, { do: 'write', path: '.tidemarkignore.local', text: '*.log\n' });
  await both.world.settle();
  await both.act(b, { do: 'save', path: 'x.log', text: 'two' });
  await both.world.settle();
  both.shows(both.a, { 'x.log': 'one', 'keep.txt': 'kept' });
  await both.act(b, { do: 'remove', path: '.tidemarkignore.local' });
  await both.agree({ 'x.log': 'two', 'keep.txt': 'kept' });
});

/** Offline and deaf: `f.txt` was renamed, and only its old name was told. */
async function halfRenamed(both: Pair): Promise<NodeId> {
  const { a } = both;
  const node = both.nodeAt(a, 'f.txt');
  a.network.goOffline();
  a.watchFaults.drop = 1;
  await both.act(a, { do: 'move', from: 'f.txt', to: 'g.txt' });
  both.device(a).engine.scanner.lookAt(ROOT_NODE, 'f.txt');
  await both.reach('it is believed gone', () => both.state(a).local.get(node) === null);
  return node;
}

for (const restarted of [false, true])
  test(`half a rename that nobody told of keeps its node and history${restarted ? ', also over a restart' : ''}`, async (t) => {
    const both = await pair(t, { 'f.txt': 'one', 'd/keep.txt': 'kept' });
    const { a, b } = both;
    await both.act(a, { do: 'write', path: 'f.txt', text: 'two' });
    await both.world.settle();
    // Something new, so that what is missing later is noted as it goes.
    await both.act(a, { do: 'write', path: 'n.txt', text: 'new' });
    await both.world.settle();
    const node = await halfRenamed(both);
    a.watchFaults.drop = 0;
    if (restarted) {
      a.kill();
      a.start();
    } else await both.do(both.device(a).command({ do: 'rescan' }));
    a.network.goOnline();
    await both.agree({ 'g.txt': 'two', 'n.txt': 'new', 'd/keep.txt': 'kept' });
    assert.equal(both.nodeAt(a, 'g.txt'), node);
    assert.equal(both.nodeAt(b, 'g.txt'), node);
    assert.equal(both.world.auditor.fold.versionsOf(node).length, 2, 'the history goes on');
  });

for (const birthTimes of [true, false])
  test(`a new file with the inode of a missing one is another file (birth times: ${birthTimes})`, async (t) => {
    const both = await pair(t, { 'f.txt': 'one' }, { volume: { birthTimes } });
    const { a, b } = both;
    const node = both.nodeAt(a, 'f.txt');
    const { ino } = a.volume.find('f.txt');
    a.network.goOffline();
    await both.act(a, { do: 'remove', path: 'f.txt' });
    await both.reach('it is believed gone', () => both.state(a).local.get(node) === null);
    await both.act(a, { do: 'write', path: 'g.txt', text: 'one' });
    assert.equal(a.volume.find('g.txt').ino, ino);
    a.network.goOnline();
    await both.agree({ 'g.txt': 'one' });
    assert.notEqual(both.nodeAt(b, 'g.txt'), node);
  });
