import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock, nodeRandom } from '../../src/engine/local/node-clock.ts';

test('a sleep ends after its time, at once when it is aborted, and never with an error', async () => {
  const before = nodeClock.monotonic();
  await nodeClock.sleep(20);
  assert.ok(nodeClock.monotonic() - before >= 19);
  const abort = new AbortController();
  const long = nodeClock.sleep(60_000, abort.signal);
  abort.abort();
  await long;
  await nodeClock.sleep(60_000, abort.signal);
  await nodeClock.sleep(-5);
});

test('a timer can be cancelled, and one of months does not fire at once', async () => {
  let fired = 0;
  const cancel = nodeClock.after(5, () => {
    fired += 1;
  });
  cancel();
  cancel();
  const months = nodeClock.after(1e11, () => {
    fired += 1;
  });
  await nodeClock.sleep(30);
  months();
  assert.equal(fired, 0);
  await new Promise<void>((resolve) => nodeClock.after(1, resolve));
});

test('random bytes are fresh and fractions lie in their range', () => {
  assert.equal(nodeRandom.bytes(16).length, 16);
  assert.notDeepEqual(nodeRandom.bytes(16), nodeRandom.bytes(16));
  for (let i = 0; i < 100; i += 1) {
    const fraction = nodeRandom.fraction();
    assert.ok(fraction >= 0 && fraction < 1);
  }
});
