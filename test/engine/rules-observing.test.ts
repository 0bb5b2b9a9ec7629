/** RULES 23–26 on real folders: what may be said, what a rule leaves out, restored servers and expired cursors. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, unlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { test } from 'node:test';
import { startDevice } from '../support/engines.ts';
import { startTestServer } from '../support/server.ts';
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
  Stage,
  serverTree,
  synced,
  together,
  tree,
  until,
  versions,
} from './stage.ts';

test('RULES 23: wait covers what was on disk when it was called, and is not kept by a writer that never rests', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one' });
  let line = 0;
  const writer = setInterval(() => {
    line += 1;
    put(a, 'busy.log', `${'x'.repeat(line)}\n`);
    put(a, `new-${line % 50}.txt`, `new ${line}`);
  }, 20);
  t.after(() => clearInterval(writer));
  put(a, 'g.txt', 'settled');
  await pause(100);
  const done = await a.wait(10);
  clearInterval(writer);
  assert.equal(done.done, true, done.sentence);
  assert.ok(done.seconds < 5, `${done.seconds} s`);
  assert.equal((await serverTree(a))['g.txt'], 'settled');
});

test('RULES 23: wait says at once what is held, and names it', async (t) => {
  const start: Record<string, string> = {};
  for (let i = 0; i < 12; i += 1) start[`p/${i}`] = `${i}`;
  const { a } = await synced(t, ['A'], start, { brakeFiles: 5 });
  rmSync(at(a, 'p'), { recursive: true });
  const done = await a.wait(20);
  assert.equal(done.done, false);
  assert.equal(done.reason, 'held');
  assert.ok(done.seconds < 5);
  assert.ok(
    done.missing.some((each) => each.path.startsWith('p')),
    JSON.stringify(done.missing),
  );
});

test('RULES 23: wait says that it is paused, offline, or out of time, and never that it is done', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(a);
  put(a, 'f.txt', 'two');
  assert.equal((await a.wait(5)).reason, 'paused');
  together(a);
  await inStep(a, b);
  const undo = faults.add({ fault: { kind: 'refuse', code: 'unavailable' } });
  t.after(undo);
  put(a, 'f.txt', 'three');
  const late = await a.wait(1);
  assert.equal(late.done, false);
  assert.ok(late.reason === 'offline' || late.reason === 'timeout', late.reason);
  assert.ok(late.seconds < 2.5);
  undo();
  await allHold([a, b], { 'f.txt': 'three' });
});

test('RULES 24: excluded is not unseen: what a rule names, and pipes, do not keep anything from being up to date', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { '.tidemarkignore': '*.o\n', 'a.c': 'source' });
  put(a, 'a.o', 'object');
  assert.equal(spawnSync('mkfifo', [at(a, 'pipe')]).status, 0);
  await inStep(a, b);
  await until('A is up to date', () => a.status().state === 'up-to-date');
  assert.equal(a.status().unseen, 0);
  assert.deepEqual(tree(b), { '.tidemarkignore': '*.o\n', 'a.c': 'source' });
  assert.equal(tree(a)['pipe'], 'something else');
});

test('RULES 24: a synced file that becomes a pipe is left out, never deleted; what comes back is an edit', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'g.txt': 'g' });
  unlinkSync(at(a, 'f.txt'));
  assert.equal(spawnSync('mkfifo', [at(a, 'f.txt')]).status, 0);
  await inStep(a, b);
  assert.deepEqual(tree(b), { 'f.txt': 'one', 'g.txt': 'g' });
  unlinkSync(at(a, 'f.txt'));
  put(a, 'f.txt', 'two');
  await allHold([a, b], { 'f.txt': 'two', 'g.txt': 'g' });
});

// --- servers that go back ----------------------------------------------------------------------------------------

/** A server of its own, whose folder is copied and put back. */
async function ownServer(t: { after: (fn: () => Promise<void>) => void }) {
  let server = await startTestServer();
  const devices: Awaited<ReturnType<typeof startDevice>>[] = [];
  const backup = `${server.data}-backup`;
  t.after(async () => {
    for (const device of devices) await device.stop();
    await server.close();
    for (const device of devices) rmSync(at(device, '..'), { recursive: true, force: true });
    rmSync(backup, { recursive: true, force: true });
    rmSync(server.data, { recursive: true, force: true });
  });
  return {
    devices,
    device: async (name: string) => {
      const device = await startDevice(server, name);
      devices.push(device);
      return device;
    },
    backUp: async () => {
      await server.stop();
      await cp(server.data, backup, { recursive: true });
      server = await server.restart();
    },
    /** What an operator does who tells nobody; `all`: also the marks beside the database. */
    putBack: async (meanwhile: () => Promise<void> = () => Promise.resolve()) => {
      await server.stop();
      rmSync(server.data, { recursive: true });
      cpSync(backup, server.data, { recursive: true });
      server = await server.restart();
      await meanwhile();
    },
  };
}

test('RULES 25: a server put back from an older backup without a word: merged, nothing deleted, nothing lost', async (t) => {
  const { device, backUp, putBack } = await ownServer(t);
  const a = await device('A');
  const b = await device('B');
  put(a, 'old.txt', 'old');
  put(a, 'edited.txt', 'before');
  put(a, 'd/deleted.txt', 'deleted later');
  await inStep(a, b);
  await backUp();
  await inStep(a, b);
  put(a, 'edited.txt', 'after the backup');
  put(a, 'new.txt', 'made after the backup');
  unlinkSync(at(b, 'd/deleted.txt'));
  await inStep(a, b);
  await putBack();
  await until('both are connected again', () => a.status().connected && b.status().connected);
  await inStep(a, b);
  const expected = { 'old.txt': 'old', 'edited.txt': 'after the backup', 'new.txt': 'made after the backup' };
  for (const each of [a, b]) {
    const found = tree(each);
    delete found['d/'];
    delete found['d/deleted.txt'];
    assert.deepEqual(found, expected);
  }
  assert.deepEqual(tree(a), tree(b));
  assert.deepEqual(await serverTree(a), tree(a));
  assert.deepEqual(await conflictsOf(a), []);
});

test('RULES 25: the same, while one device wrote on with the old server and the other saw it go back', async (t) => {
  const { device, backUp, putBack } = await ownServer(t);
  const a = await device('A');
  const b = await device('B');
  put(a, 'f.txt', 'base');
  await inStep(a, b);
  await backUp();
  await inStep(a, b);
  put(a, 'f.txt', 'A after the backup');
  put(a, 'only-a.txt', 'a');
  await inStep(a);
  b.engine.pause();
  a.engine.pause();
  await putBack();
  put(b, 'f.txt', 'B after the restore');
  for (let i = 0; i < 5; i += 1) put(b, `b${i}.txt`, `b${i}`);
  b.engine.resume();
  await inStep(b);
  a.engine.resume();
  await inStep(a, b);
  const texts = Object.values(tree(a));
  for (const each of ['A after the backup', 'B after the restore', 'a', 'b0', 'b4'])
    assert.ok(texts.includes(each), `${each} in ${JSON.stringify(tree(a))}`);
  assert.deepEqual(tree(a), tree(b));
  assert.deepEqual(await serverTree(a), tree(a));
});

test('RULES 25: numbers that the old server gave are given once more: no version is taken for an ancestor by its number', async (t) => {
  const { device, backUp, putBack } = await ownServer(t);
  const a = await device('A');
  const b = await device('B');
  put(a, 'f.txt', 'base');
  await inStep(a, b);
  await backUp();
  await inStep(a, b);
  b.engine.pause();
  for (const text of ['A 1', 'A 2', 'A 3']) {
    put(a, 'f.txt', text);
    await inStep(a);
  }
  a.engine.pause();
  await putBack();
  put(b, 'f.txt', 'B, with a lower number than A 3');
  b.engine.resume();
  await inStep(b);
  a.engine.resume();
  await inStep(a, b);
  assert.deepEqual(Object.values(tree(a)).sort(), ['A 3', 'B, with a lower number than A 3']);
  assert.deepEqual(tree(b), tree(a));
  assert.deepEqual(await serverTree(a), tree(a));
});

test('RULES 26: an expired cursor is no union merge: clean files deleted meanwhile are not uploaded again', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f', 'g.txt': 'g', 'd/h.txt': 'h' });
  apart(b);
  unlinkSync(at(a, 'f.txt'));
  rmSync(at(a, 'd'), { recursive: true });
  put(a, 'g.txt', 'g2');
  await inStep(a);
  const undo = faults.add({ fault: { kind: 'expired-cursor' }, route: 'journal', times: 1 });
  t.after(undo);
  put(b, 'g.txt', 'g of B');
  together(b);
  await inStep(a, b);
  assert.equal(has(b, 'f.txt'), false);
  assert.equal(has(b, 'd/h.txt'), false);
  assert.deepEqual(Object.values(tree(a)).sort(), ['g of B', 'g2']);
  assert.deepEqual(tree(a), tree(b));
  assert.equal(b.status().review, 0);
  assert.equal(devices.length, 2);
  assert.ok((await versions(b, 'g.txt')).includes('g'));
});

test('RULES 26: what this device knows and the server does not after a resync is asked about, not uploaded and not deleted', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f', 'g.txt': 'g' });
  await stage.stop(b);
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(b.statePath);
  const node = db.prepare("SELECT node FROM remote WHERE name = 'f.txt'").pluck().get() as string;
  const stranger = `${node.slice(0, -4)}ffff`;
  for (const table of ['remote', 'synced', 'local'])
    db.prepare(`UPDATE ${table} SET node = ? WHERE node = ?`).run(stranger, node);
  db.close();
  unlinkSync(at(a, 'f.txt'));
  await inStep(a);
  const undo = faults.add({ fault: { kind: 'expired-cursor' }, route: 'journal', times: 1 });
  t.after(undo);
  const again = await stage.restart(b);
  await until('it is asked', () => again.status().review === 1);
  await pause(200);
  assert.deepEqual(tree(again), { 'f.txt': 'f', 'g.txt': 'g' });
  assert.deepEqual(await serverTree(a), { 'g.txt': 'g' });
});

test('RULES 26: a stage of its own exists for each user: nothing of another namespace shows', async (t) => {
  const one = await Stage.open(t);
  const two = await Stage.open(t);
  const a = await one.device('A');
  const z = await two.device('Z');
  put(a, 'secret.txt', 'of one user');
  await inStep(a, z);
  assert.deepEqual(await serverTree(z), {});
  assert.deepEqual(tree(z), {});
});
