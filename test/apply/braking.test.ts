/** What the delete brake holds, what it lets go by, and how a question answers itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putBack } from '../../src/engine/executor/put-back.ts';
import { FOLDER, type TreeSpec } from '../scenarios/tree.ts';
import { trashTexts } from '../simulation/checks/at-rest.ts';
import type { Machine } from '../simulation/machine.ts';
import { CALL, type Pair, pair, value } from './pair.ts';

const BRAKE = { brakeFiles: 10 } as const;
const COUNT = 12;

function files(folder: string, extension = '.doc'): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: COUNT }, (_, i) => [`${folder}/${i}${extension}`, `${folder} ${i}`]),
  );
}

async function batches(both: Pair, machine: Machine) {
  return value(await both.do(both.device(machine).control['review.list']({}, CALL))).batches;
}

/** Seen as one batch. */
async function atOnce(both: Pair, machine: Machine, work: () => Promise<void>): Promise<void> {
  await both.do(both.device(machine).command({ do: 'pause' }));
  await work();
  await both.run(5000);
  await both.do(both.device(machine).command({ do: 'resume' }));
}

test('of two rearrangements, the one with a held deletion waits, and the other is made', async (t) => {
  const start: TreeSpec = { ...files('d'), 'd/f.txt': 'f', 'x.txt': 'x', 'y.txt': 'y' };
  const both = await pair(t, start, BRAKE);
  const { a, b } = both;
  await atOnce(both, a, async () => {
    await both.act(a, { do: 'move', from: 'd/f.txt', to: 'f' }, { do: 'remove-all', path: 'd' });
    await both.act(a, { do: 'move', from: 'f', to: 'd' }, { do: 'swap', a: 'x.txt', b: 'y.txt' });
  });
  await both.world.settle();
  const [batch] = await batches(both, a);
  assert.equal(batch?.files, COUNT);
  assert.equal(batch.direction, 'sending');
  // Its name is taken by a folder whose deletion is asked about.
  both.shows(b, { ...files('d'), 'd (conflict - A*': 'f', 'x.txt': 'y', 'y.txt': 'x' });
  await both.do(both.device(a).command({ do: 'review', decision: 'approve' }));
  await both.agree({ 'd (conflict - A*': 'f', 'x.txt': 'y', 'y.txt': 'x' });
  assert.equal(trashTexts(b).length, COUNT);
});

test('what leaves this disk by choice is no deletion: nothing is asked, and all of it comes back', async (t) => {
  const start: TreeSpec = { ...files('d'), 'd/in/deep.txt': 'deep', 'keep.txt': 'kept' };
  const both = await pair(t, start, BRAKE);
  const { a, b } = both;
  value(await both.do(both.device(b).control['folders.remove']({ path: 'd', dryRun: false }, CALL)));
  await both.world.settle();
  both.shows(b, { 'keep.txt': 'kept' });
  both.shows(a, start);
  assert.deepEqual(await batches(both, b), []);
  value(await both.do(both.device(b).control['folders.bring']({ path: 'd' }, CALL)));
  await both.agree(start);
});

test('a folder that leaves by choice and still holds what a rule leaves out stays with that alone', async (t) => {
  const start: TreeSpec = { ...files('d'), '.tidemarkignore': '*.log\n' };
  const both = await pair(t, start, BRAKE);
  const { a, b } = both;
  await both.act(b, { do: 'write', path: 'd/x.log', text: 'log' });
  await both.world.settle();
  value(await both.do(both.device(b).control['folders.remove']({ path: 'd', dryRun: false }, CALL)));
  await both.world.settle();
  both.shows(b, { 'd/x.log': 'log', '.tidemarkignore': '*.log\n' });
  both.shows(a, start);
});

test('deletions of others that are held are let go when the files live there again', async (t) => {
  const start: TreeSpec = { ...files('d'), 'keep.txt': 'kept' };
  const both = await pair(t, start, { brakeFiles: null }, BRAKE);
  const { a, b } = both;
  await both.act(a, { do: 'remove-all', path: 'd' });
  await both.world.settle();
  const [batch] = await batches(both, b);
  assert.deepEqual([batch?.direction, batch?.files], ['receiving', COUNT]);
  both.shows(b, start);
  await both.do(both.device(a).command({ do: 'undelete', path: 'd' }));
  await both.agree(start);
  assert.deepEqual(await batches(both, b), []);
});

test('deletions here that are held are let go when the files are put back', async (t) => {
  const start: TreeSpec = { ...files('d'), 'keep.txt': 'kept' };
  const both = await pair(t, start, BRAKE);
  const { a } = both;
  await atOnce(both, a, () => both.act(a, { do: 'remove-all', path: 'd' }));
  await both.world.settle();
  assert.equal((await batches(both, a))[0]?.files, COUNT);
  for (const [path, text] of Object.entries(files('d'))) {
    await both.act(a, { do: 'mkdir', path: 'd' }, { do: 'write', path, text });
  }
  await both.agree(start);
  assert.deepEqual(await batches(both, a), []);
});

test('files that the server forgot are held, and the question is over for those that go or are known again', async (t) => {
  const start: TreeSpec = { 'one.txt': 'one', 'two.txt': 'two', 'keep.txt': 'kept' };
  const both = await pair(t, start);
  const { a, b } = both;
  const state = both.state(b);
  // As the new tree of a device whose cursor had expired shows it: neither there nor among what was deleted.
  for (const path of ['one.txt', 'two.txt']) {
    const node = both.nodeAt(b, path);
    state.db.prepare('DELETE FROM remote WHERE node = ?').run(node);
    state.forgetRows();
    state.frontier.add(node);
  }
  await both.run(1000);
  const [held] = await batches(both, b);
  assert.deepEqual(held?.paths.toSorted(), ['one.txt', 'two.txt']);
  both.shows(b, start);
  await both.act(b, { do: 'remove', path: 'one.txt' });
  await both.run(2000);
  assert.deepEqual((await batches(both, b))[0]?.paths, ['two.txt'], 'what is gone is not asked about');
  await both.act(a, { do: 'write', path: 'two.txt', text: 'two and more' });
  await both.run(2000);
  assert.deepEqual(await batches(both, b), [], 'what is known again is not asked about');
  both.shows(a, { ...start, 'two.txt': 'two and more' });
});

function locked(both: Pair, machine: Machine): Promise<void> {
  return atOnce(both, machine, async () => {
    for (const [path, text] of Object.entries(files('d'))) {
      await both.act(machine, { do: 'write', path, text: `noise of ${text}` });
      await both.act(machine, { do: 'move', from: path, to: `${path}.locked` });
    }
  });
}

test('a rejected overwriting: what the disk does not let go stays beside the version that comes back', async (t) => {
  const both = await pair(t, files('d'), BRAKE);
  const { a } = both;
  await locked(both, a);
  await both.world.settle();
  assert.equal((await batches(both, a))[0]?.files, COUNT);
  both.once(a, 'trash', 'd/3.doc.locked', () => 'busy');
  await both.do(both.device(a).command({ do: 'review', decision: 'reject' }));
  await both.agree({ ...files('d'), 'd/3*.locked': 'noise of d 3' });
  assert.equal(trashTexts(a).filter((text) => text.startsWith('noise')).length, COUNT - 1);
});

test('a rejected overwriting: what is a folder by then is left alone', async (t) => {
  const both = await pair(t, files('d'), BRAKE);
  const { a } = both;
  await locked(both, a);
  await both.world.settle();
  const node = both.nodeAt(a, 'd/3.doc.locked');
  await both.act(a, { do: 'remove', path: 'd/3.doc.locked' }, { do: 'mkdir', path: 'd/3.doc.locked' });
  both.hold(
    a,
    'readControl',
    () => both.state(a).pathOf(node) === null,
    () => both.device(a).command({ do: 'review', decision: 'reject' }),
  );
  const { 'd/3.doc': _, ...others } = files('d');
  await both.agree({ ...others, 'd/3.doc.locked': FOLDER });
});

test('putting back touches files alone: what is a folder, or gone, by then stays as it is', async (t) => {
  const start: TreeSpec = { 'd/f.txt': 'one', 'g.txt': 'two' };
  const both = await pair(t, start);
  const { a } = both;
  const [folder, file] = [both.nodeAt(a, 'd'), both.nodeAt(a, 'g.txt')];
  both.once(a, 'trash', 'g.txt', () => 'gone');
  await both.do(putBack(both.device(a).engine.context, [folder, file]));
  await both.do(both.device(a).command({ do: 'rescan' }));
  await both.agree(start);
  assert.deepEqual(trashTexts(a), []);
});
