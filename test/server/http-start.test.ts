/** Starting, stopping, being killed; two servers on one folder; users; a database put back without a word. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { addUser, Refusal, startServer } from '../../server-stub/main.ts';
import { JournalAnswer, NotifyAnswer } from '../../src/protocol/routes.ts';
import { fileOf, freshName, linkDevice, parsedAs, WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };
const made: string[] = [];
after(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'server-'));
  made.push(path);
  return path;
}

function refusedWith(what: RegExp) {
  return (cause: unknown) => {
    assert(cause instanceof Refusal, String(cause));
    assert.match(cause.message, what);
    assert.match(cause.message, /^[A-Z].*\.$/s);
    return true;
  };
}

async function spawned(data: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const program = new URL('./http-server-process.ts', import.meta.url).pathname;
  const readyFile = join(data, 'ready', 'server.json');
  await rm(readyFile, { force: true });
  const child = spawn(process.execPath, [program, data, readyFile], { stdio: ['ignore', 'ignore', 'pipe'] });
  for (let i = 0; i < 400; i += 1) {
    const text = await readFile(readyFile, 'utf8').catch(() => null);
    if (text !== null) {
      const ready = JSON.parse(text);
      assert.equal(ready.pid, child.pid);
      return { child, url: ready.url };
    }
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the server did not become ready');
}

async function restartedDevice(
  server: TestServer,
  old: WireDevice,
): Promise<{ device: WireDevice; wire: Wire }> {
  const wire = new Wire(server.url);
  const device = new WireDevice(wire, old.link, old.instance, old.name);
  device.generation = old.generation;
  device.key = old.key;
  return { device, wire };
}

test('a server says where it listens, ends by SIGTERM, and serves after SIGKILL what it had answered for', async () => {
  const data = await newFolder();
  await addUser({ data, name: ME.user, password: ME.password, scryptCost: 1024 });
  const first = await spawned(data);
  const wire = new Wire(first.url);
  const device = await linkDevice(wire, ME);
  const bytes = randomBytes(50_000);
  const event = await device.addFile('kept', bytes);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await wire.close();
  const second = await spawned(data);
  const again = new Wire(second.url);
  const same = new WireDevice(again, device.link, device.instance, device.name);
  same.generation = device.generation;
  const page = await same.journal();
  assert.deepEqual(
    page.events.map(({ node }) => node),
    [event.node],
  );
  const read = await same.getChunks(fileOf(bytes).frames.map(({ id }) => id));
  assert(Buffer.from(read.frames[0]!.bytes).equals(bytes));
  second.child.kill('SIGTERM');
  const [code] = await once(second.child, 'exit');
  assert.equal(code, 0);
  await again.close();
  await assert.rejects(fetch(`${second.url}/v1/health`));
});

test('a server that is told to stop the moment it is ready stops cleanly', async () => {
  const { child } = await spawned(await newFolder());
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');
  assert.deepEqual([code, signal], [0, null]);
});

test('a second server on the same folder or port is refused in one sentence', async () => {
  const server = await startTestServer();
  try {
    await assert.rejects(startServer({ data: server.data }), refusedWith(/Another server is running/));
    const program = new URL('./http-server-process.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, server.data, join(server.data, 'r')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const [code] = await once(child, 'exit');
    assert.equal(code, 3);
    assert.match(said, /^Another server is running with the data in .*\.\n$/);
    const port = Number(new URL(server.url).port);
    await assert.rejects(
      startServer({ data: await newFolder(), port }),
      refusedWith(/listens on .* already/),
    );
    for (const bad of [-1, 70_000, 1.5])
      await assert.rejects(startServer({ data: await newFolder(), port: bad }), refusedWith(/port/));
  } finally {
    await server.close();
  }
});

test('a start that is refused leaves the folder free for the next', async () => {
  const server = await startTestServer();
  const port = Number(new URL(server.url).port);
  const data = await newFolder();
  await assert.rejects(startServer({ data, port }), Refusal);
  const good = await startServer({ data });
  await good.close();
  await server.close();
});

test('folders that cannot be used, databases that are newer or none, and foreign keys are refused', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(
    startServer({ data: join(folder, 'file', 'below') }),
    refusedWith(/cannot be created/),
  );
  const broken = await newFolder();
  await writeFile(join(broken, 'metadata.sqlite'), randomBytes(8192));
  await assert.rejects(startServer({ data: broken }), refusedWith(/cannot be opened/));
  const newer = await newFolder();
  const db = new Database(join(newer, 'metadata.sqlite'));
  db.pragma('user_version = 999');
  db.close();
  await assert.rejects(startServer({ data: newer }), refusedWith(/newer server/));
  const server = await startTestServer();
  const wire = new Wire(server.url);
  const device = await linkDevice(wire, ME);
  await device.addFile('x', Buffer.from('x'));
  await wire.close();
  await server.stop();
  await rm(join(server.data, 'keys', 'master.key'));
  await assert.rejects(startServer({ data: server.data }), refusedWith(/master key .* is missing/));
  await rm(server.data, { recursive: true });
});

test('users are added while the server runs or not, once, and under a name that can be read', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  try {
    const { data } = server;
    await addUser({ data, name: ' Zoë ', password: 'päßword', scryptCost: 1024 });
    await linkDevice(wire, { user: 'Zoe\u0308', password: 'pa\u0308ßword' }, 'typed otherwise');
    await assert.rejects(addUser({ data, name: 'Zoë', password: 'x' }), refusedWith(/already/));
    for (const name of ['', '  ', 'a\nb', '\u202eevil', 'x'.repeat(200)])
      await assert.rejects(addUser({ data, name, password: 'x' }), refusedWith(/name/));
    await assert.rejects(addUser({ data, name: 'y', password: '' }), refusedWith(/password/));
  } finally {
    await wire.close();
    await server.close();
  }
});

test('a new folder may be opened by several at the same time', async () => {
  const data = await newFolder();
  const names = ['a', 'b', 'c', 'd'];
  const [server] = await Promise.all([
    startServer({ data, chunkThreads: 1 }),
    ...names.map((name) => addUser({ data, name, password: name, scryptCost: 1024 })),
  ]);
  const wire = new Wire(server.url);
  for (const name of names) await linkDevice(wire, { user: name, password: name });
  await wire.close();
  await server.close();
});

test('nothing in the data folder gives away a password or a token, and others cannot read it', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  const device = await linkDevice(wire, ME);
  await device.addFile('x', Buffer.from('the text of the user'));
  await wire.close();
  await server.stop();
  for (const name of ['metadata.sqlite', 'keys/master.key', 'high-water.json']) {
    const bytes = await readFile(join(server.data, name));
    for (const secret of [ME.password, device.link.token, 'the text of the user'])
      assert(!bytes.includes(secret), `${name} holds ${secret}`);
  }
  assert.equal((await stat(join(server.data, 'keys'))).mode & 0o77, 0);
  assert.equal((await stat(join(server.data, 'chunks'))).mode & 0o77, 0);
  await rm(server.data, { recursive: true });
});

/** Commits, takes a copy of the database, commits more, and puts the copy back. */
async function restoredServer(forget: (data: string) => Promise<void>) {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  const device = await linkDevice(wire, ME);
  await device.finalize(device.create(freshName('before'), null));
  await wire.close();
  await server.stop();
  const database = join(server.data, 'metadata.sqlite');
  await copyFile(database, join(server.data, 'backup'));
  const running = await server.restart();
  const later = await restartedDevice(running, device);
  await later.device.finalize(later.device.create(freshName('after'), null));
  const cursor = await later.device.cursor();
  await later.wire.close();
  await running.stop();
  for (const end of ['-wal', '-shm']) await rm(`${database}${end}`, { force: true });
  await copyFile(join(server.data, 'backup'), database);
  await forget(server.data);
  return { server: await running.restart(), old: later.device, cursor };
}

test('a database put back from a backup begins a new epoch before anybody is served', async () => {
  const { server, old, cursor } = await restoredServer(async () => {});
  const { device, wire } = await restartedDevice(server, old);
  const hello = await device.hello();
  assert.notEqual(hello.epoch, cursor.epoch);
  const answer = parsedAs(JournalAnswer, await device.ask('journal', { cursor, limit: 10 }));
  assert(answer.kind === 'resync' && answer.epoch === hello.epoch);
  await wire.close();
  const again = await server.restart();
  const later = await restartedDevice(again, device);
  assert.equal((await later.device.hello()).epoch, hello.epoch, 'and only one');
  await later.wire.close();
  await again.close();
});

test('without the mark beside it the first device that asks proves the loss, and the others wake', async () => {
  const { server, old, cursor } = await restoredServer((data) => rm(join(data, 'high-water.json')));
  const { device, wire } = await restartedDevice(server, old);
  const other = await linkDevice(wire, ME, 'other');
  const seen = await other.cursor();
  assert.equal(seen.epoch, cursor.epoch);
  const poll = other.ask('notify', { seen, seconds: 20 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const answer = parsedAs(JournalAnswer, await device.ask('journal', { cursor, limit: 10 }));
  assert(answer.kind === 'resync' && answer.epoch !== cursor.epoch);
  assert.equal(parsedAs(NotifyAnswer, await poll).changed, true);
  await wire.close();
  await server.close();
});

test('a mark that cannot be read stops nobody', async () => {
  const server = await startTestServer();
  await server.stop();
  await writeFile(join(server.data, 'high-water.json'), '{"version":7');
  const again = await server.restart();
  await again.close();
});

test('half of a mark that a kill left is gone after a start', async () => {
  const server = await startTestServer();
  await server.stop();
  const half = join(server.data, '.high-water.json.new');
  await writeFile(half, '{"version":1,"nam');
  const again = await server.restart();
  await assert.rejects(stat(half), { code: 'ENOENT' });
  await again.close();
});

test('I18, F124: a copy of a device that was told apart stays so when the server starts again', async (t) => {
  const data = await newFolder();
  await addUser({ data, name: ME.user, password: ME.password, scryptCost: 1024 });
  const start = () => randomBytes(16).toString('hex');
  const [mine, ofTheCopy] = [start(), start()];
  const greet = (device: WireDevice, name: string) =>
    device.ask('hello', { protocol: 1, instance: device.instance, generation: 7, start: name, cursor: null });
  const first = await startServer({ data, port: 0 });
  const wire = new Wire(first.url);
  const device = await linkDevice(wire, ME);
  assert.equal((await greet(device, mine)).status, 200);
  await wire.close();
  await first.close();
  const second = await startServer({ data, port: 0 });
  t.after(() => second.close());
  const again = new Wire(second.url);
  t.after(() => again.close());
  const same = new WireDevice(again, device.link, device.instance, device.name);
  same.generation = 7;
  assert.equal((await greet(same, ofTheCopy)).status, 409, 'though nobody greeted this process before');
  assert.equal((await greet(same, mine)).status, 200);
});
