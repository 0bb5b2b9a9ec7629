import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { NotifyAnswer } from '../../src/protocol/routes.ts';
import { linkDevice, parsedAs } from '../protocol/wire-device.ts';
import { assertRefused, Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer, type TestServerOptions } from '../support/server.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };

async function withServer(
  options: TestServerOptions,
  body: (server: TestServer, wire: Wire) => Promise<void>,
): Promise<void> {
  const server = await startTestServer(options);
  const wire = new Wire(server.url);
  try {
    await body(server, wire);
  } finally {
    await wire.close();
    await server.close();
  }
}

function login(wire: Wire, user: string, password: string) {
  const instance = randomBytes(16).toString('hex');
  return wire.ask('link', { user, password, device: 'd', os: 'test', instance });
}

test('wrong passwords are slowed down per user, right ones are not counted', async () => {
  const limits = { login: { burst: 3, perSecond: 0.01 }, loginAddress: { burst: 100, perSecond: 1 } };
  await withServer({ limits }, async (_server, wire) => {
    for (let i = 0; i < 5; i += 1) assert.equal((await login(wire, ME.user, ME.password)).status, 200);
    for (let i = 0; i < 3; i += 1) assert.equal((await login(wire, ME.user, 'no')).status, 401);
    const slowed = await login(wire, ME.user, 'no');
    assert.equal(slowed.status, 429);
    const { code, retryAfter } = assertRefused(slowed);
    assert.equal(code, 'too-many-requests');
    assert((retryAfter ?? 0) >= 1 && slowed.headers['retry-after'] === String(retryAfter));
    assert.equal((await login(wire, ME.user, ME.password)).status, 429, 'the right one has to wait as well');
    assert.equal((await login(wire, 'somebody else', 'no')).status, 401);
  });
});

test('wrong passwords from one address are slowed down whatever the user', async () => {
  const limits = { loginAddress: { burst: 4, perSecond: 0.01 } };
  await withServer({ limits }, async (_server, wire) => {
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await login(wire, `user ${i}`, 'no')).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 429, 429]);
  });
});

test('requests of a device and of strangers have limits of their own', async () => {
  const limits = { device: { burst: 5, perSecond: 2 }, stranger: { burst: 4, perSecond: 0.5 } };
  await withServer({ limits }, async (_server, wire) => {
    const [one, two] = [await linkDevice(wire, ME), await linkDevice(wire, ME)];
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await one.ask('trash')).status);
    assert.equal(statuses[0], 200);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await two.ask('trash')).status, 200, 'another device is not held up');
    const strangers = await Promise.all([1, 2, 3, 4].map(() => wire.ask('trash', {})));
    assert(strangers.some(({ status }) => status === 429));
    assert.equal((await two.ask('trash')).status, 200, 'strangers do not use up a device’s share');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal((await one.ask('trash')).status, 200, 'and it comes back');
  });
});

test('of too many long polls of one device the oldest give way', async () => {
  await withServer({ limits: { polls: 2 } }, async (_server, wire) => {
    const device = await linkDevice(wire, ME);
    const seen = await device.cursor();
    const ended: number[] = [];
    const polls = [0, 1, 2].map(async (each) => {
      const answer = await device.ask('notify', { seen, seconds: 3 });
      ended.push(each);
      return answer;
    });
    const first = await Promise.race(polls);
    assert.equal(parsedAs(NotifyAnswer, first).changed, false);
    assert.equal(ended.length, 1, 'the other two go on waiting');
    await Promise.all(polls);
    assert.equal(ended.length, 3);
  });
});

test('stopping ends long polls at once, with a hint when to come back', async () => {
  await withServer({}, async (server, wire) => {
    const device = await linkDevice(wire, ME);
    const seen = await device.cursor();
    const poll = device.ask('notify', { seen, seconds: 50 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.stop();
    const answer = parsedAs(NotifyAnswer, await poll);
    assert(!answer.changed && answer.reconnectAfterMs > 0);
  });
});
