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
  const fresh = [...all('ab'), chunk('X', 500), ...all('Ye')];
  assert.equal(near(fresh, all('abcde'), 3, 1), 'd', 'Y stands right before e');
  assert.equal(near(fresh, all('abcde'), 2, 1), 'c', 'X begins where c began');
});

test('bytes put in front of a file leave the first chunk to be made from the old first', () => {
  assert.equal(near([chunk('X', 101), ...all('bc')], all('abc'), 0, 1), 'a');
});

test('a file of nothing in common is compared by place, and asks for no more than it may', () => {
  assert.equal(near(all('VWXYZ'), all('abcde'), 2, 9), 'c');
  assert.equal(near(all('V'), [], 0, 3), '');
  const short = [chunk('V', 10)];
  assert.equal(near(short, all('abcde', 1000), 0, 8), 'ae', 'the first and the last place');
  assert.equal(near(short, all('abcde', 1000), 0, 1), 'a');
});

test('a chunk that spans several old ones was made from the one it shares most with first', () => {
  const fresh = [...all('a', 100), chunk('X', 250), ...all('e', 100)];
  const old = [...all('a', 100), chunk('b', 60), chunk('c', 170), chunk('d', 20), ...all('e', 100)];
  assert.equal(near(fresh, old, 1, 9), 'cbd');
});

test('a common place of a few bytes is none', () => {
  const fresh = [chunk('X', 1_000_001), ...all('c', 1_000_000)];
  assert.equal(near(fresh, all('abc', 1_000_000), 0, 9), 'ab');
  assert.equal(near([chunk('X', 1_000_001), ...all('bc', 1_000_000)], all('abc', 1_000_000), 0, 9), 'a');
});

test('far beyond the end of the old file the last chunk is the nearest', () => {
  const fresh = [...all('ab', 100), chunk('X', 100), chunk('Y', 100)];
  assert.equal(near(fresh, all('ab', 100), 3, 1), 'b');
});
