/** RULES 10–17 on real folders: deletes, moves, identity, names, remote states, the brake. */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
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
  Stage,
  serverTree,
  snapshot,
  synced,
  text,
  together,
  tree,
  until,
  versions,
  withoutHints,
} from './stage.ts';

test('RULES 10: a folder is deleted while something new in it is still on its way down: the new file survives', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'D/old.txt': 'old', 'keep.txt': 'k' });
  const undo = faults.add({
    fault: { kind: 'refuse', code: 'unavailable' },
    route: 'getChunks',
    when: ({ headers }) => headers['authorization'] === `Bearer ${tokenOf(b)}`,
  });
  t.after(undo);
  put(a, 'D/new.txt', 'x'.repeat(5000));
  await inStep(a);
  await until('B has heard of it', () => b.engine.state.remoteNodeAt('D/new.txt') !== null);
  rmSync(at(b, 'D'), { recursive: true });
  await until('B has claimed the deletion', () => b.engine.state.remoteNodeAt('D/old.txt') === null);
  undo();
  await allHold(devices, { 'D/new.txt': 'x'.repeat(5000), 'keep.txt': 'k' });
});

function tokenOf(device: { readonly engine: { readonly token: string | null } }): string {
  return device.engine.token ?? '';
}

test('RULES 10: a file moved out of a folder that is deleted in the same moment lives on', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'D/f.txt': 'f', 'D/g.txt': 'g', 'D/e/h.txt': 'h' });
  renameSync(at(a, 'D/f.txt'), at(a, 'f.txt'));
  renameSync(at(a, 'D/e'), at(a, 'e'));
  rmSync(at(a, 'D'), { recursive: true });
  await allHold(devices, { 'f.txt': 'f', 'e/h.txt': 'h' });
  assert.deepEqual(await versions(a, 'f.txt'), ['f']);
});

test('RULES 11: a file moved away there and deleted here survives at its new place', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f', 'g.txt': 'g' });
  apart(b);
  mkdirSync(at(a, 'archive'));
  renameSync(at(a, 'f.txt'), at(a, 'archive/f.txt'));
  unlinkSync(at(b, 'f.txt'));
  await inStep(a);
  together(b);
  await allHold(devices, { 'archive/f.txt': 'f', 'g.txt': 'g' });
  assert.deepEqual(await versions(a, 'archive/f.txt'), ['f']);
});

test('RULES 11: deleted on both sides is nothing more to do', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'f', 'g.txt': 'g' });
  apart(b);
  rmSync(at(a, 'd'), { recursive: true });
  rmSync(at(b, 'd'), { recursive: true });
  await inStep(a);
  together(b);
  await allHold(devices, { 'g.txt': 'g' });
  assert.deepEqual(await conflictsOf(b), []);
});

test('RULES 11: a file becomes a folder and a folder becomes a file: two nodes, and nothing else', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { x: 'was a file', 'y/in.txt': 'in' });
  unlinkSync(at(a, 'x'));
  put(a, 'x/in.txt', 'now a folder');
  rmSync(at(a, 'y'), { recursive: true });
  put(a, 'y', 'now a file');
  await allHold(devices, { 'x/in.txt': 'now a folder', y: 'now a file' });
  rmSync(at(b, 'x'), { recursive: true });
  put(b, 'x', 'a file again');
  await allHold(devices, { x: 'a file again', y: 'now a file' });
});

test('RULES 12: what this device saw created after it took part in a delete is a create, also with the old bytes', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'out/x.o': 'object', empty: '' });
  rmSync(at(a, 'out'), { recursive: true });
  unlinkSync(at(a, 'empty'));
  await allHold(devices, {});
  put(b, 'out/x.o', 'object');
  put(b, 'empty', '');
  await allHold(devices, { 'out/x.o': 'object', empty: '' });
  assert.equal(a.status().review + b.status().review, 0);
});

test('RULES 12: delete and create again before anybody was told', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'f', 'd/g.txt': 'g' });
  apart(a);
  unlinkSync(at(a, 'f.txt'));
  rmSync(at(a, 'd'), { recursive: true });
  await a.engine.scanner.scanAll();
  put(a, 'f.txt', 'f');
  put(a, 'd/g.txt', 'g');
  put(a, 'd/h.txt', 'h');
  await a.engine.scanner.scanAll();
  together(a);
  await allHold(devices, { 'f.txt': 'f', 'd/g.txt': 'g', 'd/h.txt': 'h' });
  assert.deepEqual(await conflictsOf(a), []);
});

test('RULES 12: a zombie is asked about in a union merge, and only there', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'gone.txt', 'a text that was deleted');
  put(a, 'keep.txt', 'k');
  await inStep(a);
  unlinkSync(at(a, 'gone.txt'));
  await inStep(a);
  mkdirSync(`${stage.base}/C`);
  writeFileSync(`${stage.base}/C/gone.txt`, 'a text that was deleted');
  writeFileSync(`${stage.base}/C/keep.txt`, 'k');
  const c = await stage.device('C');
  await until('the review is there', () => c.status().review === 1);
  await inStep(a);
  assert.deepEqual(tree(a), { 'keep.txt': 'k' });
  assert.deepEqual(tree(c), { 'gone.txt': 'a text that was deleted', 'keep.txt': 'k' });
  assert.deepEqual(await serverTree(a), { 'keep.txt': 'k' });
});

// --- identity ----------------------------------------------------------------------------------------------------

test('RULES 13: f becomes the backup f~ and a new f is written: f keeps its history, f~ is a new file', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one', 'dir/f.txt': 'one in dir' });
  renameSync(at(a, 'f.txt'), at(a, 'f.txt~'));
  writeFileSync(at(a, 'f.txt'), 'two');
  mkdirSync(at(a, 'backup'));
  renameSync(at(a, 'dir/f.txt'), at(a, 'backup/f.txt'));
  writeFileSync(at(a, 'dir/f.txt'), 'two in dir');
  await allHold(devices, {
    'f.txt': 'two',
    'f.txt~': 'one',
    'dir/f.txt': 'two in dir',
    'backup/f.txt': 'one in dir',
  });
  assert.deepEqual(await versions(a, 'f.txt'), ['two', 'one']);
  assert.deepEqual(await versions(a, 'f.txt~'), ['one']);
  assert.deepEqual(await versions(a, 'dir/f.txt'), ['two in dir', 'one in dir']);
  assert.deepEqual(await versions(a, 'backup/f.txt'), ['one in dir']);
});

test('RULES 13: the same, seen backup first', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one' }, { environment: withoutHints });
  renameSync(at(a, 'f.txt'), at(a, 'f.txt~'));
  writeFileSync(at(a, 'f.txt'), 'two');
  a.engine.scanner.hint([{ kind: 'look', folder: '', child: 'f.txt~' }]);
  await a.engine.scanner.drain();
  a.engine.scanner.hint([{ kind: 'look', folder: '', child: 'f.txt' }]);
  await a.engine.scanner.drain();
  await allHold(devices, { 'f.txt': 'two', 'f.txt~': 'one' });
  assert.deepEqual(await versions(a, 'f.txt'), ['two', 'one']);
});

test('RULES 13: saving through a temporary file keeps the node, also when the temporary file was synced before', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  writeFileSync(at(a, 'f.txt.tmp'), 'two');
  renameSync(at(a, 'f.txt.tmp'), at(a, 'f.txt'));
  await inStep(...devices);
  writeFileSync(at(a, 'f.txt.tmp'), 'three');
  await inStep(...devices);
  renameSync(at(a, 'f.txt.tmp'), at(a, 'f.txt'));
  await allHold(devices, { 'f.txt': 'three' });
  assert.deepEqual(await versions(a, 'f.txt'), ['three', 'two', 'one']);
});

test('RULES 13: mv a b over a synced b: b takes the content, a is gone with b as its successor', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'a.txt': 'from a', 'b.txt': 'from b' });
  renameSync(at(a, 'a.txt'), at(a, 'b.txt'));
  await allHold(devices, { 'b.txt': 'from a' });
  assert.deepEqual(await versions(a, 'b.txt'), ['from a', 'from b']);
  const events = await snapshot(a);
  const b = events.find((event) => event.entry.name === 'b.txt');
  const gone = events.find((event) => event.entry.name === 'a.txt');
  assert.equal(gone?.entry.live, false);
  assert.equal(gone?.entry.successor, b?.node);
});

test('RULES 13: a temporary file that went up half-written and then took the name is read anew', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], {
    'f.txt': 'the same first',
    'f.tmp': 'the same first',
  });
  apart(a);
  writeFileSync(at(a, 'f.tmp'), 'the whole save', { flag: 'r+' });
  renameSync(at(a, 'f.tmp'), at(a, 'f.txt'));
  together(a);
  await allHold(devices, { 'f.txt': 'the whole save' });
  assert.deepEqual(await versions(a, 'f.txt'), ['the whole save', 'the same first']);
});

test('RULES 13: mv f g, then an edit of g, is a move and an edit of one node', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(a);
  renameSync(at(a, 'f.txt'), at(a, 'g.txt'));
  writeFileSync(at(a, 'g.txt'), 'one and two', { flag: 'r+' });
  together(a);
  await allHold(devices, { 'g.txt': 'one and two' });
  assert.deepEqual(await versions(a, 'g.txt'), ['one and two', 'one']);
});

for (const [what, folder] of [
  ['files in one folder', false],
  ['files of different folders', true],
] as const)
  test(`RULES 13: swap, ring and chain of renames of ${what}: ids win`, async (t) => {
    const path = (name: string) => (folder ? `in-${name}/${name}` : name);
    const { devices, a } = await synced(t, ['A', 'B'], {
      [path('s1')]: 's1',
      [path('s2')]: 's2',
      [path('r1')]: 'r1',
      [path('r2')]: 'r2',
      [path('r3')]: 'r3',
      [path('c1')]: 'c1',
      [path('c2')]: 'c2',
    });
    apart(a);
    const mv = (from: string, to: string) => renameSync(at(a, path(from)), at(a, path(to)));
    renameSync(at(a, path('s1')), at(a, 'hop'));
    mv('s2', 's1');
    renameSync(at(a, 'hop'), at(a, path('s2')));
    renameSync(at(a, path('r3')), at(a, 'hop'));
    mv('r2', 'r3');
    mv('r1', 'r2');
    renameSync(at(a, 'hop'), at(a, path('r1')));
    if (folder) mkdirSync(at(a, 'in-c3'));
    mv('c2', 'c3');
    mv('c1', 'c2');
    await a.engine.scanner.scanAll();
    const sent = a.status().bytesSent;
    together(a);
    const rest: Record<string, string> = folder ? { 'in-c1/': 'folder' } : {};
    await allHold(devices, {
      ...rest,
      [path('s1')]: 's2',
      [path('s2')]: 's1',
      [path('r1')]: 'r3',
      [path('r2')]: 'r1',
      [path('r3')]: 'r2',
      [path('c2')]: 'c1',
      [path('c3')]: 'c2',
    });
    assert.ok(sent >= 0);
    for (const [name, history] of [
      ['s1', ['s2']],
      ['s2', ['s1']],
      ['r1', ['r3']],
      ['r2', ['r1']],
      ['r3', ['r2']],
      ['c2', ['c1']],
      ['c3', ['c2']],
    ] as const)
      assert.deepEqual(await versions(a, path(name)), history, name);
  });

test('RULES 13: an inode that is used again at once is no rename', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'a.txt': 'a' });
  apart(a);
  const before = statSync(at(a, 'a.txt')).ino;
  unlinkSync(at(a, 'a.txt'));
  let reused = false;
  for (let i = 0; i < 50 && !reused; i += 1) {
    writeFileSync(at(a, `b${i}.txt`), `b${i}`);
    reused = statSync(at(a, `b${i}.txt`)).ino === before;
    if (!reused) unlinkSync(at(a, `b${i}.txt`));
  }
  together(a);
  await inStep(...devices);
  assert.equal(has(a, 'a.txt'), false);
  const name = Object.keys(tree(a))[0];
  if (name === undefined) t.diagnostic('the file system did not use the inode again');
  else assert.deepEqual(await versions(a, name), [text(a, name)]);
});

test('RULES 13: hard links are two files, and no rename', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'a.txt': 'one' });
  const { linkSync } = await import('node:fs');
  linkSync(at(a, 'a.txt'), at(a, 'b.txt'));
  await allHold(devices, { 'a.txt': 'one', 'b.txt': 'one' });
  writeFileSync(at(a, 'b.txt'), 'two');
  await allHold(devices, { 'a.txt': 'two', 'b.txt': 'two' });
  unlinkSync(at(a, 'a.txt'));
  await allHold(devices, { 'b.txt': 'two' });
});

test('RULES 13: a folder takes the name of a synced folder that was deleted', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'one/1.txt': '1', 'two/2.txt': '2' });
  apart(a);
  rmSync(at(a, 'one'), { recursive: true });
  renameSync(at(a, 'two'), at(a, 'one'));
  together(a);
  await allHold(devices, { 'one/2.txt': '2' });
});

test('RULES 13: a folder is replaced by a new one of the same name: what is in it is compared', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'd/same.txt': 'same', 'd/gone.txt': 'gone' });
  renameSync(at(a, 'd'), at(a, '../away'));
  put(a, 'd/same.txt', 'same');
  put(a, 'd/new.txt', 'new');
  await allHold(devices, { 'd/same.txt': 'same', 'd/new.txt': 'new' });
  assert.deepEqual(await versions(a, 'd/same.txt'), ['same']);
});

// --- names and states --------------------------------------------------------------------------------------------

test('RULES 14: case twins and both normal forms of a name live side by side here, byte for byte', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], {
    'xt_DSCP.h': 'upper',
    'xt_dscp.h': 'lower',
    'Pod/a': 'A',
    'pod/a': 'a',
  });
  renameSync(at(a, 'Pod'), at(a, 'POD'));
  put(a, 'caf\u00e9', 'composed');
  await allHold(devices, {
    'xt_DSCP.h': 'upper',
    'xt_dscp.h': 'lower',
    'POD/a': 'A',
    'pod/a': 'a',
    'caf\u00e9': 'composed',
  });
});

test('RULES 14: the decomposed twin of a name that is there is attributed, never merged and never lost', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'caf\u00e9': 'composed' });
  put(a, 'cafe\u0301', 'decomposed');
  await inStep(...devices);
  const texts = Object.values(tree(a)).sort();
  assert.deepEqual(texts, ['composed', 'decomposed']);
  assert.deepEqual(await serverTree(a), tree(a));
});

test('RULES 15: an edit here while its file moves there into a new folder: place and head advance apart', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  apart(a);
  apart(b);
  put(b, 'G/other.txt', 'o');
  renameSync(at(b, 'f.txt'), at(b, 'G/f.txt'));
  together(b);
  await inStep(b);
  const undo = faults.add({
    fault: { kind: 'journal-lag' },
    route: ['journal', 'notify'],
    when: ({ headers }) => headers['authorization'] === `Bearer ${tokenOf(a)}`,
  });
  t.after(undo);
  put(a, 'f.txt', 'two');
  together(a);
  await until('the edit of A is committed', async () => (await versions(b, 'G/f.txt')).length === 2);
  undo();
  await allHold(devices, { 'G/f.txt': 'two', 'G/other.txt': 'o' });
});

test('RULES 16: the journal read anew as a snapshot changes nothing that was in step', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'D/f.txt': 'f', 'g.txt': 'g' });
  renameSync(at(a, 'D'), at(a, 'E'));
  await inStep(...devices);
  unlinkSync(at(a, 'g.txt'));
  await inStep(...devices);
  const before = tree(b);
  assert.equal(await b.engine.journal.replay(), 'caught-up');
  await allHold(devices, { 'E/f.txt': 'f' });
  assert.deepEqual(tree(b), before);
  assert.equal(b.engine.state.remote.countFiles(), 1);
});

test('RULES 17: a deletion in slices is counted over ten minutes, and later slices join what is held', async (t) => {
  const start: Record<string, string> = {};
  for (let i = 0; i < 30; i += 1) start[`p/${i}.jpg`] = `photo ${i}`;
  const { a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  for (let i = 0; i < 6; i += 1) unlinkSync(at(a, `p/${i}.jpg`));
  await inStep(a, b);
  assert.equal(Object.keys(tree(b)).length, 25);
  for (let i = 6; i < 12; i += 1) unlinkSync(at(a, `p/${i}.jpg`));
  await until('it is held', () => a.status().review === 1);
  for (let i = 12; i < 14; i += 1) unlinkSync(at(a, `p/${i}.jpg`));
  put(a, 'notes.txt', 'goes on');
  await until('the rest goes on', () => has(b, 'notes.txt'));
  await pause(200);
  assert.equal(a.status().review, 1);
  for (const i of [12, 13]) assert.ok(has(b, `p/${i}.jpg`), 'a later slice went up');
  assert.ok(Object.keys(tree(b)).length >= 1 + 1 + 21, 'ten were deleted within ten minutes');
});

// --- queer moves -------------------------------------------------------------------------------------------------

test('a link takes the place of a folder and the folder goes elsewhere', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  renameSync(at(a, 'd'), at(a, 'e'));
  symlinkSync('e', at(a, 'd'));
  await allHold(devices, { 'e/f.txt': 'one', d: 'link to e' });
  unlinkSync(at(a, 'd'));
  renameSync(at(a, 'e'), at(a, 'd'));
  await allHold(devices, { 'd/f.txt': 'one' });
});

test('an empty folder that is removed and made again stays a folder', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'f' });
  mkdirSync(at(a, 'empty/inner'), { recursive: true });
  await allHold(devices, { 'f.txt': 'f', 'empty/inner/': 'folder' });
  rmdirSync(at(b, 'empty/inner'));
  rmdirSync(at(b, 'empty'));
  mkdirSync(at(b, 'empty'));
  await allHold(devices, { 'f.txt': 'f', 'empty/': 'folder' });
});
