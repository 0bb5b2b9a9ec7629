import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { encodeFrames } from '../../src/protocol/frames.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { HealthAnswer, ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import type { Contract } from './contract-suite.ts';
import { parsedAs, textFile } from './wire-device.ts';
import { assertRefused, jsonOf } from './wire-http.ts';

const routes = Object.entries(ROUTES) as [RouteName, Route][];

/** MiB after which a body that should have been refused long ago ends. */
const ENDLESS = 512;

/**
 * A body of a length that nobody is told. It lets the event loop turn between its pieces: the server may run in the same
 * process, and has to get to its refusal.
 */
async function* endless(sent: { pieces: number }): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(1024 * 1024, 0x20);
  for (; sent.pieces < ENDLESS; sent.pieces += 1) {
    yield piece;
    await setImmediate();
  }
}

export function requestContract(contract: () => Contract): void {
  test('health answers anyone', async () => {
    const { wire } = contract();
    const health = parsedAs(HealthAnswer, await wire.ask('health', null));
    assert.equal(health.ok, true);
  });

  test('every route for devices refuses a missing, a malformed and an unknown token alike', async () => {
    const { wire } = contract();
    const tokens: Record<string, string>[] = [
      {},
      { authorization: 'Basic abc' },
      { authorization: `Bearer ${'A'.repeat(43)}` },
    ];
    for (const [name, route] of routes) {
      if (route.access !== 'device') continue;
      const answers = await Promise.all(tokens.map((headers) => wire.ask(name, {}, { headers })));
      for (const answer of answers) {
        assert.equal(answer.status, 401, name);
        assert.deepEqual(jsonOf(answer), jsonOf(answers[0]!));
        assert.equal(assertRefused(answer).code, 'signed-out');
      }
    }
  });

  test('other methods are refused politely, and nothing is at other addresses', async () => {
    const { wire } = contract();
    for (const [, route] of routes) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        if (method === route.method) continue;
        const answer = await wire.send(method, route.path, null);
        assert.equal(answer.status, 405, `${method} ${route.path}`);
        assert.deepEqual(Object.keys(jsonOf(answer) as object).sort(), ['code', 'detail']);
      }
      const head = await wire.send('HEAD', route.path, null);
      assert.equal(head.status, 405);
      assert.equal(head.body.length, 0);
    }
    for (const path of ['/', '/v1', '/v1/', '/v1/health/', '/v2/health', '/%2e%2e/etc/passwd']) {
      const answer = await wire.send('GET', path, null);
      assert.equal(answer.status, 404, path);
      assert.equal(assertRefused(answer).code, 'not-found');
    }
    assert.equal((await wire.send('GET', '/v1/health?x=1', null)).status, 200);
  });

  test('another protocol version is refused with 426 on every route', async () => {
    const { wire } = contract();
    for (const [name] of routes) {
      const answer = await wire.ask(name, {}, { headers: { 'x-tidemark-protocol': '2' } });
      assert.equal(answer.status, 426, name);
      assert.equal(assertRefused(answer).code, 'protocol-version');
    }
  });

  test('bodies that are no JSON, or JSON of another form, are bad requests', async () => {
    const { wire } = contract();
    const device = await contract().device();
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '7',
      '{"a":1}',
      '\u0000',
      '{"__proto__":{}}',
      '['.repeat(200_000),
      Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
    ];
    for (const [name, route] of routes) {
      if (route.requestBody !== 'json') continue;
      for (const body of bodies) {
        const answer = await wire.send(route.method, route.path, body, { headers: device.headers() });
        assert.equal(answer.status, 400, `${name} ${String(body).slice(0, 20)}`);
        assert.equal(assertRefused(answer).code, 'bad-request');
      }
    }
    const withBody = await wire.send('GET', '/v1/trash', '{}', { headers: device.headers() });
    assert.equal(withBody.status, 400);
  });

  test('an unknown member is a bad request, wherever it stands', async () => {
    const device = await contract().device();
    const requests: [RouteName, unknown][] = [
      ['journal', { cursor: null, limit: 1, more: 1 }],
      ['notify', { seen: { ...(await device.cursor()), extra: true }, seconds: 0 }],
      ['finalize', { claims: [{ ...device.create('x', null), extra: 1 }], settledBelow: 0, cursor: null }],
      ['getChunks', { want: ['0'.repeat(64)], have: [], bytes: 1 }],
    ];
    for (const [name, json] of requests)
      assert.equal((await device.refusal(name, json)).code, 'bad-request', name);
  });

  test('packed bodies that are cut off, garbage or beyond their bounds are refused', async () => {
    const { wire } = contract();
    const device = await contract().device();
    const { frames } = textFile('some content');
    const whole = encodeFrames({ json: {}, frames });
    const headers = device.headers();
    for (const name of ['putChunks', 'commit'] as const) {
      const { method, path } = ROUTES[name];
      const cuts = Array.from({ length: whole.length - 1 }, (_, i) => whole.subarray(0, i));
      const huge = Buffer.from(whole);
      huge.writeUInt32LE(0xffffffff, whole.length - frames[0]!.bytes.length - 4);
      const hugeJson = Buffer.from(whole);
      hugeJson.writeUInt32LE(0xffffffff, 4);
      const encoding = Buffer.from(whole);
      encoding[8 + 2 + 32] = 9;
      const bad = [
        ...cuts.filter((_, i) => i % 7 === 0 && i !== 10),
        huge,
        hugeJson,
        encoding,
        Buffer.alloc(5000, 0x41),
      ];
      for (const body of bad) {
        const answer = await wire.send(method, path, body, { headers });
        assert.equal(answer.status, 400, `${name} ${body.length} ${answer.body.toString('utf8')}`);
        assertRefused(answer);
      }
    }
    const many = Array.from({ length: LIMITS.chunksPerBody + 1 }, () => frames[0]!);
    assert.equal((await device.refusal('putChunks', {}, { frames: many })).code, 'bad-request');
  });

  test('bodies above the limit are refused with 413, told or not', async () => {
    const { wire } = contract();
    const device = await contract().device();
    const { method, path } = ROUTES.journal;
    const big = Buffer.alloc(LIMITS.jsonBytes + 1, 0x20);
    const answer = await wire.send(method, path, big, { headers: device.headers() });
    assert.equal(answer.status, 413);
    assert.equal(assertRefused(answer).code, 'too-large');
    const sent = { pieces: 0 };
    const untold = await wire.send(method, path, endless(sent), { headers: device.headers() }).then(
      (refusal) => assertRefused(refusal).code,
      () => 'cut',
    );
    assert(untold === 'too-large' || untold === 'cut', untold);
    assert(sent.pieces < ENDLESS, 'a body of unknown length is not read for ever');
    const small = await wire.send('GET', '/v1/health', null);
    assert.equal(small.status, 200);
  });
}
