/** Many devices that come back at once: spread by the server's word, and one after the other at the door. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Greetings } from '../../server-stub/greetings.ts';
import { NotifyHub } from '../../server-stub/notify/notify-hub.ts';
import { realClock } from '../../server-stub/real-effects.ts';
import { parseDeviceId, parseNamespaceId } from '../../src/protocol/ids.ts';

const id = (number: number) => `11111111-1111-7111-8111-${String(number).padStart(12, '0')}`;

test('whoever comes back waits for their turn, in the order of coming; who left is passed over; a failure holds nobody up', async () => {
  const greetings = new Greetings(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const greet = (number: number, gone?: AbortSignal) =>
    greetings.run(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (number === 1) throw new Error('refused by the disk');
      return number;
    }, gone);
  const left = new AbortController();
  const all = [greet(0), greet(1), greet(2), greet(3, left.signal), greet(4)];
  const settled = Promise.allSettled(all);
  left.abort();
  await realClock.sleep(1);
  assert.deepEqual(begun, [0, 1]);
  ends.shift()?.();
  await realClock.sleep(1);
  assert.deepEqual(begun, [0, 1, 2]);
  for (let round = 0; round < 6; round += 1) {
    for (const end of ends.splice(0)) end();
    await realClock.sleep(1);
  }
  assert.deepEqual(begun, [0, 1, 2, 4]);
  assert.deepEqual(
    (await settled).map((each) => (each.status === 'fulfilled' ? each.value : 'failed')),
    [0, 'failed', 2, null, 4],
  );
});

test('a server that stops sends its devices away for longer the more of them wait', async () => {
  const waits = (devices: number) => {
    const hub = new NotifyHub(realClock, 4);
    const polls = Array.from({ length: devices }, (_, number) =>
      hub.wait(parseNamespaceId(id(number % 50)), parseDeviceId(id(number)), 60_000),
    );
    hub.close();
    return { hub, polls };
  };
  const few = waits(10);
  assert.equal(few.hub.spreadMs, 2000);
  assert.deepEqual(new Set(await Promise.all(few.polls)), new Set(['closing']));
  assert.equal(waits(10_000).hub.spreadMs, 20_000);
});
