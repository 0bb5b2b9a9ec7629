/** How long history is kept, as it is typed, and when less is asked about; how full a space is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changesOf,
  daysTyped,
  formOf,
  shrinking,
  spansTyped,
} from '../../src/renderer/screens/settings/keeping/spans.ts';
import { fullnessOf, partOf, pressing } from '../../src/renderer/storage/fullness.ts';

const DAY = 86_400_000;
const SPANS = {
  allMs: 1.5 * DAY,
  dailyMs: 90 * DAY,
  weeklyMs: 365 * DAY,
  monthlyMs: 1825 * DAY,
  trashMs: 30 * DAY,
};

test('what is typed as it stood stays exactly what it was, also where it is no whole number of days', () => {
  assert.deepEqual(spansTyped(formOf(SPANS), SPANS), { kind: 'spans', spans: SPANS });
});

test('only what is kept for less is asked about', () => {
  const typed = spansTyped({ ...formOf(SPANS), dailyMs: '60', trashMs: '90' }, SPANS);
  assert.equal(typed.kind, 'spans');
  const changes = changesOf(SPANS, typed.spans);
  assert.deepEqual(
    changes.map(({ name, after }) => [name, after / DAY]),
    [
      ['dailyMs', 60],
      ['trashMs', 90],
    ],
  );
  assert.deepEqual(
    shrinking(changes).map(({ name }) => name),
    ['dailyMs'],
  );
});

test('no number of days, and a span shorter than the one before it, are said at their line', () => {
  for (const wrong of ['', '0', '-3', '2.5', '36526', '1e3', 'x'])
    assert.equal(daysTyped(wrong), null, wrong);
  assert.equal(daysTyped(' 36525 '), 36_525);
  const form = formOf(SPANS);
  assert.deepEqual(spansTyped({ ...form, weeklyMs: '' }, SPANS), {
    kind: 'wrong',
    name: 'weeklyMs',
    why: 'number',
  });
  assert.deepEqual(spansTyped({ ...form, allMs: '91' }, SPANS), {
    kind: 'wrong',
    name: 'dailyMs',
    why: 'order',
  });
  assert.deepEqual(spansTyped({ ...form, monthlyMs: '364' }, SPANS), {
    kind: 'wrong',
    name: 'monthlyMs',
    why: 'order',
  });
});

test('full is full to the byte, nearly full is nine tenths, and without a bound nothing is', () => {
  const of = (used: number | null, quota: number | null) => fullnessOf({ used, quota });
  assert.deepEqual(
    [
      of(899, 1000),
      of(900, 1000),
      of(999, 1000),
      of(1000, 1000),
      of(1200, 1000),
      of(5, null),
      of(null, null),
      of(0, 0),
    ],
    ['free', 'near', 'near', 'full', 'full', 'unbounded', 'unknown', 'full'],
  );
  assert.equal(partOf({ used: 1200, quota: 1000 }), 1);
  const row = (name: string, used: number) => ({
    ...({ share: name, name, kind: 'folder', path: name, sentence: '' } as const),
    ...{ used, quota: 100 },
  });
  assert.deepEqual(
    pressing([row('near', 95), row('free', 10), row('full', 100)]).map(({ name }) => name),
    ['full', 'near'],
  );
});
