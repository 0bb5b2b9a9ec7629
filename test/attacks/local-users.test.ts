/** Another user of this computer against the control socket: nobody but the owner gets a word in, or out of it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createControlServer } from '../../src/engine/control/node-control-server.ts';
import { linkDevice } from '../../src/engine/link-device.ts';
import { connectControl } from '../../src/ipc/node-control-client.ts';
import { fakeEngine } from '../support/fake-control.ts';

const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** Only root can be somebody else as well; and the other one has to be let to the program that plays them. */
function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'only root can play two users';
  const tried = spawnSync(process.execPath, ['-e', 'process.chdir(process.argv[1])', tmpdir()], {
    ...NOBODY,
    cwd: '/',
  });
  return tried.status === 0
    ? false
    : 'another user may not run the Node of this checkout in the temporary folder';
}

const skip = whyNot();

/** Runs snippets as another user, each in its turn; answers how each ended: `done` or an error code. */
function asNobody(...snippets: readonly string[]): readonly string[] {
  const body = snippets.map((snippet) => `await attempt(async () => { ${snippet} });`).join('\n');
  const script = `
    const fs = require('node:fs');
    const { connect } = require('node:net');
    const attempt = async (act) => {
      try { await act(); console.log('done'); } catch (error) { console.log(error.code ?? error.message); }
    };
    const dial = (path) => new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.on('connect', () => { socket.destroy(); resolve(); }).on('error', reject);
    });
    (async () => { ${body} })();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    ...NOBODY,
    cwd: '/',
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout.trim().split('\n');
}

/** A folder that everybody may enter, as a home folder of a careless user. */
function openFolder(t: TestContext, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'tm-users-'));
  chmodSync(folder, mode);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function listening(t: TestContext, state: string) {
  const engine = fakeEngine();
  const outcome = await createControlServer(engine.control, {
    state,
    folder: '/home/anna',
    log: () => undefined,
  });
  if (outcome.kind === 'listening') t.after(() => outcome.server.close());
  return { outcome, engine };
}

const quoted = (path: string): string => JSON.stringify(path);

test('another user can neither connect to the engine nor read, replace or remove what leads to it', {
  skip,
}, async (t) => {
  const state = join(openFolder(t, 0o755), 'state');
  mkdirSync(state);
  const { outcome, engine } = await listening(t, state);
  assert(outcome.kind === 'listening');
  const { socket } = outcome.server;
  const control = join(state, 'control.json');
  const attacks = [
    `await dial(${quoted(socket)})`,
    `fs.readFileSync(${quoted(control)})`,
    `fs.appendFileSync(${quoted(control)}, ' ')`,
    `fs.unlinkSync(${quoted(socket)})`,
    `fs.renameSync(${quoted(socket)}, ${quoted(`${socket}.old`)})`,
    `fs.writeFileSync(${quoted(join(state, 'new'))}, 'x')`,
    `fs.chmodSync(${quoted(socket)}, 0o777)`,
  ];
  assert.deepEqual(asNobody(...attacks, `fs.readdirSync(${quoted(state)})`), Array(8).fill('EACCES'));
  // Also where its owner opened the folder to everybody afterwards.
  chmodSync(state, 0o755);
  const later = asNobody(...attacks);
  assert.deepEqual(later, [...Array(6).fill('EACCES'), 'EPERM']);
  const connected = await connectControl(state);
  assert(connected.kind === 'connected');
  assert.equal((await connected.client.call('status', {})).kind, 'ok');
  connected.client.close();
  assert.equal(engine.calls.length, 1);
});

/** What somebody puts where the private folder for sockets would be made. */
const TRAPS: readonly (readonly [what: string, plant: (path: string) => string])[] = [
  ['a folder', (path) => `fs.mkdirSync(${quoted(path)}); fs.chmodSync(${quoted(path)}, 0o777)`],
  [
    'a link to their folder',
    (path) =>
      `fs.mkdirSync(${quoted(`${path}-real`)}); fs.symlinkSync(${quoted(`${path}-real`)}, ${quoted(path)})`,
  ],
  ['a file', (path) => `fs.writeFileSync(${quoted(path)}, 'x')`],
  ['a link to nothing', (path) => `fs.symlinkSync(${quoted(`${path}-none`)}, ${quoted(path)})`],
];

for (const [what, plant] of TRAPS)
  test(`a socket never goes through ${what} that another user prepared for it`, { skip }, async (t) => {
    const shared = openFolder(t, 0o1777);
    const trap = join(shared, 'tidemark-0');
    assert.deepEqual(asNobody(plant(trap)), ['done']);
    const planted = readdirSync(shared).map(
      (name) => lstatSync(join(shared, name), { bigint: true }).ctimeNs,
    );
    const state = join(openFolder(t, 0o700), 'long-'.repeat(20));
    mkdirSync(state);
    const elsewhere = '/tmp/tidemark-0';
    const wasThere = existsSync(elsewhere);
    const { outcome } = await withTmp(shared, () => listening(t, state));
    assert(outcome.kind === 'listening', 'there is another place');
    const folder = dirname(outcome.server.socket);
    assert.ok(!folder.startsWith(shared), folder);
    const { uid, mode } = lstatSync(folder);
    assert.deepEqual([uid, mode & 0o777], [0, 0o700]);
    assert.deepEqual(
      readdirSync(shared).map((name) => lstatSync(join(shared, name), { bigint: true }).ctimeNs),
      planted,
    );
    await outcome.server.close();
    if (!wasThere) rmSync(elsewhere, { recursive: true, force: true });
  });

test('a private folder in a shared place stays the owner’s, whatever another user tries', {
  skip,
}, async (t) => {
  const shared = openFolder(t, 0o1777);
  const state = join(openFolder(t, 0o700), 'long-'.repeat(20));
  mkdirSync(state);
  const { outcome } = await withTmp(shared, () => listening(t, state));
  assert(outcome.kind === 'listening');
  const { socket } = outcome.server;
  const folder = join(shared, 'tidemark-0');
  assert.equal(dirname(socket), folder);
  const tried = asNobody(
    `await dial(${quoted(socket)})`,
    `fs.unlinkSync(${quoted(socket)})`,
    `fs.renameSync(${quoted(folder)}, ${quoted(join(shared, 'mine'))})`,
    `fs.writeFileSync(${quoted(join(folder, 'x'))}, 'x')`,
  );
  assert.deepEqual(tried, ['EACCES', 'EACCES', 'EPERM', 'EACCES']);
});

test('in a state folder of another user nothing is believed, said or kept', { skip }, async (t) => {
  const state = join(openFolder(t, 0o755), 'bait');
  mkdirSync(state);
  chownSync(state, NOBODY.uid, NOBODY.gid);
  const impostor = await startImpostor(t, state);
  assert.deepEqual(await connectControl(state), {
    kind: 'failed',
    detail: `${state} belongs to another user`,
  });
  const { outcome } = await listening(t, state);
  assert.deepEqual(outcome, { kind: 'failed', detail: `${state} is not a folder of this user` });
  const folder = join(openFolder(t, 0o700), 'Tidemark');
  const who = {
    user: 'anna',
    password: 'a secret',
    device: 'desk',
    dryRun: false,
    brakeFiles: null,
    tokenOut: false,
  };
  // Refused before anybody is asked: nothing listens at this address.
  const linked = await linkDevice({ state, folder, server: 'http://127.0.0.1:9', ...who });
  assert.equal(linked.kind === 'refused' && linked.code, 'root-unwritable', JSON.stringify(linked));
  assert.equal(impostor.heard(), '');
});

async function startImpostor(t: TestContext, state: string) {
  const socket = join(state, 's');
  const place = JSON.stringify({ socket, pid: process.pid });
  const script = `
    require('node:fs').writeFileSync(${quoted(join(state, 'control.json'))}, ${quoted(place)});
    require('node:net').createServer((client) => {
      console.log('connected');
      client.on('data', (bytes) => console.log(String(bytes)));
    }).listen(${quoted(socket)}, () => console.error('ready'));
  `;
  const child: ChildProcess = spawn(process.execPath, ['-e', script], {
    ...NOBODY,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill());
  let heard = '';
  child.stdout?.on('data', (text: unknown) => {
    heard += String(text);
  });
  assert(child.stderr !== null);
  await once(child.stderr, 'data');
  chmodSync(socket, 0o777);
  return { heard: () => heard };
}

async function withTmp<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const before = { tmp: process.env['TMPDIR'], runtime: process.env['XDG_RUNTIME_DIR'] };
  process.env['TMPDIR'] = folder;
  delete process.env['XDG_RUNTIME_DIR'];
  try {
    return await act();
  } finally {
    if (before.tmp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before.tmp;
    if (before.runtime !== undefined) process.env['XDG_RUNTIME_DIR'] = before.runtime;
  }
}
