/** Ignore rules by the verbs: what they are, what others would do, and what happens once they are saved. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { IgnoreRules } from '../../src/core/ignore/rules.ts';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import { parseNodeId, ROOT_NODE, uuidV7 } from '../../src/protocol/ids.ts';
import {
  at,
  call,
  has,
  inStep,
  put,
  refusal,
  serverTree,
  synced,
  text,
  tree,
  value,
  withFolders,
} from './stage.ts';

test('a preview says what would stop and start, and changes nothing; saving does it, and deletes nothing', async (t) => {
  const start = { 'a.o': 'object', 'in/b.o': 'another', 'a.c': 'source', 'in/.tidemarkignore': 'x\n' };
  const { a, b } = await synced(t, ['A', 'B'], start);
  const rules = { folder: '', shared: '*.o\n!in/b.o\n', local: '' };
  const shown = value(await a.control['ignore.preview'](rules, call));
  assert.deepEqual(
    [shown.stops, shown.stopsBytes, shown.stopsPaths, shown.starts, shown.faults],
    [1, 6, ['a.o'], 0, []],
  );
  assert.ok(!has(a, '.tidemarkignore'), 'a preview writes nothing');
  assert.equal(
    value(await a.control['ignore.set'](rules, call)).sentence,
    'Saved: 1 file no longer synced: they stay here and on the server.',
  );
  assert.deepEqual(value(await a.control['ignore.get']({ folder: '' }, call)), {
    shared: rules.shared,
    local: '',
  });
  await inStep(a, b);
  put(a, 'a.o', 'built again on A');
  rmSync(at(a, 'in/b.o'));
  await inStep(a, b);
  assert.equal(text(b, 'a.o'), 'object', 'left alone there');
  assert.equal(text(b, '.tidemarkignore'), rules.shared, 'the rules are for everybody');
  const back = value(await a.control['ignore.preview']({ folder: '', shared: '', local: '' }, call));
  assert.deepEqual([back.stops, back.starts, back.startsPaths], [0, 1, ['a.o']]);
  value(await a.control['ignore.set']({ folder: '', shared: '', local: '' }, call));
  await inStep(a, b);
  assert.equal(text(b, 'a.o'), 'built again on A');
});

test('rules that others saved meanwhile are neither overwritten nor taken back by who edits the other text', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'a', '.tidemarkignore': '*.o\n' });
  const seen = value(await a.control['ignore.get']({ folder: '' }, call));
  put(b, '.tidemarkignore', '*.o\nsecret/\n');
  await inStep(b, a);
  const typed = { folder: '', shared: '*.o\n*.tmp\n', local: '', seen };
  const refusal = await a.control['ignore.set'](typed, call);
  assert.equal(refusal.kind, 'refused', JSON.stringify(refusal));
  value(await a.control['ignore.set']({ ...typed, shared: seen.shared, local: '*.bak\n' }, call));
  await inStep(a, b);
  for (const device of [a, b]) assert.equal(text(device, '.tidemarkignore'), '*.o\nsecret/\n');
  assert.equal(text(a, '.tidemarkignore.local'), '*.bak\n');
  // Asked for once more after a lost answer, and known to be newer: it is written.
  const now = value(await a.control['ignore.get']({ folder: '' }, call));
  value(await a.control['ignore.set']({ ...typed, local: now.local, seen: now }, call));
  value(await a.control['ignore.set']({ ...typed, local: now.local, seen: now }, call));
  await inStep(a, b);
  assert.equal(text(b, '.tidemarkignore'), '*.o\n*.tmp\n');
});

test('rules of this computer alone are never synced, have the last word, and delete nothing', async (t) => {
  const { stage, a: first, b } = await synced(t, ['A', 'B'], { 'd/a.log': 'log', 'd/b.txt': 'text' });
  value(
    await first.control['ignore.set']({ folder: '', shared: '*.txt\n', local: '!b.txt\n/d/*.log\n' }, call),
  );
  await inStep(first, b);
  assert.equal(text(first, '.tidemarkignore.local'), '!b.txt\n/d/*.log\n');
  assert.ok(!has(b, '.tidemarkignore.local'));
  assert.ok(!Object.keys(await serverTree(first)).includes('.tidemarkignore.local'));
  put(first, 'd/a.log', 'more on A');
  put(first, 'd/new.log', 'new on A');
  put(first, 'd/b.txt', 'text of A');
  await inStep(first, b);
  assert.equal(text(b, 'd/a.log'), 'log');
  assert.ok(!has(b, 'd/new.log'));
  const a = await stage.restart(first);
  rmSync(at(a, 'd/a.log'));
  await inStep(a, b);
  assert.equal(text(b, 'd/a.log'), 'log', 'what is left out here may go without anybody being told');
  // By hand, with any editor.
  put(a, '.tidemarkignore.local', '');
  await inStep(a, b);
  await inStep(a, b);
  assert.equal(text(a, 'd/a.log'), 'log', 'it comes down again');
  assert.equal(text(b, 'd/new.log'), 'new on A');
});

test('rules of an inner folder are that folder’s, and one that is not here has none', async (t) => {
  const { a } = await synced(t, ['A'], { 'in/x.tmp': 'x', 'x.tmp': 'x', 'in/y/x.tmp': 'y' });
  const shown = value(await a.control['ignore.preview']({ folder: 'in', shared: '*.tmp', local: '' }, call));
  assert.deepEqual(shown.stopsPaths.toSorted(), ['in/x.tmp', 'in/y/x.tmp']);
  value(await a.control['ignore.set']({ folder: 'in', shared: '*.tmp', local: '' }, call));
  assert.equal(text(a, 'in/.tidemarkignore'), '*.tmp');
  assert.equal(refusal(await a.control['ignore.get']({ folder: 'none' }, call)), 'not-found');
  assert.deepEqual(
    tree(a),
    withFolders({ 'in/x.tmp': 'x', 'x.tmp': 'x', 'in/y/x.tmp': 'y', 'in/.tidemarkignore': '*.tmp' }),
  );
});

test('lines that are no rule are named, by their number in their text', async (t) => {
  const { a } = await synced(t, ['A'], {});
  const shared = '# fine\n*.o\n[a\n/\n\n!\n';
  const local = './x\nphotos\\raw\nC:\\temp\n\\#fine\n';
  const { faults } = value(await a.control['ignore.preview']({ folder: '', shared, local }, call));
  assert.deepEqual(
    faults.map(({ where, line }) => `${where} ${line}`),
    ['shared 3', 'shared 4', 'shared 6', 'local 1', 'local 2', 'local 3'],
  );
});

test('a hundred thousand files are judged from the state alone', (t) => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  const { db } = opened;
  t.after(() => db.close());
  const add = db.prepare(
    `INSERT INTO local (node, kind, parent, name, fold, condition, file_id, stamp, size, mtime, executable, hashed)
     VALUES (?, ?, ?, ?, '', 'seen', '', '', 10, '0', 0, 1)`,
  );
  db.transaction(() => {
    let folder = '';
    for (let i = 1; i <= 100_000; i += 1) {
      const node = parseNodeId(uuidV7(i, new Uint8Array(10)));
      const isFolder = i % 100 === 1;
      add.run(
        node,
        isFolder ? 'folder' : 'file',
        isFolder ? ROOT_NODE : folder,
        isFolder ? `d${i}` : `f${i}.${i % 2 ? 'o' : 'c'}`,
      );
      if (isFolder) folder = node;
    }
  })();
  const state = new State(db);
  const rules = IgnoreRules.of([{ folder: '', text: '*.o\nd101/\n' }]);
  let excluded = 0;
  for (const { path, kind } of state.selection.here(ROOT_NODE, ''))
    if (kind !== 'folder' && rules.isExcluded(path, false).excluded) excluded += 1;
  assert.equal(excluded, 1000 * 49 + 50);
});
