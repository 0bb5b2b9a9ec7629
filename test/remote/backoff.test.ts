import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, retryAfterMs } from '../../src/engine/remote/backoff.ts';

test('pauses double from half a second up to a minute, with full jitter', () => {
  const ceilings = [1, 2, 3, 7, 8, 9, 1000].map((attempt) => backoffMs(attempt, 1));
  assert.deepEqual(ceilings, [500, 1000, 2000, 32_000, 60_000, 60_000, 60_000]);
  assert.equal(backoffMs(5, 0), 0);
  assert.equal(backoffMs(5, 0.25), 2000);
});

test('a pause the server asked for is never shortened and only spread a little', () => {
  assert.equal(backoffMs(1, 0, 20_000), 20_000);
  assert.equal(backoffMs(9, 1, 20_000), 22_000);
  assert.equal(backoffMs(1, 1, 10 * 3_600_000), 3_600_000 + 60_000);
});

test('retry-after is read as seconds or as a date, and capped at an hour', () => {
  const now = Date.parse('Fri, 18 Sep 2026 18:02:00 GMT');
  assert.equal(retryAfterMs('7', undefined, now), 7000);
  assert.equal(retryAfterMs('0', undefined, now), 0);
  assert.equal(retryAfterMs(' 1.5 ', undefined, now), 1500);
  assert.equal(retryAfterMs('999999999999', undefined, now), 3_600_000);
  assert.equal(retryAfterMs('Fri, 18 Sep 2026 18:02:30 GMT', undefined, now), 30_000);
  assert.equal(retryAfterMs('Fri, 18 Sep 2026 17:00:00 GMT', undefined, now), 0);
  for (const odd of ['-5', 'soon', '', '1e3', '2099-01-01T00:00:00Z', 'Inf, 99 GMT']) {
    assert.equal(retryAfterMs(odd, undefined, now), 0, odd);
  }
  assert.equal(retryAfterMs(undefined, undefined, now), 0);
});

test("a retry date counts by the server's own clock, not by this computer's", () => {
  const wrongClock = Date.parse('Fri, 18 Sep 2026 12:00:00 GMT');
  const wait = retryAfterMs('Fri, 18 Sep 2026 18:02:30 GMT', 'Fri, 18 Sep 2026 18:02:00 GMT', wrongClock);
  assert.equal(wait, 30_000);
});
