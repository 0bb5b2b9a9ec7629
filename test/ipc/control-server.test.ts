import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type ControlServer,
  type ControlServerOutcome,
  createControlServer,
} from '../../src/engine/control/node-control-server.ts';
import { ok, refused } from '../../src/ipc/contract.ts';
import type { ControlEvent } from '../../src/ipc/events.ts';
import { type ControlClient, connectControl } from '../../src/ipc/node-control-client.ts';
import { AT, type FakeEngine, fakeEngine, type Handlers, SAMPLE_STATUS } from '../support/fake-control.ts';

interface Running {
  readonly state: string;
  readonly engine: FakeEngine;
  readonly server: ControlServer;
  readonly log: string[];
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tm-ctl-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function open(state: string, engine: FakeEngine, log: string[] = []): Promise<ControlServerOutcome> {
  const folder = '/home/anna/Tidemark';
  return createControlServer(engine.control, { state, folder, log: (_, message) => log.push(message) });
}

async function start(t: TestContext, handlers: Handlers = {}, inside = ''): Promise<Running> {
  const state = join(await temporary(t), inside);
  await mkdir(state, { recursive: true });
  const engine = fakeEngine(handlers);
  const log: string[] = [];
  const outcome = await open(state, engine, log);
  assert.equal(outcome.kind, 'listening');
  t.after(() => outcome.server.close());
  return { state, engine, server: outcome.server, log };
}

async function client(t: TestContext, state: string): Promise<ControlClient> {
  const outcome = await connectControl(state);
  assert.equal(outcome.kind, 'connected');
  t.after(() => outcome.client.close());
  return outcome.client;
}

/** Sends bytes as they are and reads this many lines back. */
async function raw(path: string, send: string | Uint8Array, lines: number): Promise<unknown[]> {
  const socket: Socket = connect(path);
  socket.write(send);
  let text = '';
  for await (const piece of socket) {
    text += String(piece);
    if (text.split('\n').length > lines) break;
  }
  socket.destroy();
  return text
    .split('\n')
    .slice(0, lines)
    .map((line): unknown => JSON.parse(line));
}

const call = (id: number, method: string, params: unknown = {}) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;

const errorCode = (reply: unknown): unknown => {
  if (typeof reply !== 'object' || reply === null || !('error' in reply)) return 'no error';
  const { error } = reply;
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : 'no code';
};

test('socket, folder and control file are for their owner only', async (t) => {
  const { state, server } = await start(t);
  assert.equal((await stat(state)).mode & 0o777, 0o700);
  assert.equal((await stat(server.socket)).mode & 0o777, 0o600);
  assert.equal((await stat(join(state, 'control.json'))).mode & 0o777, 0o600);
  const file: unknown = JSON.parse(await readFile(join(state, 'control.json'), 'utf8'));
  assert.deepEqual(file, { socket: server.socket, pid: process.pid });
  assert.equal(server.socket, join(state, 'control.sock'));
});

test('a state folder that others could enter is closed to them', async (t) => {
  const state = await temporary(t);
  await chmod(state, 0o755);
  const outcome = await open(state, fakeEngine());
  assert.equal(outcome.kind, 'listening');
  t.after(() => outcome.server.close());
  assert.equal((await stat(state)).mode & 0o777, 0o700);
});

test('a state folder with a long path has its socket in a private folder elsewhere', async (t) => {
  const { state, server } = await start(t, {}, `${'long-'.repeat(20)}/${'path-'.repeat(20)}`);
  assert.ok(Buffer.byteLength(server.socket) <= 100);
  assert.ok(!server.socket.startsWith(state));
  assert.equal((await stat(join(server.socket, '..'))).mode & 0o077, 0);
  assert.equal((await stat(server.socket)).mode & 0o777, 0o600);
  const answer = await (await client(t, state)).call('status', {});
  assert.deepEqual(answer, { kind: 'ok', value: SAMPLE_STATUS });
});

test('socket and control file are gone after closing', async (t) => {
  const { state, server } = await start(t);
  await server.close();
  await assert.rejects(stat(server.socket), { code: 'ENOENT' });
  await assert.rejects(stat(join(state, 'control.json')), { code: 'ENOENT' });
  assert.deepEqual(await connectControl(state), { kind: 'not-running' });
});

test('what a killed engine left behind is replaced', async (t) => {
  const state = await temporary(t);
  const left = join(state, 'control.sock');
  const script = `require('node:net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`;
  const dead = spawnSync(process.execPath, ['-e', script]);
  await stat(left);
  await writeFile(join(state, 'control.json'), JSON.stringify({ socket: left, pid: dead.pid }));
  assert.deepEqual(await connectControl(state), { kind: 'not-running' });
  const outcome = await open(state, fakeEngine());
  assert.equal(outcome.kind, 'listening');
  t.after(() => outcome.server.close());
  assert.equal((await (await client(t, state)).call('status', {})).kind, 'ok');
});

test('a pid that was given out again does not keep a dead engine’s socket', async (t) => {
  const state = await temporary(t);
  await writeFile(
    join(state, 'control.json'),
    JSON.stringify({ socket: join(state, 'control.sock'), pid: process.pid }),
  );
  const outcome = await open(state, fakeEngine());
  assert.equal(outcome.kind, 'listening');
  t.after(() => outcome.server.close());
});

test('a living engine’s socket is never taken, with or without its control file', async (t) => {
  const { state, engine, server } = await start(t);
  assert.deepEqual(await open(state, fakeEngine()), { kind: 'in-use', pid: process.pid });
  await rm(join(state, 'control.json'));
  assert.deepEqual(await open(state, fakeEngine()), { kind: 'in-use', pid: 0 });
  await raw(server.socket, call(1, 'status'), 1);
  assert.equal(engine.calls.length, 1);
});

test('closing leaves the control file of a later engine alone', async (t) => {
  const { state, server } = await start(t);
  const later = JSON.stringify({ socket: '/elsewhere.sock', pid: 1 });
  await writeFile(join(state, 'control.json'), later);
  await server.close();
  assert.equal(await readFile(join(state, 'control.json'), 'utf8'), later);
});

test('a control file that makes no sense means that nothing is running', async (t) => {
  const state = await temporary(t);
  for (const text of ['', '{', '{"socket":5,"pid":1}', '{"socket":"/x","pid":0}']) {
    await writeFile(join(state, 'control.json'), text);
    assert.deepEqual(await connectControl(state), { kind: 'not-running' });
  }
});

test('each kind of bad line gets its error, and the same connection goes on', async (t) => {
  const { server } = await start(t);
  const sent = [
    'not json\n',
    '\n',
    '[1,2]\n',
    call(1, 'nothing'),
    call(2, '__proto__'),
    call(3, 'wait', { timeout: 'soon' }),
    call(4, 'history', { path: '/etc/passwd' }),
    call(5, 'status'),
  ].join('');
  const replies = await raw(server.socket, sent, 7);
  const codes = replies.map(errorCode).toSorted();
  assert.deepEqual(codes, [-32_600, -32_601, -32_601, -32_602, -32_602, -32_700, 'no error']);
});

test('a line without end is refused once and costs no memory', async (t) => {
  const { server } = await start(t);
  const huge = Buffer.alloc(8 * 1024 * 1024, 0x61);
  const before = process.memoryUsage().arrayBuffers;
  const replies = await raw(server.socket, Buffer.concat([huge, Buffer.from(`\n${call(9, 'status')}`)]), 2);
  assert.deepEqual(replies.map(errorCode), [-32_001, 'no error']);
  assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 1024 * 1024);
});

test('bytes that are no text are refused', async (t) => {
  const { server } = await start(t);
  const [reply] = await raw(server.socket, Uint8Array.of(0xff, 0xfe, 0x0a), 1);
  assert.equal(errorCode(reply), -32_700);
});

test('a client that closes its side at once still gets its answer', async (t) => {
  const { server } = await start(t);
  const socket = connect({ path: server.socket, allowHalfOpen: true });
  socket.end(call(1, 'status'));
  let text = '';
  for await (const piece of socket) text += String(piece);
  assert.match(text, /"up-to-date"/);
});

test('more calls at once than one client may have are refused, not queued', async (t) => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { server } = await start(t, {
    status: async () => {
      await gate;
      return ok(SAMPLE_STATUS);
    },
  });
  const many = Array.from({ length: 70 }, (_, id) => call(id, 'status')).join('');
  const replies = raw(server.socket, many, 70);
  setTimeout(release, 100);
  const codes = (await replies).map(errorCode);
  assert.equal(codes.filter((code) => code === -32_002).length, 6);
  assert.equal(codes.filter((code) => code === 'no error').length, 64);
});

test('a refusal carries its code, its facts and the sentence', async (t) => {
  const { server, state } = await start(t, {
    restore: () => Promise.resolve(refused('unknown-version', { file: 'a.txt' })),
  });
  const [reply] = await raw(server.socket, call(1, 'restore', { path: 'a.txt', version: 3 }), 1);
  assert.deepEqual(reply, {
    jsonrpc: '2.0',
    id: 1,
    error: {
      code: -32_000,
      message: 'That version of a.txt is not kept any more.',
      data: { code: 'unknown-version', facts: { file: 'a.txt' } },
    },
  });
  const answer = await (await client(t, state)).call('restore', { path: 'a.txt', version: 3 });
  assert.deepEqual(answer, refused('unknown-version', { file: 'a.txt' }));
});

test('a method that throws is told as a fault and logged, and the engine goes on', async (t) => {
  const { state, log } = await start(t, { rescan: () => Promise.reject(new Error('secret detail')) });
  const one = await client(t, state);
  const answer = await one.call('rescan', {});
  assert.equal(answer.kind, 'fault');
  assert.ok(answer.kind === 'fault' && !answer.message.includes('secret'));
  assert.deepEqual(log, ['control method rescan failed']);
  assert.equal((await one.call('status', {})).kind, 'ok');
});

test('an answer that breaks the contract is a fault for the client', async (t) => {
  const broken = { ...SAMPLE_STATUS, state: 'green' };
  const { state } = await start(t, { status: () => Promise.resolve(ok(broken as never)) });
  assert.equal((await (await client(t, state)).call('status', {})).kind, 'fault');
});

test('paths arrive below the folder, however they were typed', async (t) => {
  const { state, engine } = await start(t);
  const one = await client(t, state);
  await one.call('history', { path: '/home/anna/Tidemark/docs/../a.txt' });
  await one.call('repair', { surface: '.' });
  await one.call('explain', { path: './b/' });
  assert.deepEqual(
    engine.calls.map(({ params }) => params),
    [{ path: 'a.txt' }, { surface: '' }, { path: 'b' }],
  );
});

test('two clients get their own answers, in any order', async (t) => {
  const { state } = await start(t, {
    wait: async ({ timeout }) => {
      await new Promise((resolve) => setTimeout(resolve, timeout * 1000));
      return ok({
        done: true,
        reason: 'done',
        sentence: '',
        missing: [],
        missingTotal: 0,
        seconds: timeout,
        head: 1,
      });
    },
  });
  const [one, two] = [await client(t, state), await client(t, state)];
  const order: string[] = [];
  const slow = one.call('wait', { timeout: 0.1 }).then((answer) => {
    order.push('slow');
    return answer;
  });
  const quick = await one.call('status', {});
  order.push('quick');
  assert.equal((await two.call('status', {})).kind, 'ok');
  assert.equal(quick.kind, 'ok');
  assert.equal((await slow).kind, 'ok');
  assert.deepEqual(order, ['quick', 'slow']);
});

test('a caller that goes away lets its call know', async (t) => {
  let aborted = () => {};
  const gone = new Promise<void>((resolve) => {
    aborted = resolve;
  });
  const { state, engine } = await start(t, {
    wait: (_params, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted();
          reject(new Error('gone'));
        });
      }),
  });
  const one = await client(t, state);
  const answer = one.call('wait', { timeout: 60 });
  while (engine.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  one.close();
  assert.deepEqual(await answer, { kind: 'lost' });
  await gone;
});

test('a subscription begins with the status and then tells what happens', async (t) => {
  const { state, engine } = await start(t);
  const one = await client(t, state);
  const events: ControlEvent[] = [];
  assert.equal(await one.subscribe((event) => events.push(event)), true);
  const activity = {
    kind: 'activity',
    id: 7,
    node: null,
    at: AT,
    direction: 'received',
    verb: 'edited',
    path: 'a.txt',
    from: null,
    device: 'Studio-PC',
    user: 'ben',
    number: 3,
    size: 10,
    undoable: false,
    sentence: 'ben edited a.txt on Studio-PC.',
  } as const;
  engine.emit(activity);
  engine.emit({ kind: 'status', at: AT, status: SAMPLE_STATUS });
  while (events.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(events.map(({ kind }) => kind).toSorted(), ['activity', 'status', 'status']);
  assert.deepEqual(
    events.find(({ kind }) => kind === 'activity'),
    activity,
  );
});

test('a subscription to one kind of event gives no other, and ends with its client', async (t) => {
  const { state, engine } = await start(t);
  const one = await client(t, state);
  const events: ControlEvent[] = [];
  await one.subscribe((event) => events.push(event), ['activity']);
  engine.emit({ kind: 'status', at: AT, status: SAMPLE_STATUS });
  await one.call('status', {});
  assert.deepEqual(events, []);
  assert.equal(engine.listeners(), 1);
  one.close();
  while (engine.listeners() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a client that does not read misses events instead of filling the engine’s memory', async (t) => {
  const { server, engine } = await start(t);
  const socket = connect(server.socket);
  socket.write(call(1, 'subscribe', { events: ['activity'] }));
  socket.once('readable', () => socket.pause());
  while (engine.listeners() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const sentence = 'x'.repeat(10_000);
  for (let i = 0; i < 2000; i += 1)
    engine.emit({
      kind: 'activity',
      id: i,
      node: null,
      at: AT,
      direction: 'here',
      verb: 'problem',
      path: String(i),
      from: null,
      device: '',
      user: '',
      number: null,
      size: null,
      undoable: false,
      sentence,
    });
  let text = '';
  socket.on('data', (piece) => {
    text += String(piece);
  });
  while (!text.includes('"skipped"')) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(text.length < 4 * 1024 * 1024);
  socket.destroy();
});

test('closing lets an answer under way out', async (t) => {
  const { state, engine, server } = await start(t, {
    stop: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return ok({ stopping: true, pid: 1 });
    },
  });
  const one = await client(t, state);
  const answer = one.call('stop', {});
  while (engine.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.close();
  assert.deepEqual(await answer, { kind: 'ok', value: { stopping: true, pid: 1 } });
  await one.closed;
});

test('a socket of somebody else at a foreign place is not followed into trouble', async (t) => {
  const state = await temporary(t);
  const path = join(state, 'chatty.sock');
  const chatty = createServer((socket) => socket.end('hello, this is not JSON\n'));
  await new Promise<void>((resolve) => chatty.listen(path, resolve));
  t.after(() => chatty.close());
  await writeFile(join(state, 'control.json'), JSON.stringify({ socket: path, pid: process.pid }));
  assert.deepEqual(await (await client(t, state)).call('status', {}), { kind: 'lost' });
});
