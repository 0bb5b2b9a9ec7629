import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentOf, lineCounts } from '../../src/renderer/previews/line-counts.ts';

const counts = (before: string, after: string) => lineCounts(documentOf(before), documentOf(after));

test('lines that came, went and stayed are counted', () => {
  assert.deepEqual(counts('a\nb\nc', 'a\nb\nc'), { added: 0, removed: 0, places: 0 });
  assert.deepEqual(counts('a\nb\nc', 'a\nc'), { added: 0, removed: 1, places: 1 });
  assert.deepEqual(counts('a\nc', 'a\nb1\nb2\nc'), { added: 2, removed: 0, places: 1 });
  assert.deepEqual(counts('one\ntwo\nthree', 'one\n2\nthree'), { added: 1, removed: 1, places: 1 });
});

test('other line ends are no change', () => {
  assert.deepEqual(counts('a\r\nb\r\n', 'a\nb\n'), { added: 0, removed: 0, places: 0 });
});
