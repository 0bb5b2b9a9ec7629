/** Who is there and what they send: shown, never decided by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Presence } from '../../server-stub/presence/presence.ts';
import { type DeviceId, type NamespaceId, parseDeviceId, parseNamespaceId } from '../../src/protocol/ids.ts';

const id = (number: number) => `11111111-1111-7111-8111-${String(number).padStart(12, '0')}`;
const [A, B]: readonly DeviceId[] = [parseDeviceId(id(1)), parseDeviceId(id(2))];
const [HOME, SHARE]: readonly NamespaceId[] = [parseNamespaceId(id(8)), parseNamespaceId(id(9))];
const FILM = [{ path: 'film.mkv', bytes: 100, sent: 40 }];

function presence() {
  const clock = { at: 0 };
  return { clock, known: new Presence(() => clock.at) };
}

test('a device is there while it waits for news, and for a moment after its last request', () => {
  const { clock, known } = presence();
  assert.equal(known.isThere(A!), false);
  known.heard(A!);
  assert.equal(known.isThere(A!), true);
  clock.at = 25_000;
  assert.equal(known.isThere(A!), false);
  const over = known.waits(A!);
  const second = known.waits(A!);
  clock.at = 75_000;
  assert.equal(known.isThere(A!), true);
  over();
  clock.at = 100_000;
  assert.equal(known.isThere(A!), true, 'one of its polls is still open');
  second();
  clock.at = 115_000;
  assert.equal(known.isThere(A!), true);
  clock.at = 125_000;
  assert.equal(known.isThere(A!), false);
  assert.equal(known.isThere(B!), false);
});

test('what a device sends is shown in its own namespace, until it says otherwise or falls silent', () => {
  const { clock, known } = presence();
  known.sends(A!, HOME!, FILM);
  assert.deepEqual(known.sending(A!, HOME!), FILM);
  assert.deepEqual(known.sending(A!, SHARE!), []);
  assert.deepEqual(known.sending(B!, HOME!), []);
  clock.at = 10_001;
  assert.deepEqual(known.sending(A!, HOME!), []);
  known.sends(A!, HOME!, FILM);
  known.sends(A!, HOME!, []);
  assert.deepEqual(known.sending(A!, HOME!), []);
});

test('the others are woken once a second at most, and at once when it is over', () => {
  const { clock, known } = presence();
  const woke = [0, 300, 600, 1000, 1500, 2000].map((at) => {
    clock.at = at;
    return known.sends(A!, HOME!, FILM);
  });
  assert.deepEqual(woke, [true, false, false, true, false, true]);
  assert.equal(known.sends(A!, HOME!, []), true);
  assert.equal(known.sends(A!, HOME!, []), false, 'it was over already');
});

test('of devices that were not heard of for long the oldest are forgotten, never one that waits', () => {
  const { known } = presence();
  known.waits(A!);
  known.heard(B!);
  for (let number = 10; number < 20_012; number += 1) known.heard(parseDeviceId(id(number)));
  assert.equal(known.isThere(A!), true);
  assert.equal(known.isThere(B!), false);
  assert.equal(known.isThere(parseDeviceId(id(20_011))), true);
});
