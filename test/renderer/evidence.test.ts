import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReviewRow } from '../../src/ipc/review.ts';
import { evidenceOf } from '../../src/renderer/screens/review/evidence.ts';

const NOW = new Date(2026, 8, 18, 16, 5).getTime();
const batch: ReviewRow = {
  id: 'r1',
  what: 'delete',
  direction: 'sending',
  files: 1204,
  share: 0.032,
  bytes: 4_280_000_000,
  folder: 'Pictures/2024',
  paths: [],
  device: 'Studio-PC',
  user: 'ben',
  firstAt: new Date(2026, 8, 18, 14, 2, 0).getTime(),
  lastAt: new Date(2026, 8, 18, 14, 2, 3).getTime(),
  sentence: 'the engine said this in English',
};

test('the sentence says how many files, where, when and how fast', () => {
  const { sentence, share, size } = evidenceOf(batch, 'en', NOW);
  assert.equal(
    sentence,
    '1,204 files disappeared from Pictures/2024 on this computer, at 14:02, all within 3 s.',
  );
  assert.equal(share, '3%');
  assert.equal(size, '4.3 GB');
});

test('it says who, when others did it, and in German too', () => {
  const { sentence, held } = evidenceOf({ ...batch, direction: 'receiving' }, 'de', NOW);
  assert.equal(
    sentence,
    'ben hat auf Studio-PC 1.204 Dateien aus Pictures/2024 gelöscht, um 14:02, alle innerhalb von 3 s.',
  );
  assert.match(held, /dieser Computer hat die Dateien noch/);
});

test('overwrites are said to look encrypted, and a moment on another day has its day', () => {
  const yesterday = batch.firstAt - 86_400_000;
  const { sentence } = evidenceOf(
    { ...batch, what: 'overwrite', folder: '', files: 1, firstAt: yesterday, lastAt: yesterday },
    'en',
    NOW,
  );
  assert.match(sentence, /^1 file in the whole folder .* on Thu 14:02, with contents that look encrypted\.$/);
});

test('a share is never rounded to nothing or to all', () => {
  assert.equal(evidenceOf({ ...batch, share: 0.0004 }, 'en', NOW).share, '< 1%');
  assert.equal(evidenceOf({ ...batch, share: 0.999 }, 'en', NOW).share, '> 99%');
  assert.equal(evidenceOf({ ...batch, share: 1 }, 'en', NOW).share, '100%');
});

test('names that turn the direction of writing do not turn the sentence', () => {
  const { sentence } = evidenceOf({ ...batch, folder: 'a\u202egpj' }, 'en', NOW);
  assert.ok(sentence.includes('a‹U+202E›gpj'));
});
