/** Held batches in full: every file in pages, real bytes, who did it; cheap however many there are. */
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import { METHODS } from '../../src/ipc/contract.ts';
import { parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { at, call, inStep, put, refusal, Stage, synced, type TestDevice, until, value } from './stage.ts';

const start = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [`photos/${i % 3}/${i}.jpg`, 'x'.repeat(i + 1)]),
);
const paths = Object.keys(start).sort();
const BYTES = 78;

async function heldRow(device: TestDevice) {
  await until(`${device.name} holds something`, () => device.status().review === 1);
  const found = value(await device.control['review.list']({}, call));
  assert.equal(parserOf(METHODS['review.list'].result)(found).kind, 'ok');
  const [row] = found.batches;
  assert.ok(row);
  return row;
}

async function allFiles(device: TestDevice, id: string, limit: number) {
  const files: { readonly path: string; readonly size: number | null }[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    const page: { files: typeof files; next: string | null; total: number } = value(
      await device.control['review.files']({ id, after, limit }, call),
    );
    assert.ok(page.files.length <= limit);
    assert.equal(page.total, paths.length);
    files.push(...page.files);
    after = page.next;
  }
  return files;
}

test('a deleted folder is held as all its files, with their bytes, and told in pages', async (t) => {
  const { a } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  renameSync(at(a, 'photos'), at(a, '../outside'));
  const row = await heldRow(a);
  assert.deepEqual([row.files, row.bytes, row.folder, row.device], [12, BYTES, 'photos', 'A']);
  assert.ok(row.firstAt <= row.lastAt);
  const files = await allFiles(a, row.id, 5);
  assert.deepEqual(files.map(({ path }) => path).sort(), paths);
  for (const { path, size } of files) assert.equal(size, start[path]?.length);
  assert.equal(refusal(await a.control['review.files']({ id: 'nonsense' }, call)), 'not-found');
  const fewer = await a.control['review.approve']({ id: row.id, files: 11 }, call);
  assert.equal(refusal(fewer), 'review-grew', 'a yes is for what was seen');
  assert.equal(a.engine.state.reviews.sumOf(row.id).files, 12);
  value(await a.control['review.approve']({ id: row.id, files: 12 }, call));
  assert.equal(a.engine.state.reviews.sumOf(row.id).files, 0, 'nothing of it is kept once it is decided');
});

test('what others deleted names the device that did it', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  const b = await stage.device('B', { brakeFiles: 10 });
  for (const [path, content] of Object.entries(start)) put(b, path, content);
  await inStep(a, b);
  renameSync(at(a, 'photos'), at(a, '../outside'));
  await inStep(a);
  const row = await heldRow(b);
  assert.deepEqual([row.direction, row.device, row.bytes], ['receiving', 'A', BYTES]);
  assert.deepEqual((await allFiles(b, row.id, 4)).map(({ path }) => path).sort(), paths);
});

test('a hundred thousand files below one held folder are told in pages, each as large as was asked for', (t) => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  t.after(() => opened.db.close());
  const state = new State(opened.db);
  const id = (n: number) => parseNodeId(`01990000-0000-7000-8000-${String(n).padStart(12, '0')}`);
  const folder = id(0);
  const base = { entryRev: 1, version: null, stamp: '' } as const;
  state.transaction(() => {
    state.synced.put({
      ...base,
      node: folder,
      kind: 'folder',
      parent: ROOT_NODE,
      name: 'all',
      content: null,
    });
    for (let n = 1; n <= 100_000; n += 1)
      state.synced.put({
        ...base,
        node: id(n),
        kind: 'symlink',
        parent: folder,
        name: `file ${n}`,
        content: { kind: 'symlink', target: 'x' },
      });
  });
  state.transaction(() =>
    state.reviews.hold('r', 'send-deletes', 'many', 5, [{ node: folder, path: 'all', files: 100_000 }]),
  );
  assert.equal(state.reviews.sumOf('r').files, 100_000);
  let last = 0;
  for (let page = 0; page < 20; page += 1) {
    const files = state.reviews.filesAfter('r', last, 500);
    assert.equal(files.length, 500);
    last = files.at(-1)?.id ?? 0;
  }
  assert.equal(last, 10_000, 'in order, none twice');
  state.reviews.release(folder);
  assert.equal(state.reviews.sumOf('r').files, 0);
});
