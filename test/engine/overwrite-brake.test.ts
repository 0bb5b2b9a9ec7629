/** The brake for overwriting: files that turn into noise are held before they are sent; ordinary work passes. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, unlinkSync } from 'node:fs';
import { test } from 'node:test';
import { meddling } from './disk-doubles.ts';
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
  serverTree,
  synced,
  type TestDevice,
  text,
  together,
  tree,
  until,
  value,
  withFolders,
} from './stage.ts';

const WORDS = 'the quick brown fox jumps over the lazy dog and writes it down once more, in plain words. ';

function letters(count: number, salt = ''): Record<string, string> {
  const entries = Array.from({ length: count }, (_, i): [string, string] => [
    `letters/${i}.txt`,
    `${salt} letter ${i}: ${WORDS.repeat(20)}`,
  ]);
  return Object.fromEntries(entries);
}

function noise(length = 2048): Buffer {
  return randomBytes(length);
}

/** What a camera writes: a short header, then bytes without any pattern. */
function picture(): Buffer {
  return Buffer.concat([Buffer.from('\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00', 'latin1'), noise(4096)]);
}

/** Read as one batch, however long the writing takes. */
async function atOnce(device: TestDevice, change: () => void): Promise<void> {
  apart(device);
  change();
  await pause(60);
  await device.engine.scanner.scanAll();
  together(device);
}

async function overwrite(device: TestDevice, paths: readonly string[], content: () => Buffer | string) {
  await atOnce(device, () => {
    for (const path of paths) put(device, path, content());
  });
}

async function batchesOf(device: TestDevice) {
  return value(await device.control['review.list']({}, call)).batches;
}

async function held(device: TestDevice): Promise<string> {
  await until(`${device.name} holds something`, () => device.status().review === 1);
  return (await batchesOf(device))[0]?.id ?? '';
}

const START = { ...letters(300), 'notes.txt': 'one' };
const LETTERS = Object.keys(letters(300));

test('300 texts that turn into noise are held with their evidence, everything else syncs on', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], START, { brakeFiles: 200 });
  await overwrite(a, LETTERS, noise);
  await held(a);
  const [batch] = await batchesOf(a);
  assert.deepEqual([batch?.what, batch?.direction, batch?.files], ['overwrite', 'sending', 300]);
  assert.match(batch?.sentence ?? '', /^300 files were overwritten .*\(for instance letters\/\d+\.txt\)/);
  put(a, 'notes.txt', 'two');
  put(a, 'letters/0-answer.txt', 'hello');
  put(b, 'other.txt', 'other');
  await until('the rest syncs on', () => has(a, 'other.txt') && has(b, 'letters/0-answer.txt'));
  await until('the rest syncs on', () => text(b, 'notes.txt') === 'two');
  const expected = { ...START, 'notes.txt': 'two', 'letters/0-answer.txt': 'hello', 'other.txt': 'other' };
  await inStep(b);
  assert.deepEqual(tree(b), withFolders(expected));
  assert.deepEqual(await serverTree(b), tree(b));
  assert.equal(a.status().state, 'needs-you');
});

test('approved: they go everywhere, and nobody asks again', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], letters(30), { brakeFiles: 200 });
  const paths = Object.keys(letters(30));
  await overwrite(a, paths, noise);
  const id = await held(a);
  assert.equal(value(await a.control['review.approve']({ id }, call)).files, 30);
  const wanted = tree(a);
  await allHold(devices, wanted);
  assert.deepEqual([a.status().review, b.status().review], [0, 0]);
  await overwrite(a, paths.slice(0, 25), () => letters(1)['letters/0.txt'] ?? '');
  await inStep(...devices);
  await overwrite(a, paths.slice(0, 25), noise);
  await held(a);
});

test('rejected: the contents from before come back, the noise lies in the trash', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], letters(40), { brakeFiles: 200 });
  await overwrite(a, Object.keys(letters(40)), noise);
  const id = await held(a);
  assert.equal(value(await a.control['review.reject']({ id }, call)).decision, 'rejected');
  await allHold(devices, letters(40));
  assert.equal(readdirSync(at(a, '.tidemark/trash')).length, 40);
  assert.deepEqual([a.status().review, b.status().review], [0, 0]);
  assert.equal(readdirSync(at(b, '.tidemark/trash')).length, 0);
});

test('rejected while paused: refused, and still held', async (t) => {
  const { a } = await synced(t, ['A', 'B'], letters(30), { brakeFiles: 200 });
  const paths = Object.keys(letters(30));
  await overwrite(a, paths, noise);
  const id = await held(a);
  const before = tree(a);
  apart(a);
  await pause(50);
  assert.equal(refusal(await a.control['review.reject']({ id }, call)), 'paused');
  assert.deepEqual(tree(a), before);
  assert.equal(a.status().review, 1);
});

test('40 ordinary edits, and 40 pictures that become other pictures, are not held', async (t) => {
  const pictures = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`photos/${i}.jpg`, picture().toString('latin1')]),
  );
  const { devices, a } = await synced(t, ['A', 'B'], letters(40), { brakeFiles: 200 });
  const paths = Object.keys(pictures);
  for (const path of paths) put(a, path, picture());
  await inStep(...devices);
  await overwrite(a, paths, picture);
  await inStep(...devices);
  await atOnce(a, () => {
    for (const [path, words] of Object.entries(letters(40, 'dear all,'))) put(a, path, words);
  });
  await inStep(...devices);
  assert.equal(a.status().review, 0);
  assert.deepEqual(tree(devices[1] ?? a), tree(a));
});

test('files that came from another device are known as well', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], letters(30), { brakeFiles: 200 });
  const before = tree(a);
  await overwrite(b, Object.keys(letters(30)), noise);
  await held(b);
  await inStep(a);
  assert.deepEqual(tree(a), before);
});

test('large files are known by their heads, sent and received', async (t) => {
  const long = WORDS.repeat(20_000);
  const start = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`${i}.txt`, `${i} ${long}`]));
  const { devices, a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 3 });
  await overwrite(b, Object.keys(start), () => noise(2_000_000));
  const id = await held(b);
  value(await b.control['review.reject']({ id }, call));
  await allHold(devices, start);
  await overwrite(a, Object.keys(start), () => noise(2_000_000));
  await held(a);
});

test('slices below the limit within ten minutes trip it, and a later one joins, whatever its size', async (t) => {
  const start = letters(60);
  const paths = Object.keys(start);
  const { devices, a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 20 });
  await overwrite(a, paths.slice(0, 15), noise);
  await inStep(...devices);
  assert.equal(a.status().review, 0);
  await overwrite(a, paths.slice(15, 30), noise);
  const id = await held(a);
  await overwrite(a, paths.slice(30, 31), noise);
  await until('the slice has joined', () => a.engine.state.reviews.filesOf(id) === 16);
  await inStep(b);
  for (const path of paths.slice(15)) assert.equal(tree(b)[path], start[path]);
});

test('one more extension and another content: the names stay as well, until they are approved', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], letters(40), { brakeFiles: 200 });
  await atOnce(a, () => {
    for (const path of Object.keys(letters(40))) {
      put(a, path, noise());
      renameSync(at(a, path), at(a, `${path}.locked`));
    }
  });
  const id = await held(a);
  await inStep(b);
  assert.deepEqual(tree(b), withFolders(letters(40)));
  value(await a.control['review.reject']({ id }, call));
  await allHold(devices, letters(40));
  assert.equal(readdirSync(at(a, '.tidemark/trash')).length, 40);
});

test('one more extension alone is an ordinary move', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], letters(30), { brakeFiles: 10 });
  for (const path of Object.keys(letters(30))) renameSync(at(a, path), at(a, `${path}.old`));
  await inStep(...devices);
  assert.equal(a.status().review, 0);
});

test('edited back, moved away or overwritten anew while it is held: only noise stays in question', async (t) => {
  const start = letters(30);
  const { a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 20 });
  const paths = Object.keys(start);
  await overwrite(a, paths, noise);
  const id = await held(a);
  const [first = '', second = '', third = ''] = paths;
  put(a, first, start[first] ?? '');
  put(a, second, 'short, and new');
  unlinkSync(at(a, third));
  for (const path of paths.slice(3)) put(a, path, noise());
  await until('what is normal goes on', () => text(b, second) === 'short, and new' && !has(b, third));
  await pause(500);
  assert.equal(a.engine.state.reviews.filesOf(id), 27);
  assert.equal(text(b, paths[5] ?? ''), start[paths[5] ?? '']);
  for (const path of paths) put(a, path, start[path] ?? '');
  await until('the question is over', () => a.status().review === 0);
  await allHold([a, b], start);
});

test('held over a restart of the engine', async (t) => {
  const start = letters(30);
  const { stage, a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 20 });
  await overwrite(a, Object.keys(start), noise);
  await held(a);
  const again = await stage.restart(a);
  const id = await held(again);
  await pause(200);
  assert.deepEqual(tree(b), withFolders(start));
  value(await again.control['review.reject']({ id }, call));
  await allHold([again, b], start);
});

test('overwritten while the engine was stopped: held', async (t) => {
  const start = letters(30);
  const { stage, a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 20 });
  await stage.stop(a);
  for (const path of Object.keys(start)) put(a, path, noise());
  await pause(100);
  await held(await stage.restart(a));
  assert.deepEqual(tree(b), withFolders(start));
});

test('off: nothing is ever held', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], letters(30), { brakeFiles: null });
  await overwrite(a, Object.keys(letters(30)), noise);
  await inStep(...devices);
  assert.deepEqual(tree(devices[1] ?? a), tree(a));
});

for (const when of ['before', 'after'] as const)
  test(`a stop just ${when} the rejected files went to the trash: nothing counts as deleted, and nothing is sent`, async (t) => {
    const start = letters(30);
    const paths = Object.keys(start);
    const { stage, a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 20 });
    let begun = false;
    const hanging = await stage.restart(
      a,
      meddling((real) => ({
        toTrash: async (items) => {
          if (when === 'after') await real.toTrash(items);
          begun = true;
          return new Promise(() => undefined);
        },
      })),
    );
    await overwrite(hanging, paths, noise);
    const id = await held(hanging);
    void hanging.control['review.reject']({ id }, call).catch(() => undefined);
    await until('it is in the middle of it', () => begun);
    stage.crash(hanging);
    const again = await stage.restart(hanging, { environment: (env) => env });
    await until('it is online', () => again.engine.connection.online && again.engine.ready);
    if (when === 'before') value(await again.control['review.reject']({ id: await held(again) }, call));
    await allHold([again, b], start);
    assert.equal(again.status().review, 0);
    assert.equal(readdirSync(at(again, '.tidemark/trash')).length, 30);
  });
