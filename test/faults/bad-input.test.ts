/** Bad input that arrives while everything runs: full disks, servers put back from a backup, damaged marks. */
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Status } from '../../src/ipc/status.ts';
import { fill, mountTmpfs } from '../disk/mounts.ts';
import { differences, Fleet, pictureOf, TestDevice, until } from '../support/devices.ts';
import { Running } from '../support/processes.ts';

let fleet: Fleet;

before(
  async () => {
    fleet = await Fleet.open('A', 'B');
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

function devices(): [TestDevice, TestDevice] {
  const [a, b] = fleet.devices;
  assert.ok(a && b);
  return [a, b];
}

function texts(device: TestDevice): Record<string, string> {
  const names = readdirSync(device.folder).filter((name) => name !== '.tidemark');
  return Object.fromEntries(names.map((name) => [name, readFileSync(device.path(name), 'utf8')]));
}

/** What was told instead, and why, is in the failure. */
async function told(device: TestDevice, what: string, so: (status: Status) => boolean): Promise<Status> {
  let last: Status | null = null;
  const look = async () => {
    last = await device.status();
    return so(last) ? last : null;
  };
  return until(what, look).catch((cause: unknown) => {
    throw new Error(`${device.name} says ${JSON.stringify(last)}\n${device.log()}`, { cause });
  });
}

/** Problems as they are told, whatever their facts and since when. */
function named({ problemList }: Status) {
  return problemList.map(({ path, code, sentence }) => ({ path, code, sentence }));
}

async function same(a: TestDevice, b: TestDevice): Promise<void> {
  await until(`${a.name} and ${b.name} hold the same`, async () => {
    for (const each of [a, b, a, b]) {
      // An engine that begins anew does not answer for a moment.
      const done = await each.ask('wait', { timeout: 10 }).catch(() => null);
      if (!done?.done) return null;
    }
    return differences(await a.picture(), await b.picture()).length === 0 ? true : null;
  });
}

test('a full disk: what does not fit is named, and all of it arrives when there is room', async (t) => {
  const disk = await mountTmpfs('40m');
  if (disk === null) {
    t.skip('nothing can be mounted here: it takes root (#4)');
    return;
  }
  const [, b] = devices();
  const small = new TestDevice(disk.path, 'Small');
  const ballast = join(disk.path, 'ballast');
  try {
    await mkdir(small.folder);
    const linked = await fleet.typeLink(small);
    assert.equal(linked.code, 0, linked.stderr);
    await small.start();
    await writeFile(b.path('notes.txt'), 'notes\n');
    await same(b, small);

    await writeFile(b.path('large.bin'), Buffer.alloc(30_000_000, 'large'));
    const short = await told(small, 'that it does not fit', ({ problems }) => problems > 0);
    assert.deepEqual(named(short), [
      {
        path: 'large.bin',
        code: 'disk-full',
        sentence:
          'There is no room on the disk for large.bin. It is fetched when there is space; nothing was cut short.',
      },
    ]);
    assert.deepEqual(texts(small), { 'notes.txt': 'notes\n' });
    assert.deepEqual(readdirSync(small.path('.tidemark/staging')), []);

    fill(ballast);
    appendFileSync(small.path('notes.txt'), 'written on the full disk\n');
    await writeFile(b.path('more.txt'), 'more\n');
    const full = await told(small, 'that the disk is full', ({ halted }) => halted !== null);
    assert.equal(full.state, 'error');
    assert.equal(
      full.sentence,
      `The disk that holds the state in ${small.state} is full. Syncing stops until there is room on it; nothing was changed.`,
    );
    assert.deepEqual(texts(small), { 'notes.txt': 'notes\nwritten on the full disk\n' });

    await rm(ballast);
    await rm(b.path('large.bin'));
    await same(b, small);
    assert.deepEqual(texts(small), {
      'notes.txt': 'notes\nwritten on the full disk\n',
      'more.txt': 'more\n',
    });
    assert.equal(await small.stop(), 0);

    fill(ballast);
    const picture = await pictureOf(disk.path);
    const state = readFileSync(join(small.state, 'state.db'));
    const refused = new Running(['run', '--state', small.state], join(fleet.root, 'refused.log'));
    assert.equal(await refused.ended, 5);
    assert.equal(
      refused.log(),
      `The disk that holds the state in ${small.state} is full. Syncing stops until there is room on it; nothing was changed.\n`,
    );
    assert.deepEqual(differences(picture, await pictureOf(disk.path)), []);
    assert.ok(state.equals(readFileSync(join(small.state, 'state.db'))));
  } finally {
    await small.kill();
    await disk.close();
  }
});

test('a server put back from an older backup: it is said once, nothing is deleted and nothing is lost', async () => {
  const [a, b] = devices();
  const { server } = fleet;
  const backup = join(fleet.root, 'backup');
  await Promise.all(Object.keys(texts(a)).map((name) => rm(a.path(name))));
  for (const name of ['kept.txt', 'edited.txt', 'gone.txt']) await writeFile(a.path(name), `${name}\n`);
  await fleet.converge();
  await server.stop();
  await cp(server.data, backup, { recursive: true, preserveTimestamps: true });
  await server.start();

  await writeFile(a.path('edited.txt'), 'edited after the backup\n');
  await writeFile(b.path('new.txt'), 'made after the backup\n');
  await rm(a.path('gone.txt'));
  await fleet.converge();
  await server.stop();
  await rm(server.data, { recursive: true });
  await cp(backup, server.data, { recursive: true, preserveTimestamps: true });
  await server.start();

  for (const device of [a, b]) {
    const status = await told(
      device,
      'that the server is older',
      ({ problemList }) => problemList.length > 0,
    );
    assert.deepEqual(named(status), [
      {
        path: '',
        code: 'server-restored',
        sentence:
          'The server was put back from an older backup. Everything is compared again; what it lost goes up once more, and nothing is deleted.',
      },
    ]);
  }
  await fleet.converge();
  const expected = {
    'kept.txt': 'kept.txt\n',
    'edited.txt': 'edited after the backup\n',
    'new.txt': 'made after the backup\n',
    // Deleted after the backup: the server that is there now knows it as alive.
    'gone.txt': 'gone.txt\n',
  };
  assert.deepEqual(texts(a), expected);
  for (const device of [a, b]) {
    const status = await device.status();
    assert.deepEqual([status.state, status.conflicts, status.review], ['up-to-date', 0, 0]);
  }
});

test('a damaged mark in the folder: stopped, nothing touched, and linked again where it was it is merged', async () => {
  const [a, b] = devices();
  await fleet.converge();
  assert.equal(await b.stop(), 0);
  await writeFile(b.path('.tidemark/root.json'), '{"format": 1, "ser');
  await writeFile(b.path('while-it-was-off.txt'), 'off\n');
  const picture = await b.picture();
  await b.start();
  const status = await told(b, 'that the mark is damaged', ({ halted }) => halted !== null);
  assert.match(status.sentence, /^The mark that Tidemark keeps in .* is damaged/);
  assert.deepEqual(differences(picture, await b.picture()), []);

  const running = await fleet.typeLink(b);
  assert.equal(running.code, 5);
  assert.match(running.stderr, /^Another Tidemark is running with the state in .* \(process \d+\)\.\n$/);
  assert.equal(await b.stop(), 0);
  const again = await fleet.typeLink(b);
  assert.equal(again.code, 0, again.stderr);
  await b.start();
  await fleet.converge();
  assert.equal(texts(a)['while-it-was-off.txt'], 'off\n');
  assert.deepEqual(differences(picture, await b.picture()), []);
  assert.equal((await b.status()).conflicts, 0);
});
