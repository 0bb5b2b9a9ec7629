/** The console without a browser: who is let in, what a form must bring, what is sent with every page. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withdrawAdministrator } from '../../server-stub/accounts/administrators.ts';
import { nameHtml } from '../../server-stub/console/html.ts';
import { figuresOf } from '../../server-stub/console/live-figures.ts';
import { Sessions } from '../../server-stub/console/sessions.ts';
import { startServer } from '../../server-stub/main.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import { parseTenantId, parseUserId } from '../../src/protocol/ids.ts';
import { Wire, type WireAnswer } from '../protocol/wire-http.ts';
import { type ConsoleScene, consoleScene, OTHER_USER } from '../support/console-scene.ts';
import { TEST_USER } from '../support/server.ts';

let scene: ConsoleScene;
let wire: Wire;

before(async () => {
  scene = await consoleScene(true);
  wire = new Wire(scene.consoleUrl);
});
after(async () => {
  await wire.close();
  // The one that runs by now, and then what was begun with.
  await scene.server.close();
  await scene.close();
});

type Headers = Readonly<Record<string, string>>;

function post(path: string, form: Headers, headers: Headers = {}): Promise<WireAnswer> {
  const own = { 'content-type': 'application/x-www-form-urlencoded', origin: scene.consoleUrl };
  return wire.send('POST', path, new URLSearchParams({ ...form }).toString(), {
    headers: { ...own, ...headers },
  });
}

const get = (path: string, headers: Headers = {}) => wire.send('GET', path, null, { headers });

async function cookieOf(user: { readonly name: string; readonly password: string }): Promise<string> {
  const answer = await post('/sign-in', { user: user.name, password: user.password });
  assert.equal(answer.status, 303);
  return (answer.headers['set-cookie'] ?? '').split(';')[0]!;
}

/** The secret in the forms of a page. */
async function secretOf(cookie: string): Promise<string> {
  const body = (await get('/switches', { cookie })).body.toString();
  return /name="secret" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail('a page without a form');
}

test('without a session every page leads to the sign-in, and nothing is told', async () => {
  for (const path of [
    '/',
    '/find?about=report',
    '/devices',
    '/conflicts',
    '/jobs',
    '/switches',
    '/no-such',
  ]) {
    const answer = await get(path);
    assert.deepEqual([answer.status, answer.headers['location']], [303, '/sign-in'], path);
    assert.equal(answer.body.length, 0);
  }
  assert.equal((await get('/live')).status, 401);
});

test('a wrong password and a user who is no administrator are refused alike', async () => {
  const wrong = await post('/sign-in', { user: TEST_USER.name, password: 'wrong' });
  const other = await post('/sign-in', { user: OTHER_USER.name, password: OTHER_USER.password });
  for (const answer of [wrong, other]) {
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  assert.equal(wrong.body.toString(), other.body.toString());
});

test('attempts to sign in are limited', async () => {
  const answers = [];
  for (let i = 0; i < 15; i += 1)
    answers.push((await post('/sign-in', { user: 'nobody', password: 'x' })).status);
  assert.deepEqual([answers[0], answers.at(-1)], [401, 429]);
});

test('the cookie is for this server and its pages only, and every page is locked', async () => {
  const answer = await post('/sign-in', { user: TEST_USER.name, password: TEST_USER.password });
  assert.match(
    answer.headers['set-cookie'] ?? '',
    /^tidemark-console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const page = await get('/', { cookie: (answer.headers['set-cookie'] ?? '').split(';')[0]! });
  assert.equal(page.status, 200);
  const policy = page.headers['content-security-policy'] ?? '';
  assert.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/);
  assert(!policy.includes('unsafe'));
  assert.equal(page.headers['cache-control'], 'no-store');
  assert(!/<script>|<style|style=|onclick=/.test(page.body.toString()), 'nothing inline');
});

test('a form without the secret, from elsewhere, or from nowhere changes nothing', async () => {
  const cookie = await cookieOf(TEST_USER);
  const secret = await secretOf(cookie);
  const form = { name: 'widen-holds', to: 'on', why: 'a test' };
  const tries: readonly [Headers, Headers][] = [
    [form, { cookie }],
    [{ ...form, secret: 'x'.repeat(43) }, { cookie }],
    [
      { ...form, secret },
      { cookie, origin: 'http://evil.example' },
    ],
    [
      { ...form, secret },
      { cookie, origin: 'null' },
    ],
    [
      { ...form, secret },
      { cookie, 'sec-fetch-site': 'cross-site' },
    ],
  ];
  for (const [given, headers] of tries)
    assert.equal((await post('/switches', given, headers)).status, 403, JSON.stringify([given, headers]));
  const isOn = () => scene.server.server.core.parts.store.read(async (tx) => tx.isSwitchedOn('widen-holds'));
  assert.equal(await isOn(), false);
  assert.equal((await post('/switches', { ...form, why: ' ', secret }, { cookie })).status, 400, 'no reason');
  assert.equal((await post('/switches', { ...form, secret }, { cookie })).status, 303);
  assert.equal(await isOn(), true);
  assert.match((await get('/', { cookie })).body.toString(), /Switched on:<\/strong> widen-holds/);
  await post('/switches', { ...form, to: 'off', secret }, { cookie });
  assert.equal(await isOn(), false);
});

test('a session ends with its sign-out, and with the right of its user', async () => {
  const [first, second] = [await cookieOf(TEST_USER), await cookieOf(TEST_USER)];
  assert.equal((await post('/sign-out', { secret: await secretOf(first) }, { cookie: first })).status, 303);
  assert.equal((await get('/', { cookie: first })).status, 303);
  assert.equal((await get('/', { cookie: second })).status, 200, 'another session goes on');
  const { data } = scene.server;
  await withdrawAdministrator(data, TEST_USER.name, true);
  assert.equal((await get('/', { cookie: second })).status, 303);
  const { grantAdministrator } = await import('../../server-stub/accounts/administrators.ts');
  await grantAdministrator(data, TEST_USER.name);
  assert.equal((await get('/', { cookie: second })).status, 303, 'what ended stays ended');
});

test('a name that another site points here is not answered', async () => {
  const answer = await get('/sign-in', { host: 'rebound.example' });
  assert.equal(answer.status, 421);
});

test('sessions end after half an hour without a request, and after twelve hours with them', () => {
  let now = 0;
  let drawn = 0;
  const sessions = new Sessions(
    () => now,
    (count) => {
      drawn += 1;
      return Buffer.alloc(count, drawn);
    },
  );
  const user = {
    id: parseUserId('00000000-0000-7000-8000-000000000001'),
    tenant: parseTenantId('00000000-0000-7000-8000-000000000002'),
    name: 'ada',
    passwordHash: 'h',
    createdAt: 0,
  };
  const idle = sessions.begin(user);
  now += 31 * 60_000;
  assert.equal(sessions.find(idle), null);
  const busy = sessions.begin(user);
  for (const end = now + 12 * 3_600_000; now < end; now += 20 * 60_000) assert(sessions.find(busy) !== null);
  now += 20 * 60_000;
  assert.equal(sessions.find(busy), null);
  assert.equal(sessions.find('guessed'), null);
});

test('a console that only looks has no form for switches, and refuses one', async () => {
  const quiet = await scene.server.restart({ console: { host: '127.0.0.1', port: 0, actions: false } });
  scene = { ...scene, server: quiet, consoleUrl: quiet.server.consoleUrl! };
  await wire.close();
  wire = new Wire(scene.consoleUrl);
  const cookie = await cookieOf(TEST_USER);
  const secret = await secretOf(cookie);
  assert(!(await get('/switches', { cookie })).body.toString().includes('/switches/confirm'));
  const form = { name: 'widen-holds', to: 'on', why: 'a test', secret };
  assert.equal((await post('/switches', form, { cookie })).status, 403);
});

test('other computers are served over TLS only, and without the option there is no console', async () => {
  const console = { host: '0.0.0.0', port: 0, actions: false };
  await assert.rejects(startServer({ data: `${scene.server.data}-other`, console }), (cause) => {
    assert(cause instanceof Refusal);
    assert.match(cause.message, /or leave out --console 0\.0\.0\.0\.$/);
    return true;
  });
  scene = { ...scene, server: await scene.server.restart({ console: undefined }) };
  assert.equal(scene.server.server.consoleUrl, null);
});

test('names are escaped, and what cannot be seen in them is shown', () => {
  assert.equal(
    nameHtml('<b>\u202e"&\u0000').html,
    '<bdi class="name">&lt;b&gt;<span class="code">U+202E</span>&quot;&amp;<span class="code">U+0000</span></bdi>',
  );
});

test('figures for the charts are those of the metrics, without buckets', () => {
  const text =
    '# HELP x y\ntidemark_a 1\ntidemark_b{outcome="x"} 2.5\ntidemark_c_bucket{le="1"} 3\ntidemark_d NaN\n';
  assert.deepEqual(figuresOf(text), { tidemark_a: 1, 'tidemark_b{outcome="x"}': 2.5 });
});
