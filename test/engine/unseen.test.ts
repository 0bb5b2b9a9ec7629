/** What cannot be observed is never taken for deleted: unreadable folders, other mounts, roots that go away. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Disk, DiskFailure } from '../../src/engine/environment/disk.ts';
import { meddling } from './disk-doubles.ts';
import {
  allHold,
  at,
  has,
  inStep,
  pause,
  put,
  Stage,
  serverTree,
  synced,
  text,
  tree,
  until,
  withFolders,
} from './stage.ts';

const DENIED: DiskFailure = { kind: 'failed', trouble: 'denied', detail: 'EACCES' };

/** A disk on which some paths may not be read: what file permissions do to anybody but root. */
function locked(): { readonly paths: Set<string>; readonly options: ReturnType<typeof meddling> } {
  const paths = new Set<string>();
  const isBelow = (path: string) => [...paths].some((each) => path.startsWith(`${each}/`));
  const options = meddling((real: Disk) => ({
    list: async (folder) => (paths.has(folder) || isBelow(folder) ? DENIED : real.list(folder)),
    look: async (path) => (isBelow(path) ? DENIED : real.look(path)),
    lookMany: async (wanted) => {
      const looks = await real.lookMany(wanted);
      return looks.map((each, i) => (isBelow(wanted[i] ?? '') ? DENIED : each));
    },
    place: async (items) => {
      const open = items.filter((each) => !isBelow(each.path));
      const placed = await real.place(open);
      return items.map((each) => placed[open.indexOf(each)] ?? DENIED);
    },
    toTrash: async (items) => {
      const open = items.filter((each) => !isBelow(each.path));
      const moved = await real.toTrash(open);
      return items.map((each) => moved[open.indexOf(each)] ?? DENIED);
    },
  }));
  return { paths, options };
}

test('an unreadable folder: no deletes, nothing applied below, named, and everything in step when it is readable', async (t) => {
  const stage = await Stage.open(t);
  const lock = locked();
  const a = await stage.device('A', lock.options);
  const b = await stage.device('B');
  const start = { 'd/e/f.txt': 'f', 'd/g.txt': 'g', 'h.txt': 'h' };
  for (const [path, content] of Object.entries(start)) put(a, path, content);
  await inStep(a, b);
  lock.paths.add('d');
  await a.engine.scanner.scanAll();
  assert.equal(a.status().unseen, 1);
  put(b, 'd/g.txt', 'g, edited elsewhere');
  put(b, 'd/new.txt', 'new');
  unlinkSync(at(b, 'd/e/f.txt'));
  put(b, 'h.txt', 'h2');
  await inStep(b);
  await until('the rest syncs on', () => text(a, 'h.txt') === 'h2');
  const done = await a.wait(10);
  assert.equal(done.done, false);
  assert.ok(done.seconds < 5, `${done.seconds}`);
  assert.ok(done.missing.some((each) => each.path === 'd'));
  assert.notEqual(a.status().state, 'up-to-date');
  assert.deepEqual(tree(a), withFolders({ ...start, 'h.txt': 'h2' }));
  lock.paths.clear();
  await a.engine.scanner.scanAll();
  await allHold([a, b], {
    'd/g.txt': 'g, edited elsewhere',
    'd/new.txt': 'new',
    'd/e/': 'folder',
    'h.txt': 'h2',
  });
  assert.equal(a.status().unseen, 0);
  assert.equal(a.status().problems, 0);
});

test('a file that left a name which cannot be looked at is still that file, and not two', async (t) => {
  const stage = await Stage.open(t);
  const blind = new Set<string>();
  const a = await stage.device(
    'A',
    meddling((real) => ({
      lookMany: async (paths) => {
        const looks = await real.lookMany(paths);
        return looks.map((each, i) => (blind.has(paths[i] ?? '') ? DENIED : each));
      },
    })),
  );
  const b = await stage.device('B');
  put(a, 'f.txt', 'one');
  await inStep(a, b);
  const node = a.engine.state.nodeAt('f.txt');
  assert.notEqual(node, null);
  blind.add('f.txt');
  renameSync(at(a, 'f.txt'), at(a, 'g.txt'));
  await until('it is seen there', () => a.engine.state.nodeAt('g.txt') !== null);
  assert.equal(a.engine.state.nodeAt('g.txt'), node);
  blind.clear();
  await allHold([a, b], { 'g.txt': 'one' });
  assert.equal(b.engine.state.nodeAt('g.txt'), node);
});

test('an unreadable folder keeps the engine quiet: nothing spins', async (t) => {
  const stage = await Stage.open(t);
  const lock = locked();
  const a = await stage.device('A', lock.options);
  const b = await stage.device('B');
  put(a, 'd/f.txt', 'f');
  put(a, 'd/g.txt', 'g');
  await inStep(a, b);
  lock.paths.add('d');
  await a.engine.scanner.scanAll();
  unlinkSync(at(b, 'd/f.txt'));
  put(b, 'd/g.txt', 'g2');
  await inStep(b);
  await pause(300);
  let looks = 0;
  const disk = a.engine.parts.env.disk;
  const lookMany = disk.lookMany.bind(disk);
  disk.lookMany = (paths) => {
    looks += 1;
    return lookMany(paths);
  };
  await pause(1000);
  assert.ok(looks < 30, `${looks} looks in a second`);
});

test('as an ordinary user: a folder and a file without permission are unseen, and nobody else loses them', async (t) => {
  if (process.getuid?.() === 0) {
    t.skip('root may read everything: the disk double above stands for it (#4)');
    return;
  }
  const { a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'f', 'g.txt': 'g' });
  chmodSync(at(a, 'd'), 0);
  t.after(() => chmodSync(at(a, 'd'), 0o755));
  await a.engine.scanner.scanAll();
  assert.equal(a.status().unseen, 1);
  await inStep(b);
  assert.equal(text(b, 'd/f.txt'), 'f');
  chmodSync(at(a, 'd'), 0o755);
  await allHold([a, b], { 'd/f.txt': 'f', 'g.txt': 'g' });
});

test('a disk that answers with errors: input and output errors are never absence', async (t) => {
  const broken: { on: boolean } = { on: false };
  const error: DiskFailure = { kind: 'failed', trouble: 'input-output', detail: 'EIO' };
  const stage = await Stage.open(t);
  const a = await stage.device(
    'A',
    meddling((real) => ({
      list: async (folder) => (broken.on && folder !== '' ? error : real.list(folder)),
      lookMany: async (paths) =>
        broken.on ? paths.map((path) => (path === '' ? error : error)) : real.lookMany(paths),
    })),
  );
  const b = await stage.device('B');
  put(a, 'd/f.txt', 'f');
  put(a, 'g.txt', 'g');
  await inStep(a, b);
  broken.on = true;
  a.engine.scanner.hint([
    { kind: 'look', folder: '', child: 'g.txt' },
    { kind: 'look', folder: 'd', child: 'f.txt' },
    { kind: 'lost', why: 'test' },
  ]);
  await a.engine.scanner.drain();
  await pause(400);
  await inStep(b);
  assert.deepEqual(tree(b), { 'd/': 'folder', 'd/f.txt': 'f', 'g.txt': 'g' });
  broken.on = false;
  await a.engine.scanner.scanAll();
  await allHold([a, b], { 'd/f.txt': 'f', 'g.txt': 'g' });
});

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

test('another disk mounted over a synced folder hides its files and deletes none', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'ext/a.txt': 'one', 'ext/sub/b.txt': 'b', 'c.txt': 'c' });
  if (
    !isRoot ||
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tidemark', at(a, 'ext')]).status !== 0
  ) {
    t.skip('nothing can be mounted here: it takes root (#4)');
    return;
  }
  let mounted = true;
  const unmount = () => {
    if (mounted) mounted = spawnSync('umount', [at(a, 'ext')]).status !== 0;
  };
  t.after(unmount);
  writeFileSync(at(a, 'ext/foreign.txt'), 'on the other disk');
  a.engine.scanner.hint([
    { kind: 'look', folder: 'ext', child: 'a.txt' },
    { kind: 'look', folder: 'ext/sub', child: 'b.txt' },
  ]);
  await a.engine.scanner.scanAll();
  put(b, 'ext/a.txt', 'edited elsewhere');
  unlinkSync(at(b, 'ext/sub/b.txt'));
  await inStep(b);
  await pause(500);
  const done = await a.wait(5);
  assert.equal(done.done, false);
  assert.deepEqual(
    tree(b),
    withFolders({ 'ext/a.txt': 'edited elsewhere', 'ext/sub/': 'folder', 'c.txt': 'c' }),
  );
  assert.equal(text(a, 'ext/foreign.txt'), 'on the other disk');
  assert.equal(has(b, 'ext/foreign.txt'), false);
  unmount();
  await a.engine.scanner.scanAll();
  await allHold([a, b], { 'ext/a.txt': 'edited elsewhere', 'ext/sub/': 'folder', 'c.txt': 'c' });
  assert.equal(a.status().problems, 0);
});

// --- the root goes away ------------------------------------------------------------------------------------------

for (const forceFallback of [false, true]) {
  const how = forceFallback ? 'fallback' : 'helper';
  test(`the root is renamed away and comes back: halted meanwhile, no deletes, then in step (${how})`, async (t) => {
    const start = { 'a.txt': 'one', 'd/b.txt': 'two' };
    const { stage, a, b } = await synced(t, ['A', 'B'], start, { forceFallback });
    renameSync(a.root, `${a.root}-away`);
    await a.engine.scan();
    await until('it has halted', () => a.engine.halted !== null);
    assert.equal(a.status().state, 'error');
    assert.equal(a.status().halted?.code, 'root-gone');
    put(b, 'a.txt', 'edited meanwhile');
    await inStep(b);
    await pause(400);
    assert.deepEqual(tree(b), withFolders({ ...start, 'a.txt': 'edited meanwhile' }));
    assert.equal((await a.wait(2)).done, false);
    assert.deepEqual(tree(`${stage.base}/A-away`), withFolders(start));
    renameSync(`${a.root}-away`, a.root);
    put(a, 'c.txt', 'made when it was back');
    await until('it goes on', () => a.engine.halted === null, 6000);
    await allHold([a, b], { ...start, 'a.txt': 'edited meanwhile', 'c.txt': 'made when it was back' });
  });

  test(`the root is an empty folder after an unmount: halted, no deletes (${how})`, async (t) => {
    const start = { 'a.txt': 'one', 'd/b.txt': 'two' };
    const { a, b } = await synced(t, ['A', 'B'], start, { forceFallback });
    renameSync(a.root, `${a.root}-away`);
    mkdirSync(a.root);
    await a.engine.scan();
    await until('it has halted', () => a.engine.halted !== null);
    await pause(400);
    await inStep(b);
    assert.deepEqual(tree(b), withFolders(start));
    assert.deepEqual(tree(a), {}, 'nothing was put into the empty folder');
    rmSync(a.root, { recursive: true });
    renameSync(`${a.root}-away`, a.root);
    await until('it goes on', () => a.engine.halted === null, 6000);
    await allHold([a, b], start);
  });
}

test('a root that is gone when the engine starts: halted, and in step when it is back', async (t) => {
  const start = { 'a.txt': 'one', 'd/b.txt': 'two' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start);
  await stage.stop(a);
  renameSync(a.root, `${a.root}-away`);
  const again = await stage.restart(a);
  assert.equal(again.status().halted?.code, 'root-gone');
  assert.equal((await again.wait(1)).reason, 'trouble');
  renameSync(`${a.root}-away`, a.root);
  await until('it goes on', () => again.engine.halted === null, 6000);
  await allHold([again, b], start);
});

test('a root without its marker is not ours: halted, nothing deleted, nothing written into it', async (t) => {
  const start = { 'a.txt': 'one', 'd/b.txt': 'two' };
  const { stage, a, b } = await synced(t, ['A', 'B'], start);
  await stage.stop(a);
  renameSync(a.root, `${a.root}-away`);
  mkdirSync(a.root);
  const again = await stage.restart(a);
  assert.equal(again.status().halted?.code, 'root-gone');
  await pause(300);
  await inStep(b);
  assert.deepEqual(tree(b), withFolders(start));
  assert.deepEqual(readdirSync(a.root), []);
  rmSync(a.root, { recursive: true });
  renameSync(`${a.root}-away`, a.root);
  await until('it goes on', () => again.engine.halted === null, 6000);
  await allHold([again, b], start);
});

test('the disk got another number at the start of the machine: nothing is read again, and nothing merged', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one', 'd/b.txt': 'two' });
  await stage.stop(a);
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(a.statePath);
  const [device] = (db.prepare("SELECT value FROM meta WHERE key = 'root-id'").pluck().get() as string).split(
    ' ',
  );
  const length = device?.length ?? 0;
  db.prepare("UPDATE meta SET value = 'ffff' || substr(value, ?) WHERE key = 'root-id'").run(length + 1);
  for (const [table, column] of [
    ['local', 'file_id'],
    ['local', 'stamp'],
    ['synced', 'stamp'],
  ])
    db.prepare(`UPDATE ${table} SET ${column} = 'ffff' || substr(${column}, ?)`).run(length + 1);
  db.close();
  unlinkSync(at(a, 'a.txt'));
  let reads = 0;
  const again = await stage.restart(a, {
    environment: (env) => ({
      ...env,
      hashing: {
        ...env.hashing,
        backend: env.hashing.backend,
        blake3: (bytes) => env.hashing.blake3(bytes),
        close: () => env.hashing.close(),
        fingerprint: (requests) => {
          reads += requests.length;
          return env.hashing.fingerprint(requests);
        },
      },
    }),
  });
  await allHold([again, b], { 'd/b.txt': 'two' });
  assert.equal(reads, 0);
});

test('the root is put back from an older copy of it: merged, nothing is deleted that was made since', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one', 'd/b.txt': 'two' });
  const copy = join(stage.base, 'copy');
  cpSync(a.root, copy, { recursive: true, preserveTimestamps: true });
  put(a, 'made-since.txt', 'new');
  put(a, 'a.txt', 'edited since');
  await inStep(a, b);
  await stage.stop(a);
  rmSync(a.root, { recursive: true });
  renameSync(copy, a.root);
  const again = await stage.restart(a);
  await inStep(again, b).catch(() => undefined);
  await inStep(b);
  assert.equal(text(b, 'made-since.txt'), 'new');
  assert.ok(Object.values(tree(b)).includes('edited since'));
});

test('the state is put back from an older copy: merged, nothing is deleted', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'a.txt': 'one', 'd/b.txt': 'two' });
  await stage.stop(a);
  const old = readFileSync(a.statePath);
  const second = await stage.restart(a);
  put(second, 'made-since.txt', 'new');
  put(second, 'a.txt', 'edited since');
  unlinkSync(at(second, 'd/b.txt'));
  await inStep(second, b);
  await stage.stop(second);
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${a.statePath}${suffix}`, { force: true });
  writeFileSync(a.statePath, old);
  const third = await stage.restart(second);
  assert.deepEqual(
    third.status().problemList.map(({ code }) => code),
    ['root-restored'],
  );
  await inStep(third, b);
  assert.deepEqual(tree(third), { 'a.txt': 'edited since', 'made-since.txt': 'new', 'd/': 'folder' });
  assert.deepEqual(tree(b), tree(third));
  assert.deepEqual(await serverTree(b), tree(b));
});
