/** HTTP itself: bodies in pieces, cut off, told wrong; garbage; TLS. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Refusal } from '../../server-stub/main.ts';
import { encodeFrames } from '../../src/protocol/frames.ts';
import { ChunksStored, HealthAnswer } from '../../src/protocol/routes.ts';
import { fileOf, linkDevice, parsedAs, type WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };
let server: TestServer;
let wire: Wire;
let device: WireDevice;

before(async () => {
  server = await startTestServer();
  wire = new Wire(server.url);
  device = await linkDevice(wire, ME);
});
after(async () => {
  await wire.close();
  await server.close();
});

/** Says exactly these bytes and reads until the server closes, or a moment passed. */
async function say(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    heard += text;
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  const timer = setTimeout(() => socket.destroy(), 400);
  await closed;
  clearTimeout(timer);
  return heard;
}

function headOf(method: string, path: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

test('a body in pieces, with or without its length told, is the same body', async () => {
  const file = fileOf(randomBytes(300_000));
  const body = encodeFrames({ json: {}, frames: file.frames });
  const pieces = new ReadableStream({
    start(controller) {
      for (let at = 0; at < body.length; at += 50_000) controller.enqueue(body.slice(at, at + 50_000));
      controller.close();
    },
  });
  const init = { method: 'PUT', headers: device.headers(), body: pieces, duplex: 'half' } as const;
  const answer = await fetch(`${server.url}/v1/chunks`, init);
  assert.equal(answer.status, 200);
  const stored = ((await answer.json()) as ChunksStored).stored;
  assert.deepEqual(
    stored,
    file.frames.map(({ id }) => id),
  );
  const head = headOf('PUT', '/v1/chunks', {
    ...device.headers(),
    'content-length': body.length,
    connection: 'close',
  });
  const heard = await say(head, body.subarray(0, 1000), body.subarray(1000, 200_000), body.subarray(200_000));
  assert.match(heard, /^HTTP\/1.1 200 /);
});

test('an upload that breaks off stores nothing', async () => {
  const { frames } = fileOf(randomBytes(100_000));
  const body = encodeFrames({ json: {}, frames });
  const head = headOf('PUT', '/v1/chunks', { ...device.headers(), 'content-length': body.length });
  await say(head, body.subarray(0, body.length - 1));
  const read = await device.getChunks(frames.map(({ id }) => id));
  assert.equal(read.answer.absent.length, 1);
});

test('what is no HTTP gets a typed last word, and the server goes on', async () => {
  for (const garbage of [
    '\x16\x03\x01\x02\x00\x01\x00',
    'HELLO\r\n\r\n',
    `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(20_000)}\r\n`,
  ]) {
    const heard = await say(garbage);
    assert(heard === '' || /^HTTP\/1.1 400 [\s\S]*"code":"bad-request"/.test(heard), heard.slice(0, 200));
  }
  parsedAs(HealthAnswer, await wire.ask('health', null));
});

test('a large body of a stranger is refused before it is received', async () => {
  const head = headOf('PUT', '/v1/chunks', { 'content-length': 20_000_000 });
  assert.match(await say(head, Buffer.alloc(1000)), /^HTTP\/1.1 401 /);
  const told = headOf('PUT', '/v1/chunks', { ...device.headers(), 'content-length': 999_999_999 });
  assert.match(await say(told), /^HTTP\/1.1 413 [\s\S]*"code":"too-large"/);
});

test('a request that is given up does not leave its long poll behind', async () => {
  const seen = await device.cursor();
  const giveUp = new AbortController();
  const poll = device.ask('notify', { seen, seconds: 50 }, { signal: giveUp.signal });
  await new Promise((resolve) => setTimeout(resolve, 80));
  giveUp.abort();
  await assert.rejects(poll);
  const stored = await device.ask('putChunks', {}, { frames: fileOf(randomBytes(5)).frames });
  parsedAs(ChunksStored, stored);
});

test('with a certificate the server speaks TLS, and without one it serves this computer only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, '-out', certFile, ...subject], {
    stdio: 'ignore',
  });
  const secure = await startTestServer({ host: '0.0.0.0', tls: { certFile, keyFile } });
  const port = new URL(secure.url).port;
  const trusted = new Wire(`https://127.0.0.1:${port}`, await readFile(certFile, 'utf8'));
  try {
    assert.match(secure.url, /^https:/);
    const who = await linkDevice(trusted, ME);
    const { frames } = fileOf(randomBytes(2_000_000));
    parsedAs(ChunksStored, await who.ask('putChunks', {}, { frames }));
    assert.equal((await who.getChunks(frames.map(({ id }) => id))).answer.absent.length, 0);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/v1/health`));
    await assert.rejects(fetch(`https://127.0.0.1:${port}/v1/health`), 'nobody vouches for this certificate');
    for (const host of ['0.0.0.0', '192.168.1.5', '::', 'example.org'])
      await assert.rejects(
        startTestServer({ host }),
        (cause) => cause instanceof Refusal && /certificate/.test(cause.message),
      );
    await writeFile(keyFile, 'no key');
    await assert.rejects(startTestServer({ tls: { certFile, keyFile } }));
    await assert.rejects(startTestServer({ tls: { certFile: join(folder, 'none'), keyFile } }), Refusal);
  } finally {
    await trusted.close();
    await secure.close();
    await rm(folder, { recursive: true });
  }
});
