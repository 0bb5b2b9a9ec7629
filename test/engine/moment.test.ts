/** A folder as it was at a moment: the plan, and what every device holds once it was carried out. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import { METHODS } from '../../src/ipc/contract.ts';
import { parseNodeId, parseVersionId } from '../../src/protocol/ids.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import {
  allHold,
  at,
  call,
  conflictsOf,
  inStep,
  pause,
  put,
  refusal,
  synced,
  type TestDevice,
  tree,
  value,
  versions,
} from './stage.ts';

/** Now, with nothing of before or after at the same millisecond. */
async function moment(): Promise<number> {
  await pause(30);
  const now = Date.now();
  await pause(30);
  return now;
}

async function plan(device: TestDevice, folder: string, then: number, removeNewer = false) {
  const found = value(await device.control['moment.plan']({ folder, at: then, removeNewer }, call));
  assert.equal(parserOf(METHODS['moment.plan'].result)(found).kind, 'ok');
  return { ...found, steps: found.steps.map(({ kind, path, to }) => [kind, path, to]).sort() };
}

async function restore(device: TestDevice, folder: string, then: number, removeNewer = false) {
  const done = value(await device.control['moment.restore']({ folder, at: then, removeNewer }, call));
  assert.equal(parserOf(METHODS['moment.restore'].result)(done).kind, 'ok');
  return done;
}

test('contents, places and what was deleted are as they were; what was made since stays', async (t) => {
  const start = { 'd/a': 'a1', 'd/b': 'b1', 'd/s/c': 'c1', 'd/same': 's', other: 'o1' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  const then = await moment();
  put(b, 'd/a', 'a2');
  unlinkSync(at(b, 'd/b'));
  renameSync(at(b, 'd/s/c'), at(b, 'd/moved'));
  put(b, 'd/new', 'n');
  put(b, 'other', 'o2');
  await inStep(...devices);
  const before = tree(a);
  const found = await plan(a, 'd', then);
  assert.deepEqual(found.steps, [
    ['content', 'd/a', 'd/a'],
    ['place', 'd/moved', 'd/s/c'],
    ['return', 'd/b', 'd/b'],
  ]);
  assert.deepEqual([found.total, found.unchanged, found.newer, found.lost], [3, 1, 1, 0]);
  await inStep(...devices);
  assert.deepEqual(tree(a), before, 'a plan changes nothing');
  const done = await restore(a, 'd', then);
  assert.deepEqual([done.done, done.skipped], [3, 0]);
  await allHold(devices, { ...start, other: 'o2', 'd/new': 'n' });
  assert.deepEqual(await versions(a, 'd/a'), ['a1', 'a2', 'a1']);
  assert.deepEqual(await conflictsOf(a), []);
  const again = await plan(b, 'd', then);
  assert.deepEqual([again.total, again.unchanged], [0, 4]);
  assert.equal((await restore(b, 'd', then)).done, 0);
});

test('with what was made since: it goes to the trash, also where its name is wanted; what came from elsewhere stays', async (t) => {
  const start = { 'd/a': 'a1', 'd/s/c': 'c1', elsewhere: 'e' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  const then = await moment();
  unlinkSync(at(b, 'd/a'));
  await inStep(...devices);
  put(b, 'd/a', 'another file of this name');
  put(b, 'd/new/x', 'x');
  await inStep(...devices);
  renameSync(at(b, 'd/s'), at(b, 'd/new/s'));
  renameSync(at(b, 'elsewhere'), at(b, 'd/elsewhere'));
  await inStep(...devices);
  const found = await plan(a, 'd', then, true);
  assert.deepEqual(found.steps, [
    ['place', 'd/new/s', 'd/s'],
    ['remove', 'd/a', 'd/a'],
    ['remove', 'd/new', 'd/new'],
    ['return', 'd/a', 'd/a'],
  ]);
  const done = await restore(a, 'd', then, true);
  assert.equal(done.skipped, 0, JSON.stringify(done));
  await allHold(devices, { 'd/a': 'a1', 'd/s/c': 'c1', 'd/elsewhere': 'e' });
  const trash = value(await a.control['trash.list']({}, call)).items.map((item) => item.path);
  assert.ok(trash.includes('d/a') && trash.includes('d/new'), JSON.stringify(trash));
  assert.deepEqual(await conflictsOf(a), []);
});

test('names that were swapped, and rings of them, are as they were; no bytes move and nothing is renamed', async (t) => {
  const start = { 'd/1': 'one', 'd/2': 'two', 'd/3': 'three', 'd/p/x': 'px', 'd/q/x': 'qx' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  const then = await moment();
  renameSync(at(b, 'd/1'), at(b, 'd/t'));
  renameSync(at(b, 'd/2'), at(b, 'd/1'));
  renameSync(at(b, 'd/3'), at(b, 'd/2'));
  renameSync(at(b, 'd/t'), at(b, 'd/3'));
  renameSync(at(b, 'd/p'), at(b, 'd/q/p'));
  renameSync(at(b, 'd/q'), at(b, 'd/r'));
  await inStep(...devices);
  const found = await plan(a, 'd', then);
  assert.equal(found.total, 5);
  const done = await restore(a, 'd', then);
  assert.deepEqual([done.done, done.skipped], [5, 0]);
  await allHold(devices, start);
  assert.deepEqual(await versions(a, 'd/1'), ['one']);
});

test('a folder that is gone returns as it was then, without what came into it later', async (t) => {
  const start = { 'd/s/a': 'a1', 'd/s/b': 'b1', keep: 'k' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  const then = await moment();
  put(b, 'd/s/late', 'late');
  put(b, 'd/s/a', 'a2');
  await inStep(...devices);
  rmSync(at(b, 'd'), { recursive: true });
  await inStep(...devices);
  const found = await plan(a, 'd', then);
  assert.deepEqual(
    found.steps.map(([kind, , to]) => `${kind} ${to}`),
    ['content d/s/a', 'return d', 'return d/s', 'return d/s/a', 'return d/s/b'],
  );
  const done = await restore(a, 'd', then);
  assert.deepEqual([done.done, done.skipped], [5, 0]);
  await allHold(devices, start);
  assert.deepEqual(await versions(a, 'd/s/late'), ['late'], 'still in the trash');
});

test('the whole folder, far back, with folders made since', async (t) => {
  const { devices, b } = await synced(t, ['A', 'B'], { a: '1' });
  const then = await moment();
  put(b, 'x/y/z', 'z');
  mkdirSync(at(b, 'empty'));
  unlinkSync(at(b, 'a'));
  await inStep(...devices);
  const done = await restore(b, '', then, true);
  assert.equal(done.skipped, 0, JSON.stringify(done));
  await allHold(devices, { a: '1' });
});

test('everything as it was, after history was thinned and the trash emptied: what can be had returns, the rest is told', async (t) => {
  const start = { thinned: 't1', kept: 'k1', 'd/deep': 'd1', 'd/gone': 'g1', 'e/f/lost': 'l1' };
  const { stage, devices, a, b } = await synced(t, ['A', 'B'], start);
  const then = await moment();
  for (const path of ['thinned', 'kept', 'd/deep']) put(b, path, 'newer');
  unlinkSync(at(b, 'd/gone'));
  rmSync(at(b, 'e'), { recursive: true });
  put(b, 'new', 'n');
  await inStep(...devices);
  const { store } = stage.server.server.core.metadata;
  const ns = a.engine.parts.account.namespace;
  const { nodes } = value(await a.control.history({ path: 'thinned' }, call));
  const first = parseVersionId(nodes[0]?.versions.at(-1)?.version);
  const dead = value(await a.control.history({ path: 'd/gone' }, call)).nodes[0];
  const folder = value(await a.control.history({ path: 'e' }, call)).nodes[0];
  await store.write(async (tx) => {
    await tx.setDue(ns, first, 0);
    await tx.releaseVersion(ns, first, then);
    for (const each of [dead, folder]) {
      const deadSeq = (await tx.node(ns, parseNodeId(each?.node)))?.deadSeq ?? assert.fail('it lives');
      await tx.setTrashDue(ns, deadSeq, 0);
      await tx.releaseTrash(ns, deadSeq, then);
    }
  });
  const found = await plan(a, '', then);
  assert.deepEqual(found.steps, [
    ['content', 'd/deep', 'd/deep'],
    ['content', 'kept', 'kept'],
    ['return', 'e', 'e'],
    ['return', 'e/f', 'e/f'],
  ]);
  assert.deepEqual([found.lost, found.newer], [3, 1]);
  const before = tree(a);
  const started = await moment();
  const done = await restore(a, '', then);
  assert.equal(done.skipped, 0, JSON.stringify(done));
  const files = { thinned: 'newer', kept: 'k1', 'd/deep': 'd1', new: 'n' };
  await inStep(...devices);
  for (const each of devices)
    assert.deepEqual(tree(each), { ...files, 'd/': 'folder', 'e/': 'folder', 'e/f/': 'folder' });
  assert.deepEqual(await versions(b, 'kept'), ['k1', 'newer', 'k1'], 'as a new version on top');
  const undone = await restore(b, '', started, true);
  assert.equal(undone.skipped, 0, JSON.stringify(undone));
  await inStep(...devices);
  for (const each of devices) assert.deepEqual(tree(each), before, 'undone by the way back');
});

test('what somebody saved meanwhile is left alone, and counted', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/a': 'a1', 'd/b': 'b1', 'd/m': 'm1' });
  const then = await moment();
  put(a, 'd/a', 'a2');
  put(a, 'd/b', 'b2');
  renameSync(at(a, 'd/m'), at(a, 'd/n'));
  await inStep(...devices);
  const { server } = a.engine;
  let isFirst = true;
  a.engine.server = {
    ...server,
    upload: async (...args) => {
      if (isFirst) {
        isFirst = false;
        put(b, 'd/a', 'saved by B meanwhile');
        renameSync(at(b, 'd/n'), at(b, 'd/o'));
        await inStep(b);
      }
      return server.upload(...args);
    },
  };
  const done = await restore(a, 'd', then);
  a.engine.server = server;
  assert.deepEqual([done.done, done.skipped], [1, 2], JSON.stringify(done));
  await allHold(devices, { 'd/a': 'saved by B meanwhile', 'd/b': 'b1', 'd/o': 'm1' });
});

test('what was made since and saved by somebody while it was to go lives on, in a folder too', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/a': 'a1' });
  const then = await moment();
  put(a, 'd/a', 'a2');
  for (const path of ['d/new', 'd/goes', 'd/box/x', 'd/box/y']) put(a, path, 'first');
  await inStep(...devices);
  const { server } = a.engine;
  let isFirst = true;
  a.engine.server = {
    ...server,
    upload: async (...args) => {
      if (isFirst) {
        isFirst = false;
        put(b, 'd/new', 'saved by B meanwhile');
        put(b, 'd/box/x', 'saved by B in the folder');
        await inStep(b);
      }
      return server.upload(...args);
    },
  };
  const done = await restore(a, 'd', then, true);
  a.engine.server = server;
  assert.ok(done.skipped > 0, JSON.stringify(done));
  const saved = { 'd/new': 'saved by B meanwhile', 'd/box/x': 'saved by B in the folder' };
  await allHold(devices, { 'd/a': 'a1', ...saved });
});

test('a moment that is to come, before the folder was, or of a file: refused, and nothing happens', async (t) => {
  const early = await moment();
  const { a } = await synced(t, ['A'], { 'd/a': 'a1' });
  const ask = (folder: string, then: number) =>
    a.control['moment.restore']({ folder, at: then, removeNewer: true }, call);
  assert.equal(refusal(await ask('d', early)), 'no-moment');
  assert.equal(refusal(await ask('d', Date.now() + 60_000)), 'no-moment');
  assert.equal(refusal(await ask('d/a', Date.now())), 'no-moment');
  assert.equal(refusal(await ask('never', Date.now())), 'not-found');
  await allHold([a], { 'd/a': 'a1' });
});
