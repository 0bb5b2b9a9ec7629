import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { BodyReceiver, type ReceivedBody } from '../../server-stub/http-body.ts';

const MIB = 1024 * 1024;

/** A body that is on its way, at a rate, in time that only the test lets pass. */
async function receive(
  t: TestContext,
  { length, bytesPerSecond, stopsAt = length }: { length: number; bytesPerSecond: number; stopsAt?: number },
): Promise<{ readonly body: ReceivedBody; readonly minutes: number }> {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const message = new IncomingMessage(new Socket());
  message.headers['content-length'] = String(length);
  let body: ReceivedBody | null = null;
  const receiving = new BodyReceiver().receive(message, 24 * MIB).then((given) => {
    body = given.received;
    given.release();
  });
  let came = 0;
  let seconds = 0;
  for (; body === null && seconds < 20_000; seconds += 1) {
    const now = Math.min(stopsAt, (seconds + 1) * bytesPerSecond);
    if (now > came) message.push(Buffer.alloc(now - came, 7));
    came = now;
    if (came === length) message.push(null);
    await soon();
    t.mock.timers.tick(1000);
    await soon();
  }
  await receiving;
  assert.ok(body);
  return { body, minutes: seconds / 60 };
}

test('a chunk that takes an hour over a slow line is received, and its bytes are whole', async (t) => {
  const { body, minutes } = await receive(t, { length: 8 * MIB, bytesPerSecond: 2048 });
  assert.ok(body.kind === 'body' && body.bytes.length === 8 * MIB);
  assert.ok(body.bytes.every((byte) => byte === 7));
  assert.ok(minutes > 60);
});

test('a body that stops coming is cut off after two minutes at most', async (t) => {
  const stopped = await receive(t, { length: MIB, bytesPerSecond: 100_000, stopsAt: 500_000 });
  assert.equal(stopped.body.kind, 'gone');
  assert.ok(stopped.minutes <= 2.1);
});

test('a body that comes byte by byte is cut off', async (t) => {
  const dripping = await receive(t, { length: MIB, bytesPerSecond: 1 });
  assert.equal(dripping.body.kind, 'gone');
  assert.ok(dripping.minutes <= 2.1);
});

test('senders that break off before their bodies are received take no memory from those that follow', async () => {
  const bodies = new BodyReceiver();
  for (let i = 0; i < 100; i += 1) {
    const message = new IncomingMessage(new Socket());
    message.headers['content-length'] = String(8 * MIB);
    message.destroy();
    await soon();
    const { received, release } = await bodies.receive(message, 24 * MIB);
    assert.equal(received.kind, 'gone');
    release();
  }
});
