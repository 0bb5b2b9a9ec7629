import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChunkSize, Neighbourhood } from '../../src/engine/remote/nearby.ts';
import { type ChunkId, parseChunkId } from '../../src/protocol/ids.ts';

const chunk = (name: string, size = 100): ChunkSize => ({
  id: parseChunkId(Buffer.from(name.padEnd(32, '.')).toString('hex')),
  size,
});
const nameOf = (id: ChunkId): string => Buffer.from(id, 'hex').toString().replaceAll('.', '');
const all = (names: string, size?: number): readonly ChunkSize[] =>
  [...names].map((name) => chunk(name, size));

function near(fresh: readonly ChunkSize[], old: readonly ChunkSize[], index: number, most = 2): string {
  return new Neighbourhood(fresh, old).near(index, most).map(nameOf).join('');
}

test('a chunk edited in place was made from the one at the same place', () => {
  assert.equal(near(all('abXd'), all('abcd'), 2, 1), 'c');
});

test('behind an insertion, places are counted from the next common chunk', () => {
  const fresh = [...all('ab'), chunk('X', 5000), ...all('Ye')];
  assert.equal(near(fresh, all('abcde'), 3, 1), 'd', 'Y stands right before e');
  assert.equal(near(fresh, all('abcde'), 2, 2), 'cd', 'X begins where c began');
});

test('bytes put in front of a file leave the first chunk to be made from the old first', () => {
  assert.equal(near([chunk('X', 101), ...all('bc')], all('abc'), 0, 1), 'a');
});

test('a file of nothing in common is compared by place, and asks for no more than it may', () => {
  assert.equal(near(all('VWXYZ'), all('abcde'), 2, 1), 'c');
  assert.equal(near(all('VWXYZ'), all('abcde'), 2, 3), 'cbd');
  assert.equal(near(all('V'), [], 0, 3), '');
  assert.equal(
    near([chunk('V', 10)], all('abcde', 1000), 0, 8),
    'aebd',
    'the first and the last place, then neighbours',
  );
});

test('far beyond the end of the old file the last chunk is the nearest', () => {
  const fresh = [...all('ab', 100), chunk('X', 100), chunk('Y', 100)];
  assert.equal(near(fresh, all('ab', 100), 3, 1), 'b');
});
