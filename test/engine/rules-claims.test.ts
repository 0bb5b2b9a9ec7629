/** RULES 1–9 on real folders: claims, finalize, fork. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, unlinkSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import {
  allHold,
  apart,
  at,
  conflictsOf,
  faults,
  has,
  inStep,
  pause,
  put,
  serverTree,
  snapshot,
  synced,
  text,
  together,
  tree,
  until,
  versions,
} from './stage.ts';

test('RULES 1: an edit on an old head is sent once, becomes one copy for everybody, and no loop follows', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  apart(a);
  put(a, 'f.txt', 'from A');
  put(b, 'f.txt', 'from B');
  await inStep(b);
  together(a);
  await inStep(a, b);
  const copy = Object.keys(tree(a)).find((path) => path.startsWith('f (conflict'));
  assert.ok(copy, JSON.stringify(tree(a)));
  await allHold(devices, { 'f.txt': 'from B', [copy]: 'from A' });
  assert.equal((await conflictsOf(a)).length, 1);
  assert.deepEqual(await versions(a, copy), ['from A']);
  const head = a.engine.journal.serverHead;
  await pause(300);
  await inStep(a, b);
  assert.equal(a.engine.journal.serverHead, head, 'nothing more was committed');
});

test('RULES 1: the same edit on both sides needs no copy', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  apart(a);
  put(a, 'f.txt', 'the same');
  put(b, 'f.txt', 'the same');
  await inStep(b);
  together(a);
  await allHold(devices, { 'f.txt': 'the same' });
  assert.deepEqual(await versions(a, 'f.txt'), ['the same', 'base']);
});

test('RULES 2: going back to older bytes is an edit, and reaches the other device', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'X' });
  put(a, 'f.txt', 'Y');
  await inStep(...devices);
  put(a, 'f.txt', 'X');
  await allHold(devices, { 'f.txt': 'X' });
  assert.deepEqual(await versions(a, 'f.txt'), ['X', 'Y', 'X']);
});

test('RULES 3: the program bit alone is a version, the time alone is none and is carried', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'run.sh': '#!/bin/sh', 'f.txt': 'x' });
  chmodSync(at(a, 'run.sh'), 0o755);
  utimesSync(at(a, 'f.txt'), 1_600_000_000, 1_600_000_000.5);
  await allHold(devices, { 'run.sh': 'program #!/bin/sh', 'f.txt': 'x' });
  assert.equal((await versions(a, 'run.sh')).length, 2);
  assert.equal((await versions(a, 'f.txt')).length, 1);
  put(b, 'g.txt', 'old');
  utimesSync(at(b, 'g.txt'), 1_500_000_000, 1_500_000_000.25);
  chmodSync(at(b, 'run.sh'), 0o644);
  await allHold(devices, { 'run.sh': '#!/bin/sh', 'f.txt': 'x', 'g.txt': 'old' });
  assert.equal(statSync(at(a, 'g.txt')).mtimeMs, 1_500_000_000_250);
});

test('RULES 5: a lost reply, then another edit: no conflict with oneself', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  const undo = faults.add({ fault: { kind: 'drop-reply' }, route: ['finalize', 'commit'] });
  t.after(undo);
  const before = faults.struck.length;
  put(a, 'f.txt', 'first');
  await until('the reply of the first claim was lost', () => faults.struck.length > before);
  put(a, 'f.txt', 'second');
  await pause(150);
  undo();
  await allHold(devices, { 'f.txt': 'second' });
  assert.deepEqual(await conflictsOf(a), []);
  const made = await versions(a, 'f.txt');
  assert.equal(made[0], 'second');
  assert.equal(made.at(-1), 'base');
});

test('RULES 5: a lost reply of an edit, then the folder is deleted and made anew: what was deleted stays deleted', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'd/f.txt': 'base', 'd/g.txt': 'base' });
  const undo = faults.add({ fault: { kind: 'drop-reply' }, route: ['finalize', 'commit'] });
  t.after(undo);
  const before = faults.struck.length;
  put(a, 'd/f.txt', 'first');
  await until('the reply of the edit was lost', () => faults.struck.length > before);
  rmSync(at(a, 'd'), { recursive: true });
  mkdirSync(at(a, 'd'));
  await pause(150);
  undo();
  await allHold(devices, { 'd/': 'folder' });
});

test('RULES 5: a lost reply, then a stop and another edit: the new engine makes no conflict with the old one', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  const undo = faults.add({ fault: { kind: 'drop-reply' }, route: ['finalize', 'commit'] });
  t.after(undo);
  const before = faults.struck.length;
  put(a, 'f.txt', 'first');
  put(a, 'new.txt', 'new first');
  await until('the replies were lost', () => faults.struck.length > before);
  await stage.stop(a);
  put(a, 'f.txt', 'second');
  put(a, 'new.txt', 'new second');
  undo();
  const again = await stage.restart(a);
  await allHold([again, b], { 'f.txt': 'second', 'new.txt': 'new second' });
  assert.deepEqual(await conflictsOf(again), []);
});

test('RULES 6: an edit made while the loser becomes the copy is an edit of the copy, and forks no second time', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  apart(a);
  put(a, 'f.txt', 'from A');
  put(b, 'f.txt', 'from B');
  await inStep(b);
  const undo = faults.add({ fault: { kind: 'delay', ms: 300 }, route: 'getChunks' });
  t.after(undo);
  together(a);
  await until('the fork was answered', () => a.engine.state.conflicts.count() === 1);
  const copy = () => Object.keys(tree(a)).find((path) => path.startsWith('f (conflict'));
  const path = copy() ?? 'f.txt';
  put(a, path, 'from A, and on');
  undo();
  await inStep(a, b);
  assert.equal((await conflictsOf(a)).length, 1, JSON.stringify(tree(a)));
  assert.deepEqual(Object.values(tree(a)).sort(), ['from A, and on', 'from B']);
  assert.deepEqual(tree(b), tree(a));
});

test('RULES 6: a stop between the fork and the renaming of the copy forks no second time', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  apart(a);
  put(a, 'f.txt', 'from A');
  put(b, 'f.txt', 'from B');
  await inStep(b);
  const stopped = new Promise<void>((resolve) => {
    const disk = a.engine.parts.env.disk;
    const move = disk.move.bind(disk);
    disk.move = async (items) => {
      resolve();
      await pause(50);
      return items.map(() => ({ kind: 'failed', trouble: 'busy', detail: 'stopped here' }) as const);
    };
    t.after(() => {
      disk.move = move;
    });
  });
  together(a);
  await stopped;
  await stage.stop(a);
  assert.deepEqual(tree(a), { 'f.txt': 'from A' });
  const again = await stage.restart(a);
  await inStep(again, b);
  assert.equal((await conflictsOf(again)).length, 1);
  assert.deepEqual(Object.values(tree(again)).sort(), ['from A', 'from B']);
  assert.deepEqual(tree(b), tree(again));
});

test('RULES 7: a folder made offline under a name that exists there merges, and what is in it follows', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'keep.txt': 'k' });
  apart(a);
  put(a, 'd/from-a.txt', 'a');
  put(a, 'd/deep/from-a.txt', 'aa');
  put(b, 'd/from-b.txt', 'b');
  put(b, 'd/deep/from-b.txt', 'bb');
  await inStep(b);
  together(a);
  await allHold(devices, {
    'keep.txt': 'k',
    'd/from-a.txt': 'a',
    'd/from-b.txt': 'b',
    'd/deep/from-a.txt': 'aa',
    'd/deep/from-b.txt': 'bb',
  });
  assert.deepEqual(await conflictsOf(a), []);
});

test('RULES 7: a folder and its children whose answers were all lost are made once', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'keep.txt': 'k' });
  const undo = faults.add({ fault: { kind: 'drop-reply' }, route: ['finalize', 'commit'], times: 4 });
  t.after(undo);
  put(a, 'd/e/f.txt', 'deep');
  put(a, 'd/g.txt', 'flat');
  await allHold(devices, { 'keep.txt': 'k', 'd/e/f.txt': 'deep', 'd/g.txt': 'flat' });
  const live = (await snapshot(a)).filter((event) => event.entry.live && event.entry.name === 'd');
  assert.equal(live.length, 1);
});

test('RULES 8: one refused claim takes nothing of its batch down', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'keep.txt': 'k' });
  apart(a);
  put(a, 'd/1.txt', '1');
  put(a, 'e/2.txt', '2');
  renameSync(at(a, 'keep.txt'), at(a, 'kept.txt'));
  put(b, 'keep.txt', 'k, edited by B');
  await inStep(b);
  together(a);
  await allHold(devices, { 'kept.txt': 'k, edited by B', 'd/1.txt': '1', 'e/2.txt': '2' });
});

test('RULES 9: outcomes are settled: after a quiet moment no claim is left in the state', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'base' });
  put(a, 'f.txt', 'two');
  put(b, 'g/h.txt', 'three');
  await inStep(a, b);
  unlinkSync(at(a, 'g/h.txt'));
  await inStep(a, b);
  for (const each of devices) {
    assert.deepEqual(each.engine.state.claims.unanswered(), []);
    assert.equal(each.db.prepare('SELECT count(*) AS n FROM claims').pluck().get(), 0);
  }
  assert.deepEqual(await serverTree(a), { 'f.txt': 'two', 'g/': 'folder' });
  assert.equal(has(b, 'g/h.txt'), false);
  assert.equal(text(b, 'f.txt'), 'two');
});
