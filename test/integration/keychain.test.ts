/** Linking for a caller that keeps the token itself: what is told, what is kept, and an engine that waits for it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Method } from '../../src/ipc/contract.ts';
import type { LinkResult } from '../../src/ipc/link.ts';
import { type ControlClient, connectControl } from '../../src/ipc/node-control-client.ts';
import type { Status } from '../../src/ipc/status.ts';
import { until } from '../support/devices.ts';
import { Running } from '../support/processes.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { type Said, typed } from '../support/typed.ts';

type Linked = Exclude<LinkResult, { kind: 'refused' }>;

/** What may be asked before anything is known. */
const HARMLESS: readonly (readonly [Method, object])[] = [
  ['status', {}],
  ['wait', { timeout: 0.1 }],
  ['pause', {}],
  ['resume', {}],
  ['rescan', {}],
  ['conflicts.list', {}],
  ['conflicts.show', { id: '01990000-0000-7000-8000-00000000000a' }],
  ['history', { path: 'a' }],
  ['cat', { path: 'a' }],
  ['restore', { path: 'a', version: 1 }],
  ['trash.list', {}],
  ['review.list', {}],
  ['explain', { path: 'a' }],
  ['repair', { replay: true }],
  ['doctor', {}],
  ['activity.list', {}],
  ['transfers', {}],
  ['problems.list', {}],
  ['ignore.get', { folder: '' }],
  ['ignore.preview', { folder: '', shared: '', local: '' }],
  ['ignore.set', { folder: '', shared: '', local: '' }],
  ['folders.list', { folder: '' }],
  ['folders.remove', { path: 'a', dryRun: false }],
  ['folders.bring', { path: 'a' }],
  ['settings.get', {}],
  ['devices.list', {}],
  ['bundle', {}],
];

interface Place {
  readonly server: TestServer;
  readonly root: string;
  readonly state: string;
  readonly folder: string;
  link(...more: readonly string[]): Promise<Said>;
  give(token: string): Promise<Said>;
  run(): Promise<{ readonly engine: Running; readonly client: ControlClient }>;
}

async function place(t: TestContext): Promise<Place> {
  const server = await startTestServer();
  const root = await mkdtemp(join(tmpdir(), 'tidemark-keychain-'));
  const [state, folder] = [join(root, 'state'), join(root, 'files')];
  t.after(async () => {
    await server.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const where = ['--device', 'Laptop', '--state', state, '--folder', folder];
  const who = ['--server', server.url, '--user', TEST_USER.name, '--password-file', '-'];
  let runs = 0;
  return {
    server,
    root,
    state,
    folder,
    link: (...more) => typed(['link', ...who, ...where, ...more], { stdin: `${TEST_USER.password}\n` }),
    give: (token) => typed(['token', 'give', '--token-file', '-', '--state', state], { stdin: token }),
    run: async () => {
      runs += 1;
      const engine = new Running(['run', '--state', state], join(root, `run-${runs}.log`));
      t.after(() => engine.kill());
      const client = await until('the engine answers', async () => {
        assert.ok(engine.alive, engine.log());
        const connected = await connectControl(state);
        return connected.kind === 'connected' ? connected.client : null;
      });
      t.after(() => client.close());
      return { engine, client };
    },
  };
}

async function status(client: ControlClient): Promise<Status> {
  const answer = await client.call('status', {});
  assert.ok(answer.kind === 'ok', JSON.stringify(answer));
  return answer.value;
}

function linked(said: Said): Linked {
  assert.equal(said.code, 0, said.stdout + said.stderr);
  return JSON.parse(said.stdout) as Linked;
}

test('the token is told once and kept nowhere; the engine waits for it, answering everything, and then syncs', {
  timeout: 100_000,
}, async (t) => {
  const at = await place(t);
  const refused = await at.link('--token-out');
  assert.equal(refused.code, 2, 'only a program is told a token');
  const { token } = linked(await at.link('--token-out', '--json'));
  assert.ok(token !== null);
  assert.ok(!existsSync(join(at.state, 'token')));
  const { engine, client } = await at.run();
  const waiting = await status(client);
  assert.equal(waiting.state, 'setting-up');
  assert.match(waiting.sentence, /^Waiting for the sign-in/);
  await until('it says how', async () => (/token give/.test(engine.log()) ? true : null));
  for (const [method, params] of HARMLESS) {
    const answer = await client.callUnchecked(method, params);
    assert.ok(
      answer.kind === 'result' || !/fault of its own/.test(JSON.stringify(answer)),
      `${method} ${JSON.stringify(answer)}`,
    );
  }
  mkdirSync(at.folder, { recursive: true });
  writeFileSync(join(at.folder, 'a.txt'), 'a');
  const wrong = await client.callUnchecked('token.give', { token: `${token}!` });
  assert.ok(!JSON.stringify(wrong).includes(token), 'a refusal does not repeat it');
  assert.equal((await at.give(token)).code, 0);
  await until('in step', async () => ((await status(client)).state === 'up-to-date' ? true : null));
  assert.equal((await status(client)).files, 1);
  assert.equal(await engine.stop(), 0);
  for (const name of readdirSync(at.state))
    assert.ok(!readFileSync(join(at.state, name)).includes(token), `${name} holds the token`);
  assert.ok(!engine.log().includes(token));
});

test('a wrong token is "signed out"; linked again, the new one is taken, and the old one is not left behind', {
  timeout: 100_000,
}, async (t) => {
  const at = await place(t);
  linked(await at.link('--json'));
  assert.ok(existsSync(join(at.state, 'token')));
  const { token } = linked(await at.link('--token-out', '--json'));
  assert.ok(token !== null);
  assert.ok(!existsSync(join(at.state, 'token')), 'the one of before is gone');
  const first = await at.run();
  assert.equal((await at.give('w'.repeat(43))).code, 0);
  await until('signed out', async () =>
    (await status(first.client)).halted?.code === 'signed-out' ? true : null,
  );
  assert.equal((await at.give(token)).code, 0);
  await until('in step', async () => ((await status(first.client)).state === 'up-to-date' ? true : null));
  await first.engine.stop();
  const again = linked(await at.link('--token-out', '--json'));
  assert.ok(again.token !== null && again.token !== token);
  const second = await at.run();
  assert.equal((await at.give(again.token)).code, 0);
  await until('in step', async () => ((await status(second.client)).state === 'up-to-date' ? true : null));
  await second.engine.stop();
  assert.equal(linked(await at.link('--json')).token, null);
  assert.ok(existsSync(join(at.state, 'token')), 'and back to a token of its own');
  const third = await at.run();
  await until('in step', async () => ((await status(third.client)).state === 'up-to-date' ? true : null));
  assert.equal((await at.give(again.token)).code, 1, 'one that keeps its own token takes no other');
});
