import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  appendFile,
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Fleet, type TestDevice, until } from '../support/devices.ts';

/** One fleet for all: each test works in a folder of its own, and leaves everything in step. */
let fleet: Fleet;
let laptop: TestDevice;
let studio: TestDevice;
/** Enough files that deleting some is no mass deletion, and that deleting these is one. */
const SHELF = 120;

before(
  async () => {
    fleet = await Fleet.open('Laptop', 'Studio');
    [laptop, studio] = fleet.devices as [TestDevice, TestDevice];
    await mkdir(laptop.path('shelf'));
    for (let i = 0; i < SHELF; i += 1) await writeFile(laptop.path(`shelf/book-${i}.txt`), `book ${i}\n`);
    await fleet.converge();
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

const read = (device: TestDevice, path: string) => readFile(device.path(path), 'utf8');
const names = async (device: TestDevice, path: string) => (await readdir(device.path(path))).sort();

async function wire(): Promise<number> {
  const statuses = await Promise.all([laptop.status(), studio.status()]);
  return statuses.reduce((sum, { bytesSent, bytesReceived }) => sum + bytesSent + bytesReceived, 0);
}

test('new files arrive with their bytes, program bit and time', async () => {
  await mkdir(laptop.path('new'));
  await writeFile(laptop.path('new/run.sh'), '#!/bin/sh\n');
  await chmod(laptop.path('new/run.sh'), 0o755);
  await writeFile(laptop.path('new/empty'), '');
  await mkdir(laptop.path('new/empty-folder'));
  await utimes(laptop.path('new/empty'), 1_000_000_000, 1_000_000_000);
  await fleet.converge();
  assert.equal((await stat(studio.path('new/run.sh'))).mode & 0o100, 0o100);
  assert.equal((await stat(studio.path('new/empty'))).mtimeMs, 1_000_000_000_000);
  assert.deepEqual(await names(studio, 'new'), ['empty', 'empty-folder', 'run.sh']);
});

test('names that people and programs really use arrive byte for byte', async () => {
  const odd = [
    'ä',
    'a\u0308 decomposed',
    ' leading and trailing ',
    '-rf',
    'line\nbreak',
    '100% {x}',
    'con',
    '🌊',
    '.hidden',
  ];
  await mkdir(laptop.path('odd'));
  for (const name of odd) await writeFile(laptop.path(`odd/${name}`), name);
  await fleet.converge();
  assert.deepEqual(await names(studio, 'odd'), odd.toSorted());
});

test('edits go both ways', async () => {
  await writeFile(laptop.path('talk.txt'), 'one\n');
  await fleet.converge();
  await appendFile(studio.path('talk.txt'), 'two\n');
  await fleet.converge();
  await appendFile(laptop.path('talk.txt'), 'three\n');
  await fleet.converge();
  assert.equal(await read(studio, 'talk.txt'), 'one\ntwo\nthree\n');
});

test('a renamed folder moves with everything in it, and its content does not travel again', async () => {
  await mkdir(laptop.path('album'));
  for (let i = 0; i < 20; i += 1) await writeFile(laptop.path(`album/${i}.raw`), randomBytes(20_000));
  await fleet.converge();
  const before = await wire();
  await rename(laptop.path('album'), laptop.path('album of last year'));
  await fleet.converge();
  assert.equal((await names(studio, 'album of last year')).length, 20);
  await assert.rejects(stat(studio.path('album')), { code: 'ENOENT' });
  assert.ok((await wire()) - before < 100_000, 'less than a quarter of the content');
});

test('a file that moves to another folder is the same file, with its history', async () => {
  await mkdir(studio.path('from'));
  await mkdir(studio.path('to'));
  await writeFile(studio.path('from/letter.txt'), 'first\n');
  await fleet.converge();
  await appendFile(studio.path('from/letter.txt'), 'second\n');
  await fleet.converge();
  await rename(studio.path('from/letter.txt'), studio.path('to/letter.txt'));
  await fleet.converge();
  const { nodes } = await laptop.ask('history', { path: 'to/letter.txt' });
  assert.deepEqual(
    nodes[0]?.versions.map(({ number }) => number),
    [2, 1],
  );
});

test('two files can change places', async () => {
  await writeFile(laptop.path('left.txt'), 'left\n');
  await writeFile(laptop.path('right.txt'), 'right\n');
  await fleet.converge();
  await rename(laptop.path('left.txt'), laptop.path('between.txt'));
  await rename(laptop.path('right.txt'), laptop.path('left.txt'));
  await rename(laptop.path('between.txt'), laptop.path('right.txt'));
  await fleet.converge();
  assert.deepEqual([await read(studio, 'left.txt'), await read(studio, 'right.txt')], ['right\n', 'left\n']);
});

test('a link arrives as a link, and what it points at is never read or written', async () => {
  const outside = join(fleet.root, 'outside.txt');
  await writeFile(outside, 'not yours\n');
  await symlink(outside, laptop.path('points-outside'));
  await symlink('nowhere', laptop.path('points-nowhere'));
  await mkdir(join(fleet.root, 'outside-folder'));
  await writeFile(join(fleet.root, 'outside-folder/secret.txt'), 'secret\n');
  await symlink(join(fleet.root, 'outside-folder'), laptop.path('points-at-folder'));
  await fleet.converge();
  assert.equal(await readlink(studio.path('points-outside')), outside);
  await rm(studio.path('points-outside'));
  await rm(studio.path('points-at-folder'));
  await fleet.converge();
  assert.equal(await readFile(outside, 'utf8'), 'not yours\n');
  assert.deepEqual(await readdir(join(fleet.root, 'outside-folder')), ['secret.txt']);
});

test('a small edit in a large file sends little', async () => {
  const size = 8 * 1024 * 1024;
  await writeFile(laptop.path('large.bin'), randomBytes(size));
  await fleet.converge();
  const before = await wire();
  const file = await open(laptop.path('large.bin'), 'r+');
  await file.write(randomBytes(100), 0, 100, size / 2);
  await file.close();
  await fleet.converge();
  assert.ok((await wire()) - before < 1024 * 1024, `${(await wire()) - before} bytes on the wire`);
});

test('what is deleted goes to the trash, and comes back from it on both sides', async () => {
  await mkdir(studio.path('gone'));
  await writeFile(studio.path('gone/a.txt'), 'a\n');
  await fleet.converge();
  await rm(studio.path('gone'), { recursive: true });
  await fleet.converge();
  await assert.rejects(stat(laptop.path('gone')), { code: 'ENOENT' });
  const { items } = await laptop.ask('trash.list', {});
  const row = items.find(({ path }) => path === 'gone');
  assert.ok(row, JSON.stringify(items));
  const restored = await laptop.type('trash', 'restore', row.id);
  assert.equal(restored.code, 0, restored.stderr);
  await fleet.converge();
  assert.equal(await read(studio, 'gone/a.txt'), 'a\n');
});

test('an old version can be read and brought back, also of a file that is gone', async () => {
  await writeFile(laptop.path('draft.txt'), 'version one\n');
  await fleet.converge();
  await writeFile(laptop.path('draft.txt'), 'version two\n');
  await fleet.converge();
  assert.equal((await studio.type('cat', 'draft.txt', '--version', '1')).stdout, 'version one\n');
  await rm(studio.path('draft.txt'));
  await fleet.converge();
  assert.equal((await laptop.type('cat', 'draft.txt')).stdout, 'version two\n');
  const restored = await laptop.type('restore', 'draft.txt', '--version', '1');
  assert.equal(restored.code, 0, restored.stderr);
  await fleet.converge();
  assert.equal(await read(studio, 'draft.txt'), 'version one\n');
});

async function bothOffline(work: () => Promise<void>, first: TestDevice, second: TestDevice): Promise<void> {
  await Promise.all([laptop.ask('pause', {}), studio.ask('pause', {})]);
  await work();
  await first.ask('resume', {});
  assert.equal((await first.ask('wait', { timeout: 20 })).done, true);
  await second.ask('resume', {});
  await fleet.converge();
}

test('both edit a file offline: both versions are kept, on both sides, and one may be chosen', async () => {
  await writeFile(laptop.path('plan.txt'), 'plan\n');
  await fleet.converge();
  const edits = async () => {
    await appendFile(laptop.path('plan.txt'), 'by laptop\n');
    await appendFile(studio.path('plan.txt'), 'by studio\n');
  };
  await bothOffline(edits, laptop, studio);
  const [here, there] = [await laptop.ask('conflicts.list', {}), await studio.ask('conflicts.list', {})];
  const row = there.conflicts.find(({ path }) => path === 'plan.txt');
  assert.ok(row?.copyPath, JSON.stringify(there));
  assert.deepEqual(
    here.conflicts.map(({ id }) => id),
    there.conflicts.map(({ id }) => id),
  );
  assert.match(row.copyPath, /^plan \(conflict - Studio, anna, [0-9-]+ [0-9.]+, v\d+\)\.txt$/);
  assert.equal(await read(laptop, 'plan.txt'), 'plan\nby laptop\n');
  assert.equal(await read(laptop, row.copyPath), 'plan\nby studio\n');
  assert.equal((await studio.status()).state, 'needs-you');
  const resolved = await studio.type('conflicts', 'resolve', row.id, '--keep', 'mine');
  assert.equal(resolved.code, 0, resolved.stderr);
  await fleet.converge();
  assert.equal(await read(laptop, 'plan.txt'), 'plan\nby studio\n');
  await assert.rejects(stat(laptop.path(row.copyPath)), { code: 'ENOENT' });
  assert.equal((await laptop.status()).conflicts, 0);
});

test('both make the same edit offline: there is nothing to settle', async () => {
  await writeFile(laptop.path('same.txt'), 'a\n');
  await fleet.converge();
  const edits = async () => {
    await writeFile(laptop.path('same.txt'), 'the same\n');
    await writeFile(studio.path('same.txt'), 'the same\n');
  };
  await bothOffline(edits, studio, laptop);
  assert.equal((await laptop.status()).conflicts, 0);
  const copies = (await names(laptop, '.')).filter((name) => name.includes('(conflict'));
  assert.deepEqual(copies, []);
});

for (const first of ['the deletion', 'the edit'] as const) {
  test(`one deletes what the other edits, offline, and ${first} arrives first: the edit lives`, async () => {
    const path = `edited-${first === 'the edit' ? 1 : 2}.txt`;
    await writeFile(laptop.path(path), 'a\n');
    await fleet.converge();
    const edits = async () => {
      await rm(laptop.path(path));
      await appendFile(studio.path(path), 'b\n');
    };
    const order: [TestDevice, TestDevice] = first === 'the edit' ? [studio, laptop] : [laptop, studio];
    await bothOffline(edits, ...order);
    assert.equal(await read(laptop, path), 'a\nb\n');
  });
}

test('one moves what the other edits, offline: both are done', async () => {
  await mkdir(laptop.path('desk'));
  await writeFile(laptop.path('memo.txt'), 'a\n');
  await fleet.converge();
  const edits = async () => {
    await rename(laptop.path('memo.txt'), laptop.path('desk/memo.txt'));
    await appendFile(studio.path('memo.txt'), 'b\n');
  };
  await bothOffline(edits, laptop, studio);
  assert.equal(await read(laptop, 'desk/memo.txt'), 'a\nb\n');
  await assert.rejects(stat(laptop.path('memo.txt')), { code: 'ENOENT' });
});

test('a device that was off catches up, and tells what changed meanwhile', async () => {
  await mkdir(studio.path('while-off'));
  await writeFile(studio.path('while-off/kept.txt'), 'kept\n');
  await fleet.converge();
  assert.equal(await studio.stop(), 0, 'a clean stop');
  await appendFile(studio.path('while-off/kept.txt'), 'edited while off\n');
  await writeFile(laptop.path('while-off/other.txt'), 'from laptop\n');
  await studio.start();
  await fleet.converge();
  assert.equal(await read(laptop, 'while-off/kept.txt'), 'kept\nedited while off\n');
  assert.equal(await read(studio, 'while-off/other.txt'), 'from laptop\n');
});

test('an ignored file stays where it is, and a new rule deletes nothing anywhere', async () => {
  await mkdir(laptop.path('project'));
  await writeFile(laptop.path('project/notes.log'), 'synced before the rule\n');
  await fleet.converge();
  await writeFile(laptop.path('.tidemarkignore'), '*.log\n');
  await fleet.converge();
  await writeFile(laptop.path('project/build.log'), 'only here\n');
  await laptop.ask('wait', { timeout: 10 });
  assert.equal(await read(studio, 'project/notes.log'), 'synced before the rule\n');
  assert.equal(await read(laptop, 'project/notes.log'), 'synced before the rule\n');
  assert.deepEqual(await names(studio, 'project'), ['notes.log']);
  await rm(laptop.path('project/build.log'));
  await rm(laptop.path('.tidemarkignore'));
  await fleet.converge();
});

test('without the server work goes on, and arrives when it is back', async () => {
  await fleet.server.stop();
  try {
    await writeFile(laptop.path('offline.txt'), 'written without a server\n');
    await until('the laptop says that it is offline', async () =>
      (await laptop.status()).state === 'offline' ? true : null,
    );
    assert.equal((await laptop.type('wait', '--timeout', '1')).code, 1);
  } finally {
    await fleet.server.start();
  }
  await fleet.converge();
  assert.equal(await read(studio, 'offline.txt'), 'written without a server\n');
});

test('a device killed in the middle of its work goes on where it was', async () => {
  await mkdir(laptop.path('many'));
  for (let i = 0; i < 30; i += 1) await writeFile(laptop.path(`many/${i}.bin`), randomBytes(50_000));
  await studio.kill();
  await laptop.kill();
  await Promise.all([laptop.start(), studio.start()]);
  const picture = await fleet.converge();
  assert.equal([...picture.keys()].filter((path) => path.startsWith('many/')).length, 30);
  assert.deepEqual(
    [...picture.keys()].filter((path) => path.includes('(conflict')),
    [],
  );
});

test('paused is said, and wait names it', async () => {
  await laptop.ask('pause', {});
  try {
    await writeFile(laptop.path('paused.txt'), 'x\n');
    const waited = await laptop.type('wait', '--timeout', '5', '--json');
    assert.equal(waited.code, 1);
    assert.equal((JSON.parse(waited.stdout) as { reason: string }).reason, 'paused');
    assert.equal((await laptop.status()).state, 'paused');
  } finally {
    await laptop.ask('resume', {});
  }
  await fleet.converge();
});

test('a mass deletion is held for a yes; everything else goes on', async () => {
  // Out of the folder in one piece: a slow `rm -r` may get some files past the brake before it trips.
  await rename(laptop.path('shelf'), join(fleet.root, 'shelf elsewhere'));
  const batch = await until('the laptop holds the deletion', async () => {
    const { batches } = await laptop.ask('review.list', {});
    return batches[0] ?? null;
  });
  await writeFile(laptop.path('meanwhile.txt'), 'goes on\n');
  await until('the other file arrives', () => read(studio, 'meanwhile.txt').catch(() => null));
  assert.equal((await names(studio, 'shelf')).length, SHELF);
  const approved = await laptop.type('review', 'approve', batch.id);
  assert.equal(approved.code, 0, approved.stderr);
  await fleet.converge();
  await assert.rejects(stat(studio.path('shelf')), { code: 'ENOENT' });
});

test('both say that they are up to date, with nothing left over', async () => {
  await fleet.converge();
  for (const device of fleet.devices) {
    const status = await device.status();
    assert.deepEqual(
      [status.state, status.pendingUploads, status.pendingDownloads, status.unseen, status.problems],
      ['up-to-date', 0, 0, 0, 0],
    );
    assert.equal(status.cursor, status.serverHead);
  }
});

test('stop ends the engine, and status then says so', async () => {
  const stopped = await studio.type('stop');
  assert.equal(stopped.code, 0, stopped.stderr);
  assert.equal((await studio.type('status')).code, 3);
  await studio.start();
  await fleet.converge();
});
