import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../../src/ipc/status.ts';
import { answerOf, answerWords } from '../../../src/renderer/live/answer.ts';
import { needsOf } from '../../../src/renderer/live/needs.ts';
import { pausedUntil } from '../../../src/renderer/live/pause-choice.ts';
import { formatsOf } from '../../../src/renderer/words/formats.ts';
import { STATUS } from '../../screens/scenes/base.ts';
import { NOW } from '../../screens/scenes/scene.ts';

const answer = (change: Partial<Status>, language: 'en' | 'de' = 'en') =>
  answerOf(
    { ...STATUS, ...change },
    { words: answerWords[language], formats: formatsOf(language), language, now: NOW },
  );

test('only what is proved up to date is called safe', () => {
  assert.equal(answer({}).title, 'Your work is safe');
  for (const state of [
    'setting-up',
    'checking',
    'syncing',
    'paused',
    'offline',
    'needs-you',
    'error',
  ] as const) {
    assert.doesNotMatch(answer({ state }).title, /safe/i, state);
  }
});

test('what is only on this computer is said first while nothing can be sent', () => {
  assert.equal(answer({ state: 'offline', pendingUploads: 7 }).title, '7 changes are only on this computer');
  assert.equal(answer({ state: 'paused', pendingUploads: 1 }).title, '1 change is only on this computer');
  assert.equal(answer({ state: 'paused', pendingUploads: 0 }).title, 'Paused');
  assert.match(answer({ state: 'offline', nextTryAt: NOW + 20_000 }).why, /Next try in 20 s\.$/);
});

test('a delay names the change that waits, and for how long', () => {
  const late = answer({
    state: 'syncing',
    delayed: true,
    pendingUploads: 0,
    oldest: { path: 'a\u202eb.txt', since: NOW - 48_000 },
  });
  assert.equal(late.title, 'Sync is delayed');
  assert.match(late.why, /^a‹U\+202E›b\.txt has waited for 48 s\./);
});

test('why it stopped is said in the language of the user', () => {
  const halted = { code: 'root-gone', facts: { file: '/home/anna/T' }, sentence: 'engine text' };
  assert.match(answer({ state: 'error', halted }, 'de').why, /^Der Ordner \/home\/anna\/T ist nicht da/);
});

test('what needs the user comes one per cause', () => {
  const kinds = (change: Partial<Status>) =>
    needsOf({ ...STATUS, ...change }, { update: null }).map((need) => need.kind);
  assert.deepEqual(kinds({}), []);
  assert.deepEqual(kinds({ conflicts: 3, review: 1, problems: 2, unseen: 9 }), [
    'review',
    'conflicts',
    'problems',
  ]);
  assert.deepEqual(kinds({ unseen: 9 }), ['unseen']);
  assert.deepEqual(
    needsOf(null, { update: { version: '2', how: 'restart' } }).map((need) => need.kind),
    ['update'],
  );
});

test('tomorrow begins at eight in the morning, also over the end of a month', () => {
  const evening = new Date(2026, 8, 30, 23, 10).getTime();
  assert.equal(pausedUntil('tomorrow', evening), new Date(2026, 9, 1, 8).getTime());
  assert.equal(pausedUntil('half-hour', evening), evening + 1_800_000);
  assert.equal(pausedUntil('two-hours', evening), evening + 7_200_000);
  assert.equal(pausedUntil('resume', evening), null);
});
