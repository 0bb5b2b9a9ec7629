import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDelta } from '../../src/core/delta/apply.ts';
import { decodeDelta, encodeDelta } from '../../src/core/delta/codec.ts';
import { DELTA_LIMITS, type DeltaPart, deltaSources, literalBytes } from '../../src/core/delta/delta.ts';
import { makeDelta } from '../../src/core/delta/diff.ts';
import { signatureOf } from '../../src/core/delta/signature.ts';
import { SignatureIndex } from '../../src/core/delta/signature-index.ts';
import { subChunkEnds } from '../../src/core/delta/sub-chunks.ts';
import { type ChunkId, parseChunkId, toHex } from '../../src/protocol/ids.ts';
import { concat, noise } from '../property/seeded.ts';
import { sha256 } from '../property/sha256.ts';

const idOf = (bytes: Uint8Array): ChunkId => parseChunkId(toHex(sha256(bytes)));
const known = noise(1, 100);
const hidden = noise(2, 100);
const copy = (offset: number, length: number, source: Uint8Array = known): DeltaPart => ({
  kind: 'copy',
  source: idOf(source),
  offset,
  length,
});
const literal = (length: number): DeltaPart => ({ kind: 'literal', bytes: noise(3, length) });
const getSource = (id: ChunkId): Uint8Array | null => (id === idOf(known) ? known : null);

/** Pieces of noise that each are one sub-chunk wherever they stand behind each other. */
function subChunks(state: number, count: number): readonly Uint8Array[] {
  const bytes = noise(state, 400_000);
  const ends = subChunkEnds(bytes);
  return ends.slice(0, count).map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

test('RULES 28: a hostile delta is refused for its reason, before anything is built', () => {
  const other = parseChunkId('aa'.repeat(32));
  const manySources = Array.from({ length: DELTA_LIMITS.sources + 1 }, (_, at) => ({
    ...copy(0, 1),
    source: parseChunkId(at.toString(16).padStart(64, '0')),
  }));
  const table: readonly (readonly [readonly DeltaPart[], number, RegExp])[] = [
    [[copy(1, 100)], 100, /beyond its source/],
    [[copy(100, 1)], 1, /beyond its source/],
    [[copy(2 ** 52, 1)], 1, /beyond its source/],
    [[copy(-1, 5)], 5, /no valid offset/],
    [[copy(0.5, 5)], 5, /no valid offset/],
    [[copy(0, 0), literal(5)], 5, /no valid length/],
    [[copy(0, Number.NaN)], 5, /no valid length/],
    [[copy(0, 50), copy(0, 50), copy(0, 1)], 100, /more than the declared/],
    [[literal(101)], 100, /more than the declared/],
    [[copy(0, 99)], 100, /less than the declared/],
    [[], 1, /less than the declared/],
    [[copy(0, 100, hidden)], 100, /not available/],
    [[{ ...copy(0, 1), source: other }], 1, /not available/],
    [[literal(1)], -1, /not that of a chunk/],
    [[literal(1)], Number.NaN, /not that of a chunk/],
    [[], DELTA_LIMITS.size + 1, /not that of a chunk/],
    [new Array<DeltaPart>(DELTA_LIMITS.parts + 1).fill(copy(0, 1)), DELTA_LIMITS.parts + 1, /16384 parts/],
    [manySources, manySources.length, /64 sources/],
  ];
  for (const [parts, declared, why] of table) {
    const asked: ChunkId[] = [];
    const result = applyDelta({ parts }, declared, (id) => {
      asked.push(id);
      return getSource(id);
    });
    assert.ok(!(result instanceof Uint8Array), `${why} was built`);
    assert.match(result.why, why);
    if (!/source$|available|beyond/.test(result.why)) assert.deepEqual(asked, []);
  }
});

test('what is not readable is told apart from what does not exist by nothing', () => {
  const results = [hidden, noise(9, 100)].map((source) =>
    applyDelta({ parts: [copy(0, 10, source)] }, 10, getSource),
  );
  assert.deepEqual(results[0], results[1]);
});

test('an encoded delta has one form, and any other is refused', () => {
  const good = encodeDelta({ parts: [copy(5, 10), literal(3), copy(0, 7, hidden)] });
  const [one, two] = [sha256(known), sha256(hidden)];
  assert.deepEqual(
    good,
    concat([
      Uint8Array.of(1, 2),
      one,
      two,
      Uint8Array.of(3, 21, 0, 5, 6),
      noise(3, 3),
      Uint8Array.of(15, 1, 0),
    ]),
  );
  const table: readonly (readonly [readonly Uint8Array[], RegExp])[] = [
    [[Uint8Array.of(2, 0, 0)], /version/],
    [[Uint8Array.of(1, 2), one, one, Uint8Array.of(2, 3, 0, 0, 3, 1, 0)], /named twice/],
    [[Uint8Array.of(1, 2), one, two, Uint8Array.of(2, 3, 1, 0, 3, 0, 0)], /out of order/],
    [[Uint8Array.of(1, 1), one, Uint8Array.of(1, 3, 1, 0)], /out of order/],
    [[Uint8Array.of(1, 2), one, two, Uint8Array.of(1, 3, 0, 0)], /not used/],
    [[Uint8Array.of(1, 1), one, Uint8Array.of(1, 1, 0, 0)], /part is empty/],
    [[Uint8Array.of(1, 0, 1, 0)], /part is empty/],
    [[Uint8Array.of(1, 0, 1, 4, 9)], /ends too early/],
    [[Uint8Array.of(1, 0, 0, 0)], /1 bytes follow/],
    [[Uint8Array.of(1, 65)], /number of sources is 65/],
    [[Uint8Array.of(1, 0, 0x81, 0x80, 1)], /number of parts is 16385/],
    [[Uint8Array.of(1, 1), one, Uint8Array.of(2, 129, 128, 128, 16, 0, 0, 3, 0, 0)], /more than a chunk/],
  ];
  for (const [pieces, why] of table) {
    const decoded = decodeDelta(concat(pieces));
    assert.ok('kind' in decoded, `${why} was accepted`);
    assert.match(decoded.why, why);
  }
});

test('sub-chunks that are inserted, repeated, swapped or spread over sources are found where they are', () => {
  const [a, b, c, d] = subChunks(11, 4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const [x, y] = subChunks(12, 2) as [Uint8Array, Uint8Array];
  const table: readonly (readonly [readonly Uint8Array[], readonly Uint8Array[], number])[] = [
    [[concat([a, b, c])], [a, x, b, c], x.length],
    [[concat([a, b]), concat([c, d])], [a, b, c, d], 0],
    [[concat([a, b, a, b])], [a, b, b, a, b, a], 0],
    [[concat([a, b, c, d])], [c, d, a, b], 0],
    [[concat([a, a, a, b])], [a, a, b], 0],
    [[concat([a, b])], [x, y], x.length + y.length],
    [[concat([a, b, a, c]), concat([a, c])], [b, x, a, c, a, b], x.length],
  ];
  for (const [sources, pieces, literals] of table) {
    const byId = new Map(sources.map((source) => [idOf(source), source]));
    const index = new SignatureIndex(sources.map((source) => signatureOf(idOf(source), source, sha256)));
    const target = concat(pieces);
    const delta = makeDelta(target, index, sha256);
    const result = applyDelta(delta, target.length, (id) => byId.get(id) ?? null);
    assert.deepEqual(result, target);
    assert.equal(literalBytes(delta), literals);
    assert.ok(deltaSources(delta).length <= sources.length);
  }
});

test('a delta never names more sources than a receiver accepts', () => {
  const pieces = Array.from({ length: DELTA_LIMITS.sources + 6 }, (_, at) => noise(at, 5000));
  const index = new SignatureIndex(pieces.map((piece) => signatureOf(idOf(piece), piece, sha256)));
  const byId = new Map(pieces.map((piece) => [idOf(piece), piece]));
  const target = concat(pieces);
  const get = (id: ChunkId): Uint8Array | null => byId.get(id) ?? null;
  for (const delta of [makeDelta(target, index, sha256), makeDelta(target, index, sha256, get)]) {
    assert.deepEqual(applyDelta(delta, target.length, get), target);
    assert.ok(!('kind' in decodeDelta(encodeDelta(delta))));
  }
});

test('a target that has nothing in common with the sources is one literal', () => {
  const empty = new SignatureIndex([]);
  assert.deepEqual(makeDelta(known, empty, sha256).parts, [{ kind: 'literal', bytes: known }]);
  assert.deepEqual(makeDelta(new Uint8Array(0), empty, sha256).parts, []);
});
