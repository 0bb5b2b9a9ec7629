/** Making accounts, changing passwords, administrators. What must not be told is compared byte for byte. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import {
  grantAdministrator,
  listAdministrators,
  withdrawAdministrator,
} from '../../server-stub/accounts/administrators.ts';
import { listInvites, makeInvite, takeBackInvite } from '../../server-stub/accounts/invites.ts';
import type { DeriveKey } from '../../server-stub/accounts/passwords.ts';
import { SignIn } from '../../server-stub/accounts/sign-in.ts';
import { codeHash, codeOf } from '../../server-stub/accounts/sign-up-codes.ts';
import { addUserTo } from '../../server-stub/accounts/users.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import { PasswordAnswer, SignUpAnswer } from '../../src/protocol/account-routes.ts';
import { linkDevice, parsedAs, type WireDevice } from '../protocol/wire-device.ts';
import { assertRefused, Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer, type TestServerOptions } from '../support/server.ts';
import { hashBytes } from './metadata-world.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };
const GOOD = 'a password that will do';
const PLENTY = { burst: 1e6, perSecond: 1e6 };

async function serving(t: TestContext, options: TestServerOptions = {}) {
  const server = await startTestServer({ ...options, limits: { signUp: PLENTY, ...options.limits } });
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
  });
  return { server, wire };
}

const signUp = (wire: Wire, user: string, password: string, code?: string) =>
  wire.ask('signUp', { user, password, ...(code === undefined ? {} : { code }) });

/** What an answer says, without the time of day. */
async function said(asked: ReturnType<typeof signUp>): Promise<string> {
  const { status, headers, body } = await asked;
  const { date: _now, ...rest } = headers;
  return JSON.stringify([status, rest, body.toString()]);
}

test('nobody makes an account where the operator did not say so, and no name is told', async (t) => {
  const { server, wire } = await serving(t);
  const refusal = assertRefused(await signUp(wire, 'grace', GOOD));
  assert.equal(refusal.code, 'sign-up-closed');
  const answers = [ME.user, 'grace', '\u0000', 'x'].map((user) => said(signUp(wire, user, 'short')));
  assert.equal(new Set(await Promise.all(answers)).size, 1);
  const { code } = await makeInvite(server.data, 7);
  assert.equal(assertRefused(await signUp(wire, 'grace', GOOD, code)).code, 'sign-up-closed');
});

test('by invitation a code lets one person in, once, and without one no name is told', async (t) => {
  const { server, wire } = await serving(t, { signUp: 'invite' });
  const { code } = await makeInvite(server.data, 7);
  const wrong = [undefined, '', 'no such code', codeOf(randomBytes(20))];
  const answers = wrong.flatMap((each) =>
    [ME.user, 'grace', '\u0000'].map((user) => said(signUp(wire, user, GOOD, each))),
  );
  assert.equal(new Set(await Promise.all(answers)).size, 1);
  assert.equal(assertRefused(await signUp(wire, 'grace', GOOD)).code, 'sign-up-code');
  // With one, what is wrong is told, and the code is still good afterwards.
  assert.equal(assertRefused(await signUp(wire, ME.user, GOOD, code)).code, 'user-taken');
  assert.equal(assertRefused(await signUp(wire, 'grace', 'short', code)).code, 'bad-password');
  const typed = ` ${code.toUpperCase().replaceAll('-', '  ')} `;
  assert.deepEqual(parsedAs(SignUpAnswer, await signUp(wire, ' Grace ', GOOD, typed)), { user: 'Grace' });
  await linkDevice(wire, { user: 'Grace', password: GOOD });
  for (const user of [ME.user, 'Grace', 'henry'])
    assert.equal(await said(signUp(wire, user, GOOD, code)), (await Promise.all(answers))[0]);
  const [line, ...more] = await listInvites(server.data);
  assert.deepEqual([more.length, line?.isOpen, line?.usedBy], [0, false, 'Grace']);
});

test('of many who use one code at the same time one gets in; an old code lets nobody in', async (t) => {
  const { server, wire } = await serving(t, { signUp: 'invite' });
  const { code } = await makeInvite(server.data, 7);
  const names = Array.from({ length: 6 }, (_, at) => `person ${at}`);
  const answers = await Promise.all(names.map((name) => signUp(wire, name, GOOD, code)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403, 403, 403, 403, 403]);
  const late = await makeInvite(server.data, 0);
  assert.equal(assertRefused(await signUp(wire, 'late', GOOD, late.code)).code, 'sign-up-code');
  await assert.rejects(takeBackInvite(server.data, code), /was used by person \d already/);
});

test('a code that is taken back lets nobody in, whether it is named by its id or by itself', async (t) => {
  const { server, wire } = await serving(t, { signUp: 'invite' });
  const [one, two] = [await makeInvite(server.data, 7), await makeInvite(server.data, 7)];
  await takeBackInvite(server.data, two.code);
  const [line, ...more] = await listInvites(server.data);
  assert.deepEqual([line?.isOpen, more], [true, []]);
  await takeBackInvite(server.data, line!.id.toUpperCase());
  assert.deepEqual(await listInvites(server.data), []);
  for (const { code } of [one, two])
    assert.equal(assertRefused(await signUp(wire, 'nobody', GOOD, code)).code, 'sign-up-code');
  await assert.rejects(takeBackInvite(server.data, one.code), /There is no such code/);
});

test('where everybody may, passwords and names have rules, and attempts have a limit', async (t) => {
  const { wire } = await serving(t, { signUp: 'open', limits: { signUp: { burst: 9, perSecond: 0.01 } } });
  const codes: string[] = [];
  for (const [user, password] of [
    ['grace hopper', 'GRACE HOPPER'],
    ['grace', 'nine char'],
    ['grace', 'ü'.repeat(600)],
    [ME.user, GOOD],
    ['\u202egrace', GOOD],
    ['  ', GOOD],
    ['ü'.repeat(100), GOOD],
  ] as const)
    codes.push(assertRefused(await signUp(wire, user, password)).code);
  assert.deepEqual(codes, [
    'bad-password',
    'bad-password',
    'bad-password',
    'user-taken',
    'unprocessable',
    'unprocessable',
    'unprocessable',
  ]);
  assert.equal((await signUp(wire, 'grace', GOOD)).status, 200);
  assert.equal(assertRefused(await signUp(wire, 'grace', GOOD)).code, 'user-taken');
  const slowed = assertRefused(await signUp(wire, 'henry', GOOD));
  assert.equal(slowed.code, 'too-many-requests');
  assert.ok((slowed.retryAfter ?? 0) > 1);
  await linkDevice(wire, { user: 'grace', password: GOOD });
});

async function change(device: WireDevice, old: string, next: string, endOthers = false) {
  return device.ask('changePassword', { old, new: next, endOthers });
}

test('a changed password breaks no token of a device, unless that is asked for', async (t) => {
  const { wire } = await serving(t, { limits: { login: PLENTY, loginAddress: PLENTY } });
  const [one, two, three] = [
    await linkDevice(wire, ME),
    await linkDevice(wire, ME),
    await linkDevice(wire, ME),
  ];
  assert.equal(assertRefused(await change(one, 'not it', GOOD)).code, 'wrong-password');
  assert.equal(assertRefused(await change(one, ME.password, 'short')).code, 'bad-password');
  assert.equal((await wire.ask('link', { ...LINKING, ...ME })).status, 200, 'nothing has changed so far');
  const changed = parsedAs(PasswordAnswer, await change(one, ME.password, GOOD));
  assert.deepEqual(changed, { others: 3, ended: 0 });
  for (const device of [one, two, three]) assert.equal((await device.ask('devices')).status, 200);
  assert.equal((await wire.ask('link', { ...LINKING, ...ME })).status, 401);
  assert.equal((await wire.ask('link', { ...LINKING, user: ME.user, password: GOOD })).status, 200);

  const poll = two.ask('notify', { seen: await two.cursor(), seconds: 50 });
  const ended = parsedAs(PasswordAnswer, await change(one, GOOD, ME.password, true));
  assert.deepEqual(ended, { others: 0, ended: 4 });
  await poll;
  for (const device of [two, three]) assert.equal((await device.refusal('devices')).code, 'signed-out');
  assert.equal((await one.ask('devices')).status, 200);
});

const LINKING = { device: 'another', os: 'test', instance: 'a'.repeat(32) };

test('of two changes at the same time, with the same old password, one counts', async (t) => {
  const { wire } = await serving(t);
  const [one, two] = [await linkDevice(wire, ME), await linkDevice(wire, ME)];
  const changes = await Promise.all([
    change(one, ME.password, `${GOOD} one`),
    change(two, ME.password, `${GOOD} two`),
  ]);
  assert.deepEqual(changes.map(({ status }) => status).sort(), [200, 401]);
  const right = changes[0]?.status === 200 ? 'one' : 'two';
  await linkDevice(wire, { user: ME.user, password: `${GOOD} ${right}` });
});

test('guessing the present password with a device’s token is slowed down like any guessing', async (t) => {
  const { wire } = await serving(t, { limits: { login: { burst: 3, perSecond: 0.01 } } });
  const device = await linkDevice(wire, ME);
  const codes: string[] = [];
  for (let i = 0; i < 5; i += 1) codes.push(assertRefused(await change(device, `guess ${i}`, GOOD)).code);
  assert.deepEqual(codes.slice(2), ['wrong-password', 'too-many-requests', 'too-many-requests']);
});

const derive: DeriveKey = async (password, salt) => hashBytes(Buffer.concat([Buffer.from(password), salt]));

test('an administrator signs in with the password; others are answered as if it was wrong', async (t) => {
  const store = openSqliteStore(':memory:');
  t.after(() => store.close());
  const effects = {
    clock: { now: () => 1 },
    random: { bytes: (count: number) => randomBytes(count), fraction: () => 0 },
  };
  for (const name of ['ada', 'ben'])
    assert.equal((await addUserTo({ store, ...effects, derive, scryptCost: 2 }, name, GOOD)).kind, 'added');
  const limits = { ...SERVER_LIMITS, scryptCost: 2 };
  const signIn = new SignIn({ store, monotonic: () => 0, random: effects.random, derive, limits });
  const ada = await store.read(async (tx) => tx.userByName('ada'));
  assert.ok(ada !== null);
  await store.write(async (tx) => tx.setAdministrator(ada.id, 1));
  assert.deepEqual(await signIn.administrator(' ada', GOOD, 'here'), ada);
  const wrong = await signIn.administrator('ada', 'not it', 'here');
  assert.ok('kind' in wrong && wrong.code === 'wrong-password');
  for (const [name, password] of [
    ['ben', GOOD],
    ['ben', 'not it'],
    ['nobody', GOOD],
  ] as const)
    assert.deepEqual(await signIn.administrator(name, password, 'here'), wrong);
  assert.equal(await signIn.isAdministrator(ada.id), true);
  await store.write(async (tx) => tx.setAdministrator(ada.id, null));
  assert.equal(await signIn.isAdministrator(ada.id), false);
  assert.deepEqual(await signIn.administrator('ada', GOOD, 'here'), wrong);
});

test('administrators are named on the data folder, and the last one is not withdrawn by chance', async (t) => {
  const { server } = await serving(t, { users: [{ name: 'ben', password: GOOD }] });
  const { data }: TestServer = server;
  const isRefusal = (what: RegExp) => (cause: unknown) =>
    cause instanceof Refusal && what.test(cause.message);
  assert.deepEqual(await listAdministrators(data), []);
  await assert.rejects(grantAdministrator(data, 'nobody'), isRefusal(/no user "nobody"/));
  await assert.rejects(withdrawAdministrator(data, 'ben', true), isRefusal(/is no administrator/));
  await grantAdministrator(data, 'ben');
  assert.deepEqual(await grantAdministrator(data, 'ada'), ['ada', 'ben']);
  assert.deepEqual(await withdrawAdministrator(data, 'ben', false), ['ada']);
  await assert.rejects(withdrawAdministrator(data, 'ada', false), isRefusal(/last administrator/));
  assert.deepEqual(await withdrawAdministrator(data, 'ada', true), []);
});

test('a code has a hundred bits, whatever way it is typed', () => {
  const code = codeOf(Uint8Array.from({ length: 20 }, (_, at) => at * 11));
  assert.match(code, /^([a-z0-9]{5}-){3}[a-z0-9]{5}$/);
  assert.equal(
    new Set(Array.from({ length: 256 }, (_, at) => codeOf(Uint8Array.of(at, 0, 0, 0, 0)))).size,
    32,
  );
  assert.equal(codeHash(code), codeHash(` ${code.toUpperCase()}\n`));
  assert.equal(codeHash('0'), codeHash('O'));
  assert.notEqual(codeHash(code), codeHash(code.slice(1)));
});

test('a count of starts that no number holds is refused, and the device goes on', async (t) => {
  const { wire } = await serving(t);
  const device = await linkDevice(wire, ME);
  for (const count of ['9007199254740992', '9999999999999999']) {
    const headers = { 'x-tidemark-instance': `${device.instance}:${count}` };
    assert.equal((await device.refusal('devices', null, { headers })).code, 'bad-request');
  }
  assert.equal((await device.ask('devices')).status, 200);
});
