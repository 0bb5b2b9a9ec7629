/** TLS with a certificate of one's own: trusted with --ca and only so; accounts made and passwords changed over it. */
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { startServer } from '../../server-stub/main.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import { linkDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { type Authority, fingerprintOf, newAuthority } from '../support/certificates.ts';
import { until } from '../support/devices.ts';
import { Running } from '../support/processes.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { typed } from '../support/typed.ts';

const HERE = 'DNS:localhost,IP:127.0.0.1';
let root = '';
let authority: Authority | null = null;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'tidemark-tls-'));
  authority = newAuthority(root);
});
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

function ca(): Authority {
  assert(authority !== null);
  return authority;
}

function file(name: string, text: string): string {
  writeFileSync(join(root, name), text, { mode: 0o600 });
  return join(root, name);
}

/** What the server shows to whoever comes now. */
function shown(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url);
    const options = { host, port: Number(port), ca: readFileSync(ca().caFile) };
    const socket: TLSSocket = connect(options, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test('a server with a certificate of its own: signed up, linked, in step, another password, another certificate', {
  timeout: 120_000,
}, async (t) => {
  const { certFile, keyFile } = ca().issue('server', HERE);
  const [data, ready, log] = [join(root, 'data'), join(root, 'ready.json'), join(root, 'server.log')];
  const tls = ['--tls-cert', certFile, '--tls-key', keyFile, '--sign-up', 'invite'];
  const server = new Running(['server', '--data', data, '--port', '0', '--ready-file', ready, ...tls], log);
  t.after(() => server.kill());
  const url = await until('the server listens', async () => {
    assert.ok(server.alive, server.log());
    const said: { url?: string } = JSON.parse(await readText(ready));
    return said.url ?? null;
  });
  assert.match(url, /^https:/);
  const fingerprint = `SHA-256 fingerprint ${fingerprintOf(certFile)}, and is valid until`;
  await until('it tells its fingerprint', async () => (server.log().includes(fingerprint) ? true : null));

  const [password, next] = [file('password', 'the first password'), file('next', 'the second password')];
  const invited = await typed(['admin', 'invite', '--data', data, '--json']);
  const code: { code?: string } = JSON.parse(invited.stdout);
  const codeFile = file('code', `${code.code}\n`);
  const signUp = ['sign-up', '--server', url, '--user', 'grace', '--password-file', password];
  const trusting = ['--ca', ca().caFile];
  const unknown = await typed([...signUp, '--code-file', codeFile]);
  assert.equal(unknown.code, 4);
  assert.match(unknown.stderr, /cannot prove .*from nobody whom this computer trusts.*Nothing was sent/);
  const codeless = await typed([...signUp, ...trusting]);
  assert.deepEqual([codeless.code, /by invitation only/.test(codeless.stderr)], [1, true], codeless.stderr);
  const made = await typed([...signUp, ...trusting, '--code-file', '-', '--json'], {
    stdin: `${code.code}\n`,
  });
  assert.deepEqual([made.code, JSON.parse(made.stdout)], [0, { signedUp: true, user: 'grace', server: url }]);

  const [state, folder] = [join(root, 'state'), join(root, 'files')];
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'over TLS');
  const who = [
    '--server',
    url,
    '--user',
    'grace',
    '--device',
    'Laptop',
    '--state',
    state,
    '--folder',
    folder,
  ];
  const link = ['link', ...who, '--password-file', password];
  assert.equal((await typed(link)).code, 4);
  assert.equal((await typed([...link, ...trusting])).code, 0);
  const engine = new Running(['run', '--state', state], join(root, 'run.log'));
  t.after(() => engine.kill());
  await until('the engine answers', async () =>
    (await typed(['status', '--state', state])).code === 0 ? 1 : null,
  );
  const inStep = await typed(['wait', '--state', state, '--timeout', '30']);
  assert.equal(inStep.code, 0, inStep.stdout + inStep.stderr + engine.log());

  const wire = new Wire(url, readFileSync(ca().caFile, 'utf8'));
  t.after(() => wire.close());
  const phone = await linkDevice(wire, { user: 'grace', password: 'the first password' }, 'Phone');
  const change = ['password', '--state', state, '--password-file', password, '--new-password-file', next];
  const changed = await typed(change);
  assert.deepEqual([changed.code, changed.stdout], [0, SAID.stays]);
  assert.equal((await phone.ask('devices')).status, 200);
  const wrong = await typed([...change, '--json']);
  assert.deepEqual([wrong.code, JSON.parse(wrong.stdout).error.code], [4, 'wrong-password']);
  const back = ['password', '--state', state, '--password-file', next, '--new-password-file', password];
  const ended = await typed([...back, '--unlink-others']);
  assert.deepEqual([ended.code, ended.stdout], [0, SAID.ended]);
  assert.equal((await phone.refusal('devices')).code, 'signed-out');

  // Another certificate, while a device waits in a long poll that was begun under the first one.
  const tablet = await linkDevice(wire, { user: 'grace', password: 'the first password' }, 'Tablet');
  const poll = tablet.ask('notify', { seen: await tablet.cursor(), seconds: 50 });
  const renewed = ca().issue('renewed', HERE);
  copyFileSync(renewed.certFile, certFile);
  copyFileSync(renewed.keyFile, keyFile);
  server.child.kill('SIGHUP');
  await until('the new one is shown', async () =>
    (await shown(url)) === fingerprintOf(renewed.certFile) ? 1 : null,
  );
  writeFileSync(keyFile, 'no key at all');
  server.child.kill('SIGHUP');
  await until('it is said', async () => (/the certificate stays as it was/.test(server.log()) ? 1 : null));
  assert.equal(await shown(url), fingerprintOf(renewed.certFile));
  writeFileSync(join(folder, 'b.txt'), 'while the certificate is another one');
  assert.equal((await poll).status, 200);
});

const SAID = {
  stays: 'The password is another one now. 1 other device stays linked.\n',
  ended: 'The password is another one now. 1 other device was unlinked; the files there stay.\n',
};

async function readText(path: string): Promise<string> {
  try {
    return readFileSync(path, 'utf8') || '{}';
  } catch {
    return '{}';
  }
}

test('a certificate that is for another name, or has expired, is refused with the reason', async (t) => {
  for (const [issued, why] of [
    [ca().issue('other', 'DNS:other.example'), /is for another name/],
    [ca().issue('expired', HERE, -1), /has expired/],
  ] as const) {
    const server = await startTestServer({ tls: issued });
    t.after(() => server.close());
    const who = ['--server', server.url, '--user', TEST_USER.name, '--password-file', '-', '--device', 'd'];
    const where = ['--state', join(root, 'none'), '--folder', join(root, 'nowhere'), '--ca', ca().caFile];
    const said = await typed(['link', ...who, ...where], { stdin: TEST_USER.password });
    assert.equal(said.code, 4);
    assert.match(said.stderr, /cannot prove that it is this server/);
    assert.match(said.stderr, why);
  }
});

test('a key that everybody can read, that belongs elsewhere or is none, is refused in one sentence', async () => {
  const [good, other] = [ca().issue('good', HERE), ca().issue('second', HERE)];
  const open = { ...good, keyFile: join(root, 'open.key') };
  copyFileSync(good.keyFile, open.keyFile);
  chmodSync(open.keyFile, 0o644);
  for (const [tls, why] of [
    [open, /^The key \S+ can be read by everybody on this computer: .*chmod o=/],
    [{ ...good, keyFile: other.keyFile }, /^The key \S+ does not belong to the certificate \S+\.$/],
    [{ ...good, keyFile: file('garbage', 'no key') }, /holds no private key in PEM/],
    [{ ...good, certFile: file('garbage.pem', 'none') }, /holds no certificate in PEM/],
    [{ ...good, certFile: join(root, 'absent') }, /^The certificate \S+ cannot be read \(ENOENT\)\.$/],
  ] as const)
    await assert.rejects(
      startServer({ data: join(root, 'refused'), tls }),
      (cause) => cause instanceof Refusal && why.test(cause.message),
    );
});

test('--ca takes certificates and nothing else', async () => {
  const who = ['--server', 'https://localhost:1', '--user', 'u', '--password-file', '-'];
  for (const ca of [join(root, 'absent'), file('text', 'no certificate')]) {
    const said = await typed(['sign-up', ...who, '--ca', ca], { stdin: 'a long password' });
    assert.equal(said.code, 2);
    assert.match(said.stderr, /certificate/);
  }
});
