/** The user's limits and proxy: rates by an injected clock, real HTTP, no time of ours. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../src/engine/environment/environment.ts';
import { ratesAt } from '../../src/engine/remote/limit-schedule.ts';
import { createNodeTransport } from '../../src/engine/remote/node-transport.ts';
import { TokenBucket } from '../../src/engine/remote/token-bucket.ts';
import type { EngineSettings } from '../../src/ipc/settings.ts';
import { holds, seed } from '../property/seeded.ts';

const OPEN: EngineSettings = { up: null, down: null, schedule: null, proxy: { kind: 'system' } };

/** Sleeping takes no time, and the clock goes on by what was slept. */
class DreamClock implements Clock {
  ms = 0;
  now = () => this.ms;
  monotonic = () => this.ms;
  async sleep(ms: number): Promise<void> {
    this.ms += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }
  after = (): (() => void) => () => undefined;
}

async function serve(
  t: TestContext,
  handler: (request: IncomingMessage, response: ServerResponse, bytes: number) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
    });
    request.on('end', () => handler(request, response, bytes));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = (body: Uint8Array | null) =>
  ({
    method: 'PUT',
    path: '/v1/chunks',
    headers: {},
    body,
    timeoutMs: 20_000,
    maxResponseBytes: 4 * 1024 * 1024,
  }) as const;

test('no more passes than the rate allows, whoever asks and however much', async (t) => {
  const run = fc.asyncProperty(
    fc.integer({ min: 20_000, max: 1_000_000 }),
    fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 10 }),
    async (rate, pieces) => {
      const clock = new DreamClock();
      const bucket = new TokenBucket(clock, () => rate);
      let passed = 0;
      for (const bytes of pieces) {
        await bucket.take(bytes);
        passed += bytes;
        assert.ok(passed <= (clock.ms / 1000) * rate + rate * 0.25 + 1, `${passed} bytes in ${clock.ms} ms`);
      }
    },
  );
  t.diagnostic(`PROPERTY_SEED=${seed}`);
  await fc.assert(run, { seed, numRuns: 50 });
});

test('a limit that is lifted lets go what waits; one that is set holds what comes', async () => {
  const clock = new DreamClock();
  let rate: number | null = 1;
  const bucket = new TokenBucket(clock, () => rate);
  const waiting = bucket.take(1_000_000);
  rate = null;
  await waiting;
  assert.ok(clock.ms < 1000, `${clock.ms}`);
  const before = clock.ms;
  await bucket.take(1_000_000);
  assert.equal(clock.ms, before, 'without a limit nothing waits');
  rate = 1000;
  await bucket.take(5000);
  assert.ok(clock.ms - before >= 4700);
  assert.ok(bucket.isLimited);
});

test('a schedule holds on its days from its beginning to its end, also over midnight', (t) => {
  const schedule = { from: '22:30', to: '06:00', days: [5], up: 10, down: null } as const;
  const settings = { ...OPEN, up: 100, schedule: { ...schedule, days: [...schedule.days] } };
  const up = (day: number, hours: number, minutes = 0) =>
    ratesAt(settings, { day, minute: hours * 60 + minutes }).up;
  assert.equal(up(5, 22, 29), 100 * 1024);
  assert.equal(up(5, 22, 30), 10 * 1024);
  assert.equal(up(6, 5, 59), 10 * 1024, 'it began on Friday');
  assert.equal(up(6, 6), 100 * 1024);
  assert.equal(up(5, 5), 100 * 1024, 'Thursday is none of its days');
  holds(
    t,
    fc.property(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1439 }), (day, minute) => {
      const all = { from: '09:00', to: '17:00', days: [0, 1, 2, 3, 4, 5, 6], up: 1, down: 1 };
      const within = minute >= 540 && minute < 1020;
      assert.deepEqual(
        ratesAt({ ...OPEN, schedule: all }, { day, minute }),
        within ? { up: 1024, down: 1024 } : { up: null, down: null },
      );
    }),
  );
});

test('a limited body goes up whole and not faster; what is small does not wait', async (t) => {
  const url = await serve(t, (_, response, bytes) => response.end(`${bytes}`));
  const clock = new DreamClock();
  const transport = createNodeTransport({ serverUrl: url, env: {}, clock });
  t.after(() => transport.close());
  transport.configure?.({ ...OPEN, up: 10 });
  const small = await transport.exchange(request(new Uint8Array(1000)));
  assert.equal(clock.ms, 0);
  assert.equal(small.kind === 'response' && Buffer.from(small.body).toString(), '1000');
  const sent = transport.bytesSent;
  const large = await transport.exchange(request(new Uint8Array(500_000)));
  assert.equal(large.kind === 'response' && Buffer.from(large.body).toString(), '500000');
  assert.ok(clock.ms >= (499_000 / 10_240) * 1000 - 300, `${clock.ms}`);
  assert.ok(transport.bytesSent - sent >= 500_000);
  transport.configure?.(OPEN);
  const before = clock.ms;
  await transport.exchange(request(new Uint8Array(500_000)));
  assert.equal(clock.ms, before);
});

test('a limited answer comes down whole and not faster, though its deadline is long past', async (t) => {
  const answer = Buffer.alloc(800_000, 'x');
  const url = await serve(t, (_, response) => response.end(answer));
  const clock = new DreamClock();
  const transport = createNodeTransport({ serverUrl: url, env: {}, clock });
  t.after(() => transport.close());
  transport.configure?.({ ...OPEN, down: 5 });
  const outcome = await transport.exchange({ ...request(null), method: 'GET' });
  assert.ok(outcome.kind === 'response' && Buffer.from(outcome.body).equals(answer), outcome.kind);
  assert.ok(clock.ms > 100_000, `${clock.ms}`);
});

test('the user’s own proxy goes before the one of the system; without any, none is used; a change holds at once', async (t) => {
  const url = await serve(t, (_, response) => response.end('direct'));
  const mine = await serve(t, (asked, response) =>
    response.end(`mine ${asked.headers['proxy-authorization'] ?? ''} ${new URL(asked.url ?? '').pathname}`),
  );
  const systems = await serve(t, (_, response) => response.end('system'));
  const transport = createNodeTransport({
    serverUrl: url,
    env: { http_proxy: systems },
    proxyLoopback: true,
  });
  t.after(() => transport.close());
  const ask = async () => {
    const outcome = await transport.exchange({ ...request(null), method: 'GET' });
    return outcome.kind === 'response' ? Buffer.from(outcome.body).toString() : outcome;
  };
  assert.equal(await ask(), 'system');
  transport.configure?.({
    ...OPEN,
    proxy: { kind: 'manual', url: mine.replace('//', '//ada:pw@') },
  });
  assert.equal(await ask(), `mine Basic ${Buffer.from('ada:pw').toString('base64')} /v1/chunks`);
  transport.configure?.({ ...OPEN, proxy: { kind: 'none' } });
  assert.equal(await ask(), 'direct');
  transport.configure?.(OPEN);
  assert.equal(await ask(), 'system');
});
