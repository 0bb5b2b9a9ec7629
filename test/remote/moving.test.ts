import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Dispatcher } from 'undici';
import type { TransportOutcome } from '../../src/engine/environment/transport.ts';
import { Exchange } from '../../src/engine/remote/node-exchange.ts';

const CONTROLLER: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  rawHeaders: [],
  rawTrailers: [],
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** An exchange whose time only the test lets pass. */
function begin(t: TestContext): { exchange: Exchange; outcome: () => TransportOutcome | null } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let found: TransportOutcome | null = null;
  const request = {
    method: 'PUT' as const,
    path: '/v1/chunks',
    headers: {},
    body: null,
    timeoutMs: 60_000,
    maxResponseBytes: 2 ** 24,
  };
  const exchange = new Exchange(request, (outcome) => {
    found = outcome;
  });
  exchange.onRequestStart(CONTROLLER);
  return { exchange, outcome: () => found };
}

function pass(t: TestContext, seconds: number, each: () => void): void {
  for (let second = 0; second < seconds; second += 1) {
    each();
    t.mock.timers.tick(1000);
  }
}

test('a body that the line takes slowly is not given up, however long it takes; once it stops it is', (t) => {
  const { exchange, outcome } = begin(t);
  pass(t, 3600, () => exchange.sent(1000));
  assert.equal(outcome(), null);
  pass(t, 121, () => undefined);
  assert.deepEqual(outcome(), { kind: 'unreachable', detail: 'no whole answer within 60000 ms' });
});

test('an answer that comes slowly is not given up, however long it takes', (t) => {
  const { exchange, outcome } = begin(t);
  exchange.onResponseStart(CONTROLLER, 200, { 'content-length': String(3600 * 1000) });
  pass(t, 3600, () => exchange.onResponseData(CONTROLLER, new Uint8Array(1000)));
  assert.equal(outcome(), null);
  exchange.onResponseEnd();
  const found = outcome();
  assert.ok(found?.kind === 'response' && found.body.length === 3_600_000);
});

test('an answer that stops is given up after half a minute without a byte', (t) => {
  const { exchange, outcome } = begin(t);
  exchange.onResponseStart(CONTROLLER, 200, { 'content-length': '4000000' });
  pass(t, 100, () => exchange.onResponseData(CONTROLLER, new Uint8Array(1000)));
  assert.equal(outcome(), null);
  pass(t, 61, () => undefined);
  assert.equal(outcome()?.kind, 'unreachable');
});

test('an answer that trickles meets its deadline', (t) => {
  const { exchange, outcome } = begin(t);
  exchange.onResponseStart(CONTROLLER, 200, {});
  pass(t, 61, () => exchange.onResponseData(CONTROLLER, new Uint8Array(1)));
  assert.equal(outcome()?.kind, 'unreachable');
});
