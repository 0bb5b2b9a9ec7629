/** Folders that stay online: they leave as a whole or not at all, and whatever happens to them then deletes nothing. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Result } from '../../src/ipc/contract.ts';
import { meddling } from './disk-doubles.ts';
import {
  allHold,
  at,
  call,
  has,
  inStep,
  put,
  refusal,
  serverTree,
  synced,
  type TestDevice,
  text,
  trashTexts,
  tree,
  until,
  value,
  withFolders,
} from './stage.ts';

const START = { 'd/one.txt': 'one', 'd/in/two.txt': 'two', 'keep.txt': 'keep' } as const;

async function remove(device: TestDevice, path: string): Promise<Result<'folders.remove'>> {
  return value(await device.control['folders.remove']({ path, dryRun: false }, call));
}

async function bring(device: TestDevice, path: string): Promise<void> {
  value(await device.control['folders.bring']({ path }, call));
}

async function gone(device: TestDevice, path: string): Promise<void> {
  await until(`${path} has left`, () => !has(device, path));
  await inStep(device);
}

async function places(device: TestDevice, folder = ''): Promise<Record<string, string>> {
  const { folders } = value(await device.control['folders.list']({ folder }, call));
  return Object.fromEntries(folders.map((each) => [each.path, each.place]));
}

test('a folder leaves this computer, stays online and with everybody else, and comes back bit for bit', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], START);
  const dry = value(await a.control['folders.remove']({ path: 'd', dryRun: true }, call));
  assert.deepEqual([dry.files, dry.bytes, dry.blockedTotal, dry.removed], [2, 6, 0, false]);
  await inStep(a, b);
  assert.equal(text(a, 'd/one.txt'), 'one', 'a dry run removes nothing');
  assert.equal((await remove(a, 'd')).removed, true);
  await gone(a, 'd');
  assert.deepEqual(tree(a), { 'keep.txt': 'keep' });
  assert.deepEqual(trashTexts(a).toSorted(), ['one', 'two']);
  await inStep(a, b);
  assert.deepEqual(tree(b), withFolders(START));
  assert.deepEqual(await serverTree(a), withFolders(START));
  assert.deepEqual(await places(a), { d: 'online' });
  assert.deepEqual(await places(b), { d: 'here' });
  assert.equal(a.status().state, 'up-to-date');
  await bring(a, 'd');
  await allHold([a, b], START);
  assert.deepEqual(await places(a), { d: 'here' });
});

test('it stays away over restarts, whatever others do in it', async (t) => {
  const { stage, a: first, b } = await synced(t, ['A', 'B'], START);
  await remove(first, 'd');
  await gone(first, 'd');
  put(b, 'd/new.txt', 'new');
  put(b, 'd/one.txt', 'one, edited');
  put(b, 'd/sub/deep.txt', 'deep');
  rmSync(at(b, 'd/in/two.txt'));
  await inStep(b, first);
  const a = await stage.restart(first);
  await inStep(b, a);
  assert.deepEqual(tree(a), { 'keep.txt': 'keep' });
  const online = {
    'd/new.txt': 'new',
    'd/one.txt': 'one, edited',
    'd/sub/deep.txt': 'deep',
    'keep.txt': 'keep',
  };
  assert.deepEqual(tree(b), withFolders({ ...online, 'd/in/': 'folder' }));
  await bring(a, 'd');
  await allHold([a, b], { ...online, 'd/in/': 'folder' });
});

test('others rename, move and delete it, and move things in and out: they are followed, nothing is deleted', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { ...START, 'out/x.txt': 'x', 'loose.txt': 'loose' });
  await remove(a, 'd');
  await gone(a, 'd');
  renameSync(at(b, 'd'), at(b, 'e'));
  await inStep(b, a);
  assert.deepEqual(await places(a), { e: 'online', out: 'here' });
  renameSync(at(b, 'e/in'), at(b, 'came-out'));
  await inStep(b, a);
  assert.equal(text(a, 'came-out/two.txt'), 'two', 'what leaves the folder comes down');
  renameSync(at(b, 'out'), at(b, 'e/out'));
  renameSync(at(b, 'loose.txt'), at(b, 'e/loose.txt'));
  await inStep(b, a);
  await gone(a, 'out');
  assert.deepEqual(tree(a), { 'came-out/': 'folder', 'came-out/two.txt': 'two', 'keep.txt': 'keep' });
  assert.ok(trashTexts(a).includes('x') && trashTexts(a).includes('loose'));
  const all = {
    'came-out/two.txt': 'two',
    'e/loose.txt': 'loose',
    'e/one.txt': 'one',
    'e/out/x.txt': 'x',
    'keep.txt': 'keep',
  };
  assert.deepEqual(await serverTree(a), withFolders(all));
  mkdirSync(at(b, 'shelf'));
  renameSync(at(b, 'e'), at(b, 'shelf/e'));
  await inStep(b, a);
  assert.deepEqual(await places(a), { 'came-out': 'here', shelf: 'partly' });
  await bring(a, 'shelf/e');
  await inStep(a, b);
  assert.deepEqual(tree(a), tree(b));
  await remove(a, 'shelf');
  await gone(a, 'shelf');
  rmSync(at(b, 'shelf'), { recursive: true });
  await allHold([b, a], { 'came-out/two.txt': 'two', 'keep.txt': 'keep' });
});

test('what has an edit of this computer is moved by others to where all stays online: the edit goes up first', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { ...START, 'p/x.txt': 'x' });
  await remove(a, 'd');
  await gone(a, 'd');
  a.engine.pause();
  put(a, 'p/x.txt', 'x, edited on A');
  put(a, 'p/new.txt', 'new on A');
  renameSync(at(b, 'p'), at(b, 'd/p'));
  await inStep(b);
  a.engine.resume();
  await inStep(a, b);
  await gone(a, 'p');
  await inStep(a, b);
  assert.equal(text(b, 'd/p/x.txt'), 'x, edited on A');
  assert.equal(text(b, 'd/p/new.txt'), 'new on A');
  assert.deepEqual(tree(a), { 'keep.txt': 'keep' });
});

test('the user makes the folder again and works in it: that is synced and stays, beside what is online', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], START);
  await remove(a, 'd');
  await gone(a, 'd');
  put(a, 'd/mine.txt', 'mine');
  put(a, 'd/one.txt', 'another one');
  await inStep(a, b);
  assert.equal(text(a, 'd/mine.txt'), 'mine');
  assert.equal(text(b, 'd/mine.txt'), 'mine');
  assert.equal(text(b, 'd/one.txt'), 'one', 'the one that is online keeps its name');
  assert.ok(Object.values(tree(b)).includes('another one'), 'and the other is kept beside it');
  assert.ok(!has(a, 'd/in'), 'nothing else comes down');
  assert.deepEqual(await places(a), { d: 'partly' });
  const before = await serverTree(a);
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(a, b);
  assert.deepEqual(await serverTree(a), before, 'what is deleted there stays online');
  await bring(a, 'd');
  await inStep(a, b);
  assert.deepEqual(tree(a), tree(b));
});

test('the folder above is deleted here: what stays online in it is not', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'p/d/one.txt': 'one', 'p/x.txt': 'x', 'keep.txt': 'keep' });
  await remove(a, 'p/d');
  await gone(a, 'p/d');
  rmSync(at(a, 'p'), { recursive: true });
  await inStep(a, b);
  assert.deepEqual(tree(b), withFolders({ 'p/d/one.txt': 'one', 'keep.txt': 'keep' }));
  await bring(a, 'p/d');
  await allHold([a, b], { 'p/d/one.txt': 'one', 'keep.txt': 'keep' });
});

test('anything that is not known to be on the server keeps the whole folder here, and is named', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], START);
  const blocked = async (path: string) => {
    const said = await remove(a, path);
    assert.equal(said.removed, false);
    return said.blocked.map((each) => [each.path, each.why]);
  };
  // The server takes no edits for now.
  a.engine.lanes.contents.pump = () => undefined;
  put(a, 'd/in/two.txt', 'two, edited');
  put(a, 'd/new.txt', 'new');
  assert.deepEqual((await blocked('d')).toSorted(), [
    ['d/in/two.txt', 'not-uploaded'],
    ['d/new.txt', 'not-uploaded'],
  ]);
  assert.deepEqual(
    [text(a, 'd/in/two.txt'), text(a, 'd/new.txt'), text(a, 'd/one.txt')],
    ['two, edited', 'new', 'one'],
  );
  assert.equal(
    refusal(await a.control['folders.remove']({ path: 'none', dryRun: false }, call)),
    'not-found',
  );
  assert.equal(
    refusal(await a.control['folders.remove']({ path: 'keep.txt', dryRun: false }, call)),
    'not-a-folder',
  );
  assert.deepEqual(tree(b), withFolders(START));
});

test('while paused nothing can be known to be on the server', async (t) => {
  const { a } = await synced(t, ['A'], START);
  a.engine.pause();
  assert.equal(refusal(await a.control['folders.remove']({ path: 'd', dryRun: false }, call)), 'paused');
});

test('what rules leave out stays where it is, and so does its folder', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { ...START, '.tidemarkignore': '*.o\n' });
  put(a, 'd/in/x.o', 'object');
  await inStep(a, b);
  assert.equal((await remove(a, 'd')).removed, true);
  await until('all else has left', () => !has(a, 'd/one.txt') && !has(a, 'd/in/two.txt'));
  await inStep(a, b);
  assert.equal(text(a, 'd/in/x.o'), 'object');
  assert.deepEqual(tree(b), withFolders({ ...START, '.tidemarkignore': '*.o\n' }));
  renameSync(at(b, 'd'), at(b, 'e'));
  await inStep(b, a);
  await bring(a, 'e');
  await inStep(a, b);
  assert.equal(text(a, 'e/in/two.txt'), 'two');
  assert.equal(text(a, 'e/in/x.o'), 'object', 'it goes along with its folder');
  assert.ok(!has(a, 'd'));
});

test('rules of the folder itself stay with what they leave out: it is not synced for want of them', async (t) => {
  const start = {
    ...START,
    'd/in/.tidemarkignore': '*.o\n',
    'p/.tidemarkignore': '*.key\n',
    'p/x.txt': 'x',
    'e/f.txt': 'f',
  };
  const { stage, a: first, b } = await synced(t, ['A', 'B'], start);
  put(first, 'd/in/x.o', 'object');
  put(first, 'p/my.key', 'secret');
  await inStep(first, b);
  await remove(first, 'd');
  await remove(first, 'e');
  await until('all else has left', () => !has(first, 'd/one.txt') && !has(first, 'd/in/two.txt'));
  await inStep(first, b);
  renameSync(at(b, 'p'), at(b, 'e/p'));
  await inStep(b, first);
  const a = await stage.restart(first);
  await inStep(a, b);
  assert.deepEqual([text(a, 'd/in/x.o'), text(a, 'p/my.key')], ['object', 'secret']);
  const online = Object.keys(await serverTree(b));
  assert.ok(!online.some((path) => path.endsWith('x.o') || path.endsWith('my.key')), online.join());
  await bring(a, 'd');
  await bring(a, 'e');
  await inStep(a, b);
  assert.deepEqual([text(a, 'd/in/x.o'), text(a, 'e/p/my.key')], ['object', 'secret']);
  assert.equal(text(a, 'd/in/two.txt'), 'two');
});

test('a synced file that a new rule leaves out keeps its folder here, and is named', async (t) => {
  const { a } = await synced(t, ['A'], { ...START, 'd/a.o': 'object' });
  put(a, '.tidemarkignore', '*.o\n');
  await inStep(a);
  const said = await remove(a, 'd');
  assert.deepEqual([said.removed, said.blocked], [false, [{ path: 'd/a.o', why: 'left-out' }]]);
});

test('killed at any disk operation of the removal: after the restart it goes on, and nothing is deleted for others', async (t) => {
  const { stage, a: first, b } = await synced(t, ['A', 'B'], {});
  let a = first;
  for (const calls of [0, 1, 2]) {
    const folder = `d${calls}`;
    for (let i = 0; i < 6; i += 1) put(a, `${folder}/${i % 2 ? 'in/' : ''}${i}.txt`, `${calls}.${i}`);
    await inStep(a, b);
    a = await stage.restart(a, dyingAfter(calls));
    await inStep(a);
    await a.control['folders.remove']({ path: folder, dryRun: false }, call);
    await until('it hangs', () => hung);
    stage.crash(a);
    hung = false;
    a = await a.restart({ environment: (env) => env });
    t.after(() => a.stop());
    // At once, before a scan has seen anything: what was in the trash already must not pass for deleted.
    if (calls === 0) await bring(a, folder);
    await inStep(a, b);
    const want = Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((i) => [`${folder}/${i % 2 ? 'in/' : ''}${i}.txt`, `${calls}.${i}`]),
    );
    for (const [path, content] of Object.entries(want)) assert.equal(text(b, path), content, path);
    if (calls === 0) for (const [path, content] of Object.entries(want)) assert.equal(text(a, path), content);
    else assert.ok(!has(a, folder), `${folder} has left`);
  }
});

let hung = false;

/** The disk stands still at the operation of a removal after this many; half of a batch has been moved by then. */
function dyingAfter(calls: number) {
  let left = calls;
  const counted = <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left >= 0) return work();
    hung = true;
    return new Promise<T>(() => undefined);
  };
  return meddling((real) => ({
    toTrash: async (items) => {
      if (left === 0) await real.toTrash(items.slice(0, Math.ceil(items.length / 2)));
      return counted(() => real.toTrash(items));
    },
    removeFolder: (path) => counted(() => real.removeFolder(path)),
  }));
}

test('a file that is saved while the folder leaves stays as an edit', async (t) => {
  const { stage, a: first, b } = await synced(t, ['A', 'B'], START);
  let saves = 1;
  const a = await stage.restart(
    first,
    meddling((real) => ({
      toTrash: (items) => {
        if (saves-- > 0) writeFileSync(at(first, 'd/one.txt'), 'saved at the last moment');
        return real.toTrash(items);
      },
    })),
  );
  await inStep(a, b);
  assert.equal((await remove(a, 'd')).removed, true);
  await until('the edit is with the others', () => text(b, 'd/one.txt') === 'saved at the last moment');
  await inStep(a, b);
  assert.equal(text(a, 'd/one.txt'), 'saved at the last moment');
  assert.ok(!has(a, 'd/in'), 'the rest has left');
});

test('the brake of this device does not count what leaves by choice', async (t) => {
  const start = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`d/${i}.txt`, `${i}`]));
  const { a, b } = await synced(t, ['A', 'B'], start, { brakeFiles: 10 });
  await remove(a, 'd');
  await gone(a, 'd');
  assert.equal(a.status().review, 0);
  await inStep(a, b);
  assert.deepEqual(tree(b), withFolders(start));
});
