/** The delete brake: it holds, later slices join, and both answers do what they say, in both directions. */
import assert from 'node:assert/strict';
import { readdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import {
  allHold,
  apart,
  at,
  call,
  has,
  inStep,
  pause,
  put,
  refusal,
  Stage,
  serverTree,
  synced,
  type TestDevice,
  together,
  tree,
  until,
  value,
  withFolders,
} from './stage.ts';

function photos(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`photos/${i}.jpg`, `photo ${i}`]));
}

/** Seen as one: a slow removal is seen in slices, and a first one below the limit is let pass. */
function removeAtOnce(device: TestDevice, path: string): void {
  renameSync(at(device, path), at(device, '../outside'));
}

async function held(device: TestDevice): Promise<string> {
  await until(`${device.name} holds something`, () => device.status().review === 1);
  return value(await device.control['review.list']({}, call)).batches[0]?.id ?? '';
}

test('sending: many deletions are held with their evidence, everything else syncs on', async (t) => {
  const start = { ...photos(12), 'notes.txt': 'one' };
  const { a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  renameSync(at(a, 'photos'), at(a, '../outside'));
  await held(a);
  const [batch] = value(await a.control['review.list']({}, call)).batches;
  assert.equal(batch?.direction, 'sending');
  assert.equal(batch?.files, 12);
  assert.ok(batch.paths.some((path) => path.startsWith('photos')));
  assert.equal(a.status().state, 'needs-you');
  put(a, 'notes.txt', 'two');
  put(b, 'other.txt', 'other');
  await until('the rest syncs on', () => has(a, 'other.txt') && tree(b)['notes.txt'] === 'two');
  assert.equal(Object.keys(tree(b)).length, 15);
  assert.deepEqual(await serverTree(b), tree(b));
});

test('sending, approved: gone everywhere, and nobody asks again', async (t) => {
  const { devices, a, b } = await synced(
    t,
    ['A', 'B'],
    { ...photos(12), 'notes.txt': 'one' },
    { brakeFiles: 10 },
  );
  removeAtOnce(a, 'photos');
  const id = await held(a);
  assert.equal(value(await a.control['review.approve']({ id }, call)).files, 12);
  await allHold(devices, { 'notes.txt': 'one' });
  assert.equal(b.status().review, 0);
  assert.equal(readdirSync(at(b, '.tidemark/trash')).length, 12);
  assert.equal(refusal(await a.control['review.approve']({ id }, call)), 'not-found');
});

test('sending, rejected: everything comes back here and never left there', async (t) => {
  const start = { ...photos(12), 'notes.txt': 'one' };
  const { devices, a } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  removeAtOnce(a, 'photos');
  const id = await held(a);
  value(await a.control['review.reject']({ id }, call));
  await allHold(devices, start);
  assert.equal(a.status().review, 0);
});

test('sending, a later slice joins the held batch, whatever its size, and is decided with it', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], photos(30), { brakeFiles: 10 });
  for (let i = 0; i < 12; i += 1) unlinkSync(at(a, `photos/${i}.jpg`));
  await held(a);
  unlinkSync(at(a, 'photos/20.jpg'));
  await until(
    'the slice has joined',
    () =>
      a.engine.state.reviews.list()[0]?.files !== undefined &&
      a.engine.state.nodeAt('photos/20.jpg') === null,
  );
  await pause(200);
  const id = await held(a);
  assert.equal(a.engine.state.reviews.list().length, 1);
  value(await a.control['review.reject']({ id }, call));
  await inStep(...devices);
  assert.ok(has(a, 'photos/20.jpg'));
  assert.deepEqual(await serverTree(a), tree(a));
});

test('sending, held over a restart of the engine', async (t) => {
  const start = photos(12);
  const { stage, a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  removeAtOnce(a, 'photos');
  await held(a);
  const again = await stage.restart(a);
  const id = await held(again);
  await pause(200);
  assert.deepEqual(tree(b), withFolders(start));
  value(await again.control['review.approve']({ id }, call));
  await allHold([again, b], {});
});

test('sending, the user puts the files back by hand while they are held: nothing is doubled, nothing is deleted', async (t) => {
  const start = { ...photos(12), 'notes.txt': 'one' };
  const { devices, a } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  renameSync(at(a, 'photos'), at(a, '../outside'));
  const id = await held(a);
  renameSync(at(a, '../outside'), at(a, 'photos'));
  await pause(600);
  await a.engine.scanner.scanAll();
  await until('the question has answered itself', () => a.status().review === 0);
  await allHold(devices, start);
  assert.equal(refusal(await a.control['review.approve']({ id }, call)), 'not-found');
});

test('sending, single files put back by hand while they are held', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], photos(20), { brakeFiles: 10 });
  for (let i = 0; i < 12; i += 1) unlinkSync(at(a, `photos/${i}.jpg`));
  await held(a);
  put(a, 'photos/3.jpg', 'photo 3');
  put(a, 'photos/4.jpg', 'photo 4, edited');
  await pause(500);
  const id = await held(a);
  value(await a.control['review.approve']({ id }, call));
  await inStep(...devices);
  const rest = Object.fromEntries(Object.entries(photos(20)).slice(12));
  const found = tree(a);
  for (const [path, text] of Object.entries(rest)) assert.equal(found[path], text);
  assert.equal(found['photos/3.jpg'], 'photo 3');
  assert.ok(Object.values(found).includes('photo 4, edited'), JSON.stringify(found));
  assert.deepEqual(tree(devices[1]!), found);
});

/** A deletes without a brake; B has one. */
async function receiving(t: Parameters<typeof Stage.open>[0]) {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const b = await stage.device('B', { brakeFiles: 10 });
  const start = { ...photos(12), 'notes.txt': 'one' };
  for (const [path, text] of Object.entries(start)) put(a, path, text);
  await inStep(a, b);
  removeAtOnce(a, 'photos');
  await inStep(a);
  return { stage, a, b, start, id: await held(b) };
}

test('receiving: deletions of another device are held here, and the files stay', async (t) => {
  const { a, b, start } = await receiving(t);
  assert.equal(value(await b.control['review.list']({}, call)).batches[0]?.direction, 'receiving');
  assert.deepEqual(tree(b), withFolders(start));
  put(a, 'notes.txt', 'two');
  await until('the rest syncs on', () => tree(b)['notes.txt'] === 'two');
  const done = await b.wait(5);
  assert.equal(done.reason, 'held');
});

test('receiving, approved: into the trash here', async (t) => {
  const { a, b, id } = await receiving(t);
  value(await b.control['review.approve']({ id }, call));
  await allHold([a, b], { 'notes.txt': 'one' });
  assert.equal(readdirSync(at(b, '.tidemark/trash')).length, 12);
});

test('receiving, rejected: back for everybody', async (t) => {
  const { a, b, id, start } = await receiving(t);
  value(await b.control['review.reject']({ id }, call));
  await allHold([a, b], start);
  assert.equal(b.status().review, 0);
});

test('receiving, rejected while paused: refused, and still held', async (t) => {
  const { b, id, start } = await receiving(t);
  apart(b);
  await pause(50);
  assert.equal(refusal(await b.control['review.reject']({ id }, call)), 'paused');
  assert.equal(b.status().review, 1);
  together(b);
  await pause(300);
  assert.deepEqual(tree(b), withFolders(start));
  assert.equal(await held(b), id);
});

test('off: nothing is ever held', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], photos(30), { brakeFiles: null });
  rmSync(at(a, 'photos'), { recursive: true });
  await allHold(devices, {});
});

test('a fifth of the root and at least twenty files trip it below the limit of files', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], photos(40), { brakeFiles: 200 });
  for (let i = 0; i < 25; i += 1) unlinkSync(at(a, `photos/${i}.jpg`));
  await held(a);
  assert.ok(Object.keys(tree(b)).length >= 41 - 19);
});

test('a rearrangement deletes no more than the brake lets pass', async (t) => {
  const start: Record<string, string> = { 'd/keep/k.txt': 'k' };
  for (let i = 0; i < 15; i += 1) start[`d/${i}.txt`] = `${i}`;
  const { a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  apart(a);
  renameSync(at(a, 'd/keep'), at(a, 'kept'));
  rmSync(at(a, 'd'), { recursive: true });
  renameSync(at(a, 'kept'), at(a, 'd'));
  await a.engine.scanner.scanAll();
  together(a);
  await held(a);
  await pause(200);
  assert.ok(has(b, 'd/3.txt') && has(b, 'd/14.txt'), JSON.stringify(tree(b)));
});
