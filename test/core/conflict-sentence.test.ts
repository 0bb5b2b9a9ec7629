/** The sentence about a conflict: whole where everything is known, and never more than is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConflictFacts, conflictSentence } from '../../src/core/conflict/conflict-sentence.ts';
import { parseDeviceId } from '../../src/protocol/ids.ts';
import type { WireSide } from '../../src/protocol/journal.ts';

const side = (user: string, device: string, number: number, editedAt: number): WireSide => ({
  path: 'plans/roadmap.xlsx',
  number,
  content: { kind: 'symlink', target: user },
  deviceId: parseDeviceId('01990000-0000-7000-8000-00000000000a'),
  device,
  user,
  at: 9999,
  editedAt,
});

const facts: ConflictFacts = {
  cause: 'offline',
  original: side('Ben', 'Studio-PC', 19, 940),
  copy: side('Anna', 'Anna-MacBook', 1, 1802),
  ancestor: 18,
  path: 'plans/roadmap.xlsx',
  originalLives: true,
  copyPath: 'plans/roadmap (conflict - x).xlsx',
  settled: null,
};
const say = (more: Partial<ConflictFacts> = {}) =>
  conflictSentence({ ...facts, ...more }, (ms) => `at ${ms}`);

test('who did what on which device, from which version, and where both are now', () => {
  assert.equal(
    say(),
    'Ben saved V19 on Studio-PC (at 940) while Anna edited V18 on Anna-MacBook offline (at 1802): roadmap.xlsx keeps Ben\'s, Anna\'s is "roadmap (conflict - x).xlsx".',
  );
  assert.match(say({ cause: 'concurrent' }), /while Anna edited V18 on Anna-MacBook \(at 1802\): /);
  assert.match(
    say({ cause: 'lag' }),
    /; before that reached Anna-MacBook, Anna edited V18 there \(at 1802\): /,
  );
  assert.match(
    say({ cause: 'name-clash', ancestor: null }),
    /^Two files came to one name: one that Ben saved on Studio-PC \(at 940\) and one that Anna saved on Anna-MacBook \(at 1802\): /,
  );
});

test('one user on two devices is told apart by the devices, and one device by nothing', () => {
  const mine = side('Ben', 'Laptop', 1, 5);
  assert.match(say({ copy: mine }), /keeps that of Studio-PC, that of Laptop is "/);
  assert.match(say({ copy: side('Ben', 'Studio-PC', 1, 5) }), /keeps one, the other is "/);
});

test('what is not known is not said', () => {
  for (const unknown of [{ original: null }, { copy: null }])
    assert.equal(
      say({ ...unknown, ancestor: null }),
      'One side was edited while its device was offline: roadmap.xlsx keeps one, the other is "roadmap (conflict - x).xlsx".',
    );
  assert.match(say({ ancestor: null }), /Anna edited an earlier version on/);
  assert.doesNotMatch(say({ original: null, copy: null }), /Ben|Anna|null|undefined/);
});

test('a side that is gone since, and how it was settled', () => {
  assert.match(say({ originalLives: false }), /: roadmap\.xlsx is deleted since, Anna's is "/);
  assert.match(say({ copyPath: null }), /keeps Ben's, Anna's is deleted since\.$/);
  const settled = { device: 'Laptop', user: 'Cleo', keep: 'merged' };
  assert.match(say({ settled }), /: settled by Cleo on Laptop, both were merged\.$/);
});
