import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { typed } from '../support/typed.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tm-srv-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Process {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
}

function start(t: TestContext, ...words: readonly string[]): Process {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      output += piece.toString();
    });
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  t.after(() => child.kill('SIGKILL'));
  return { child, exit, output: () => output };
}

async function readyAt(file: string, everyMs = 20): Promise<{ url: string; pid: number }> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return JSON.parse(text) as { url: string; pid: number };
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

test('the server says where it listens, takes users while it runs, and SIGTERM ends it with 0', async (t) => {
  const root = await temporary(t);
  const [data, ready, password] = [join(root, 'data'), join(root, 'ready.json'), join(root, 'password')];
  await writeFile(password, 'a good password\n');
  const server = start(t, 'server', '--data', data, '--port', '0', '--ready-file', ready);
  const { url, pid } = await readyAt(ready);
  assert.equal(pid, server.child.pid);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${url}/v1/health`)).status, 200);
  const add = ['user', 'add', '--data', data, '--name', 'anna', '--password-file', password, '--json'];
  const added = await typed(add);
  assert.deepEqual([added.code, JSON.parse(added.stdout)], [0, { added: true, user: 'anna' }]);
  const again = await typed(add);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /anna/);
  server.child.kill('SIGTERM');
  assert.equal(await server.exit, 0);
  assert.match(server.output(), /listens at http:.*\nThe server has stopped\.\n$/);
});

test('a server that is told to end the moment it is ready ends cleanly', async (t) => {
  const root = await temporary(t);
  for (let round = 0; round < 3; round += 1) {
    const ready = join(root, `ready-${round}.json`);
    const server = start(t, 'server', '--data', join(root, 'data'), '--port', '0', '--ready-file', ready);
    await readyAt(ready, 1);
    server.child.kill('SIGTERM');
    assert.equal(await server.exit, 0, server.output());
  }
});

test('without a certificate the server serves this computer only', async (t) => {
  const root = await temporary(t);
  const said = await typed(['server', '--data', join(root, 'data'), '--host', '0.0.0.0', '--port', '0']);
  assert.equal(said.code, 1);
  assert.match(said.stderr, /certificate/);
});

test('a password file that is not there, is empty or too long is told before anything is done', async (t) => {
  const root = await temporary(t);
  const file = join(root, 'password');
  const add = ['user', 'add', '--data', join(root, 'data'), '--name', 'anna', '--password-file', file];
  const sentences: string[] = [];
  const attempt = async () => {
    const said = await typed(add);
    assert.equal(said.code, 2);
    sentences.push(said.stderr.replaceAll(file, 'FILE'));
  };
  await attempt();
  await writeFile(file, '\n');
  await attempt();
  await writeFile(file, 'x'.repeat(1025));
  await attempt();
  assert.deepEqual(sentences, [
    'The password file FILE is not there.\n',
    'The password file FILE is empty.\n',
    'The password in FILE is longer than 1024 bytes.\n',
  ]);
});

test('options of server and link that make no sense are code 2', async (t) => {
  const root = await temporary(t);
  const link = [
    'link',
    '--user',
    'u',
    '--password-file',
    'p',
    '--device',
    'd',
    '--state',
    root,
    '--folder',
    root,
  ];
  for (const words of [
    ['server', '--data', root, '--port', 'eighty'],
    ['server', '--data', root, '--port', '65536'],
    ['server', '--data', root, '--tls-cert', 'only-this'],
    [...link, '--server', 'ftp://x'],
    [...link, '--server', 'not a url'],
  ])
    assert.equal((await typed(words)).code, 2, words.join(' '));
});

test('keys are changed while the server stands still, and files are served afterwards', async (t) => {
  const root = await temporary(t);
  const [data, ready, password] = [join(root, 'data'), join(root, 'ready.json'), join(root, 'password')];
  await writeFile(password, 'a good password\n');
  const server = start(t, 'server', '--data', data, '--port', '0', '--ready-file', ready);
  await readyAt(ready);
  await typed(['user', 'add', '--data', data, '--name', 'anna', '--password-file', password]);
  const busy = await typed(['server', 'keys', 'rotate', '--data', data]);
  assert.deepEqual([busy.code, /is running with the data/.test(busy.stderr)], [1, true]);
  server.child.kill('SIGTERM');
  assert.equal(await server.exit, 0);
  const keyPath = join(data, 'keys/master.key');
  const before = await readFile(keyPath, 'utf8');
  const rotated = await typed(['server', 'keys', 'rotate', '--data', data, '--json']);
  // Nobody has stored anything: there is no key to draw anew.
  assert.deepEqual([rotated.code, JSON.parse(rotated.stdout)], [0, { rotated: 0, dryRun: false }]);
  const dry = await typed(['server', 'keys', 'rewrap', '--data', data, '--dry-run', '--json']);
  assert.deepEqual([dry.code, JSON.parse(dry.stdout).keys], [0, 0]);
  assert.equal(await readFile(keyPath, 'utf8'), before);
  assert.equal((await typed(['server', 'keys', 'rewrap', '--data', data])).code, 0);
  assert.notEqual(await readFile(keyPath, 'utf8'), before);
  await rm(ready);
  const again = start(t, 'server', '--data', data, '--port', '0', '--ready-file', ready);
  assert.equal((await fetch(`${(await readyAt(ready)).url}/v1/health`)).status, 200);
  again.child.kill('SIGTERM');
  assert.equal(await again.exit, 0);
  const nothing = await typed(['server', 'keys', 'rotate', '--data', join(root, 'nowhere')]);
  assert.deepEqual([nothing.code, /no server.s data/.test(nothing.stderr)], [1, true]);
});
