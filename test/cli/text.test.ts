import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytes, count, duration, plural, printable, table, wrap } from '../../src/cli/text.ts';
import { seed } from '../property/seeded.ts';

test('numbers are grouped and counted in words', () => {
  assert.deepEqual([0, 999, 1000, 41_203, 1_234_567].map(count), [
    '0',
    '999',
    '1,000',
    '41,203',
    '1,234,567',
  ]);
  assert.deepEqual(
    [plural(1, 'file'), plural(0, 'file'), plural(2, 'copy', 'copies')],
    ['1 file', '0 files', '2 copies'],
  );
});

test('sizes and durations have one unit', () => {
  assert.deepEqual([0, 1, 1023, 1024, 1536, 10_240, 5 * 1024 ** 3].map(bytes), [
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1.0 KiB',
    '1.5 KiB',
    '10 KiB',
    '5.0 GiB',
  ]);
  assert.deepEqual([0.4, 12, 89, 90, 3600, 86_400 * 3].map(duration), [
    '0 s',
    '12 s',
    '89 s',
    '2 min',
    '60 min',
    '3 days',
  ]);
});

test('a table is aligned and has no blanks at the end of a line', () => {
  assert.deepEqual(
    table(
      [
        ['a', 'bb', ''],
        ['ccc', 'd', 'e'],
      ],
      ' ',
    ),
    [' a    bb', ' ccc  d   e'],
  );
});

test('printable text holds nothing that steers a terminal, and is itself printable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      assert.equal(printable(shown), shown);
      assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }),
    { seed },
  );
});

test('wrapping keeps every word and its order', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), (words) => {
      assert.deepEqual(
        wrap(words.join(' '), 30).flatMap((line) => line.split(' ')),
        words,
      );
    }),
    { seed },
  );
});
