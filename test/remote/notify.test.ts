import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransportOutcome } from '../../src/engine/environment/transport.ts';
import { Caller } from '../../src/engine/remote/call.ts';
import { Notifier } from '../../src/engine/remote/notify.ts';
import { parseEpoch } from '../../src/protocol/ids.ts';
import type { Cursor } from '../../src/protocol/journal.ts';
import { bodyOf, callParts, type JumpingClock, response } from './scripted-transport.ts';

const EPOCH = parseEpoch('0123456789ab');
const cursorAt = (seq: number): Cursor => ({ epoch: EPOCH, seq, hash: '0'.repeat(16) });
const SEEN = cursorAt(5);
const NO_NEWS = { changed: false, reconnectAfterMs: 0, uploading: [] };
const NEWS = { ...NO_NEWS, changed: true };

/** What stands between here and the server, told the seconds asked for; it moves the clock itself. */
type Way = (seconds: number, clock: JumpingClock) => TransportOutcome;

function notifierBehind(way: Way) {
  const asked: number[] = [];
  const parts = callParts((request) => {
    const { seconds } = bodyOf(request) as { seconds: number };
    asked.push(seconds);
    return way(seconds, parts.clock);
  });
  const notifier = new Notifier(new Caller(parts), parts.clock, parts.random);
  return { notifier, asked, clock: parts.clock, requests: parts.transport.requests };
}

const never = new AbortController().signal;

function at(cursor: Cursor | null): () => Promise<Cursor | null> {
  return () => Promise.resolve(cursor);
}

function parked(seconds: number, clock: JumpingClock): TransportOutcome {
  clock.at += seconds * 1000;
  return response(200, NO_NEWS);
}

function cutAfter(limit: number): Way {
  return (seconds, clock) => {
    if (seconds < limit) return parked(seconds, clock);
    clock.at += limit * 1000;
    return { kind: 'unreachable', detail: 'other side closed' };
  };
}

test('polls park for as long as the protocol allows while nothing is in the way', async () => {
  const { notifier, asked, requests } = notifierBehind(parked);
  for (let i = 0; i < 30; i += 1) assert.equal((await notifier.poll(at(SEEN), never)).kind, 'ok');
  assert.deepEqual(new Set(asked), new Set([50]));
  assert.equal(requests[0]?.timeoutMs, 60_000, 'with a deadline of our own');
});

test('a proxy that cuts polls at 30 s is never mistaken for a server that is gone, and polls get shorter than that', async () => {
  const { notifier, asked } = notifierBehind(cutAfter(30));
  for (let i = 0; i < 12; i += 1) {
    const result = await notifier.poll(at(SEEN), never);
    assert.equal(result.kind, 'ok', `poll ${i}`);
  }
  assert.deepEqual(asked.slice(0, 6), [50, 0, 50, 0, 21, 21]);
  assert.ok(asked.slice(4).every((seconds) => seconds === 21));
});

test('what works is kept, and a longer poll is tried seldom', async () => {
  const { notifier, asked } = notifierBehind(cutAfter(30));
  for (let i = 0; i < 400; i += 1) await notifier.poll(at(SEEN), never);
  const trials = asked.filter((seconds) => seconds > 29).length;
  assert.ok(trials <= 6, `${trials} polls were cut`);
});

test('a proxy that allows no parking at all is asked at intervals', async () => {
  const { notifier, asked, clock } = notifierBehind(cutAfter(3));
  for (let i = 0; i < 15; i += 1) assert.equal((await notifier.poll(at(SEEN), never)).kind, 'ok');
  assert.ok(
    asked.slice(4).every((seconds) => seconds === 0),
    asked.join(),
  );
  const pauses = clock.slept.slice(-8);
  assert.ok(
    pauses.every((ms) => ms >= 2000 && ms <= 4000),
    pauses.join(),
  );
});

test('once the proxy is gone, polls grow back to their full length', async () => {
  let limit = 3;
  const { notifier, asked } = notifierBehind((seconds, clock) => cutAfter(limit)(seconds, clock));
  for (let i = 0; i < 10; i += 1) await notifier.poll(at(SEEN), never);
  assert.equal(asked.at(-1), 0);
  limit = 1000;
  for (let i = 0; i < 400 && asked.at(-1) !== 50; i += 1) await notifier.poll(at(SEEN), never);
  assert.equal(asked.at(-1), 50);
});

test('answers that are held back on their way make polls short', async () => {
  const { notifier, asked } = notifierBehind((seconds, clock) => {
    const answer = parked(seconds, clock);
    if (seconds > 0) clock.at += 20_000;
    return answer;
  });
  for (let i = 0; i < 12; i += 1) await notifier.poll(at(SEEN), never);
  assert.deepEqual(asked.slice(0, 4), [50, 50, 25, 25]);
  assert.ok(asked.at(-1)! <= 6);
});

test('one restart of the server changes nothing, and a server that is gone is said to be', async () => {
  let state: 'up' | 'restart' | 'down' = 'up';
  const { notifier, asked } = notifierBehind((seconds, clock) => {
    if (state === 'up') return parked(seconds, clock);
    if (state === 'restart') {
      state = 'up';
      clock.at += 7000;
      return { kind: 'unreachable', detail: 'other side closed' };
    }
    clock.at += seconds === 0 ? 1 : 7000;
    return { kind: 'unreachable', detail: 'ECONNREFUSED' };
  });
  state = 'restart';
  assert.equal((await notifier.poll(at(SEEN), never)).kind, 'ok');
  await notifier.poll(at(SEEN), never);
  state = 'down';
  const gone = await notifier.poll(at(SEEN), never);
  assert.equal(gone.kind === 'trouble' && gone.code, 'unreachable');
  state = 'up';
  await notifier.poll(at(SEEN), never);
  assert.deepEqual(asked, [50, 0, 50, 50, 0, 50]);
});

test('a server that answers at once without news, or with the same news again, is not asked in a hot loop', async () => {
  for (const answer of [NO_NEWS, NEWS]) {
    const { notifier, clock } = notifierBehind(() => response(200, answer));
    await notifier.poll(at(SEEN), never);
    const began = clock.at;
    for (let i = 0; i < 10; i += 1) await notifier.poll(at(SEEN), never);
    assert.ok(clock.at - began >= 9000, `${clock.at - began} ms`);
  }
});

test('real news comes through without any pause', async () => {
  const { notifier, clock } = notifierBehind(() => response(200, NEWS));
  for (let seq = 1; seq < 20; seq += 1) {
    const result = await notifier.poll(at(cursorAt(seq)), never);
    assert.equal(result.kind === 'ok' && result.value.changed, true);
  }
  assert.deepEqual(clock.slept, []);
});

test('the server can spread its devices, but not send them away', async () => {
  const { notifier, clock } = notifierBehind(() => response(200, { ...NEWS, reconnectAfterMs: 10 ** 12 }));
  await notifier.poll(at(cursorAt(1)), never);
  await notifier.poll(at(cursorAt(2)), never);
  assert.deepEqual(clock.slept, [300_000]);
});

test('how far we are is told as it is after the pause, not as it was before', async () => {
  const { notifier, clock, requests } = notifierBehind(() =>
    response(200, { ...NO_NEWS, reconnectAfterMs: 2000 }),
  );
  await notifier.poll(at(cursorAt(1)), never);
  let slept = -1;
  await notifier.poll(() => {
    slept = clock.slept.length;
    return Promise.resolve(cursorAt(2));
  }, never);
  assert.equal(slept, 1);
  assert.deepEqual(
    requests.map((request) => (bodyOf(request) as { seen: Cursor }).seen.seq),
    [1, 2],
  );
  assert.deepEqual(await notifier.poll(at(null), never), { kind: 'ok', value: NO_NEWS });
  assert.equal(requests.length, 2, 'without a position there is nothing to ask');
});

test('an aborted poll says that nothing changed', async () => {
  const controller = new AbortController();
  const { notifier } = notifierBehind(() => {
    controller.abort();
    return { kind: 'aborted' };
  });
  assert.deepEqual(await notifier.poll(at(SEEN), controller.signal), { kind: 'ok', value: NO_NEWS });
});

test('refusals in the words of the server are no reason to doubt the way', async () => {
  const { notifier, asked } = notifierBehind((_seconds, clock) => {
    clock.at += 20_000;
    return response(401, { code: 'signed-out', detail: '' });
  });
  for (let i = 0; i < 3; i += 1) {
    const result = await notifier.poll(at(SEEN), never);
    assert.equal(result.kind === 'trouble' && result.code, 'signed-out');
  }
  assert.deepEqual(asked, [50, 50, 50]);
});
