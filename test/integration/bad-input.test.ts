import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Database from 'better-sqlite3';
import { mountTmpfs } from '../disk/mounts.ts';
import { differences, Fleet, pictureOf, type TestDevice, until } from '../support/devices.ts';
import { command, type Ran, Running } from '../support/processes.ts';

let fleet: Fleet;
let linked: TestDevice;

before(
  async () => {
    fleet = await Fleet.open();
    linked = await fleet.link('Linked');
    await writeFile(linked.path('kept.txt'), 'kept\n');
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

interface Attempt {
  readonly server?: string;
  readonly password?: string;
  readonly state?: string;
  readonly folder?: string;
  readonly more?: readonly string[];
}

let count = 0;

function run(state: string): Running {
  count += 1;
  return new Running(['run', '--state', state], join(fleet.root, `run-${count}.log`));
}

/** Tries to link a folder with two files in it, unless another folder is named. */
async function attempt(change: Attempt): Promise<{ ran: Ran; folder: string; state: string }> {
  count += 1;
  const folder = change.folder ?? join(fleet.root, `folder ${count}`);
  const state = change.state ?? join(fleet.root, `state-${count}`);
  const password = join(fleet.root, `password-${count}`);
  await writeFile(password, `${change.password ?? 'a password for tests'}\n`);
  if (change.folder === undefined) {
    await mkdir(join(folder, 'inside'), { recursive: true });
    await writeFile(join(folder, 'a.txt'), 'a\n');
    await writeFile(join(folder, 'inside/b.txt'), 'b\n');
  }
  const who = ['--server', change.server ?? fleet.server.url, '--user', 'anna', '--password-file', password];
  const where = ['--device', `d${count}`, '--state', state, '--folder', folder];
  return { ran: await command(['link', ...who, ...where, ...(change.more ?? [])]), folder, state };
}

/** One sentence on the error stream, and nothing new in the folder or in the place of the state. */
async function refusedCleanly(change: Attempt, exit: number, sentence: RegExp): Promise<void> {
  const { ran, folder, state } = await attempt(change);
  assert.equal(ran.code, exit, ran.stderr + ran.stdout);
  assert.match(ran.stderr, sentence);
  assert.doesNotMatch(ran.stderr, /\n.*\n|\bat .*:\d+:\d+/, 'one line, no stack');
  if (change.folder === undefined) {
    assert.deepEqual((await readdir(folder)).sort(), ['a.txt', 'inside']);
    assert.equal(await readFile(join(folder, 'inside/b.txt'), 'utf8'), 'b\n');
  }
  if (change.state === undefined) assert.equal(existsSync(join(state, 'account.json')), false);
}

test('a wrong password is code 4 and links nothing', async () => {
  await refusedCleanly({ password: 'not it' }, 4, /^The user name or password is not right/);
});

test('a server that cannot be reached is code 4 and links nothing', async () => {
  await refusedCleanly(
    { server: 'http://127.0.0.1:9' },
    4,
    /^No Tidemark server answers at http:\/\/127\.0\.0\.1:9 /,
  );
});

test('something that is no such server is code 4 and links nothing', async () => {
  const web = createServer((_request, answer) => answer.end('<h1>Welcome</h1>'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const address = web.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    await refusedCleanly({ server: `http://127.0.0.1:${port}` }, 4, /^No Tidemark server answers at /);
  } finally {
    web.close();
  }
});

test('a file where the folder or a folder above it should be is code 5, and stays', async () => {
  const file = join(fleet.root, 'a file');
  await writeFile(file, 'not a folder\n');
  await refusedCleanly({ folder: file }, 5, /a file is a file, and no folder/);
  await refusedCleanly({ folder: join(file, 'below') }, 5, /a file is a file, and no folder/);
  assert.equal(await readFile(file, 'utf8'), 'not a folder\n');
});

// Root may write everywhere: for root the next test stands.
if (process.getuid?.() !== 0)
  test('a folder that this user may not write is code 5', async () => {
    const folder = join(fleet.root, 'read-only');
    await mkdir(folder, { mode: 0o500 });
    await refusedCleanly({ folder }, 5, /may not write in .*read-only/);
  });

test('a folder on a disk that cannot be written is code 5, for root too', async (t) => {
  const disk = await mountTmpfs('1m,ro');
  if (disk === null) {
    t.skip('nothing can be mounted here: it takes root (#4)');
    return;
  }
  try {
    for (const folder of [disk.path, join(disk.path, 'below')])
      await refusedCleanly({ folder }, 5, /^Tidemark may not write in /);
    await refusedCleanly({ state: join(disk.path, 'state') }, 5, /^Tidemark may not write in /);
  } finally {
    await disk.close();
  }
});

test('an address that would send the password in clear is code 2, and nothing is sent', async () => {
  await refusedCleanly(
    { server: 'http://sync.example.org' },
    2,
    /^sync\.example\.org would be reached without encryption/,
  );
});

test('a state inside the folder that is to be synced is code 5', async () => {
  const folder = join(fleet.root, 'with its state');
  await mkdir(folder);
  await refusedCleanly({ folder, state: join(folder, 'state') }, 5, /state would lie inside/);
  assert.deepEqual(await readdir(folder), []);
});

test('a folder that another device owns is code 5, and nothing in it changes', async () => {
  const before = await pictureOf(linked.folder);
  await refusedCleanly({ folder: linked.folder }, 5, /belongs to another Tidemark device/);
  assert.deepEqual(differences(before, await pictureOf(linked.folder)), []);
});

test('a folder inside a synced folder, or around one, is code 5', async () => {
  await mkdir(linked.path('deeper'), { recursive: true });
  await refusedCleanly({ folder: linked.path('deeper') }, 5, /inside or around a folder that is synced/);
  assert.deepEqual(await readdir(linked.path('deeper')), []);
  await mkdir(join(fleet.root, 'around'), { recursive: true });
  const inner = await attempt({ folder: join(fleet.root, 'around/inner') });
  assert.equal(inner.ran.code, 0, inner.ran.stderr);
  await refusedCleanly({ folder: join(fleet.root, 'around') }, 5, /inside or around a folder that is synced/);
});

test('a state that has a device already is not given another', async () => {
  const account = await readFile(join(linked.state, 'account.json'), 'utf8');
  const { ran } = await attempt({ state: linked.state });
  assert.equal(ran.code, 5, ran.stderr);
  assert.match(ran.stderr, /belongs to a device that is linked to another folder/);
  assert.equal(await readFile(join(linked.state, 'account.json'), 'utf8'), account);
});

test('a dry run tells the plan and leaves folder, state and server as they were', async () => {
  const { ran, folder, state } = await attempt({ more: ['--dry-run', '--json'] });
  assert.equal(ran.code, 0, ran.stderr);
  const { kind, plan } = JSON.parse(ran.stdout) as { kind: string; plan: { upload: number } };
  assert.deepEqual([kind, plan.upload], ['would-link', 2]);
  assert.deepEqual((await readdir(folder)).sort(), ['a.txt', 'inside']);
  assert.equal(existsSync(state), false);
});

/** Runs the engine on a state that it must refuse, and answers with what it said. */
async function refusedRun(state: string): Promise<{ code: number | null; said: string }> {
  const engine = run(state);
  const late = setTimeout(() => engine.child.kill('SIGKILL'), 20_000);
  const code = await engine.ended;
  clearTimeout(late);
  return { code, said: engine.log() };
}

/** Waits until the engine answers and is in step. */
async function inStep(state: string): Promise<void> {
  await until('the device is in step', async () => {
    const waited = await command(['wait', '--state', state, '--timeout', '10']);
    return waited.code === 0 ? true : null;
  });
}

test('an engine without a linked device says what to do', async () => {
  const { code, said } = await refusedRun(join(fleet.root, 'nothing here'));
  assert.ok(code !== 0 && code !== null);
  assert.match(said, /There is no linked device in .*nothing here\. Run "tidemark link" first\./);
});

test('a state of a newer version is refused, and stays as it is', async () => {
  const { state, folder, ran } = await attempt({});
  assert.equal(ran.code, 0, ran.stderr);
  const engine = run(state);
  await inStep(state);
  assert.equal(await engine.stop(), 0);
  const db = new Database(join(state, 'state.db'));
  db.pragma('user_version = 9999');
  db.close();
  const before = await pictureOf(folder);
  const { code, said } = await refusedRun(state);
  assert.ok(code !== 0 && code !== null);
  assert.match(said, /written by a newer Tidemark/);
  assert.deepEqual(differences(before, await pictureOf(folder)), []);
});

test('a state that was damaged is set aside, and nothing is deleted', async () => {
  const { state, folder, ran } = await attempt({});
  assert.equal(ran.code, 0, ran.stderr);
  const first = run(state);
  await inStep(state);
  assert.equal(await first.stop(), 0);
  for (const suffix of ['-wal', '-shm']) await rm(join(state, `state.db${suffix}`), { force: true });
  await truncate(join(state, 'state.db'), 5000);
  const before = await pictureOf(folder);
  const again = run(state);
  await inStep(state);
  assert.equal(await again.stop(), 0);
  assert.match(again.log(), /was damaged and has been set aside/);
  assert.deepEqual(differences(before, await pictureOf(folder)), []);
  assert.ok((await readdir(state)).some((name) => name.includes('damaged')));
});

test('a second engine on the same state is refused, and the first goes on', async () => {
  await linked.start();
  const { code, said } = await refusedRun(linked.state);
  assert.ok(code !== 0 && code !== null);
  assert.match(said, /Another Tidemark is running with the state in/);
  assert.equal((await linked.type('status')).code, 0);
  assert.equal(await linked.stop(), 0);
});
