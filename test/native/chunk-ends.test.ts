import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SUB_CHUNKING } from '../../src/core/delta/sub-chunks.ts';
import { CHUNKING_DEFAULT, type ChunkingParameters } from '../../src/core/manifest/manifest.ts';
import { type CutterMaker, jsCutter, nativeCutter } from '../../src/engine/local/node-chunk-cutter.ts';
import { seed } from '../property/seeded.ts';

/** Bytes with some repetition: pure noise would never meet a stretch without a cut. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed | 1;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = (i >> 13) % 3 === 0 ? 7 : state >>> 24;
  }
  return bytes;
}

function endsInPieces(
  make: CutterMaker,
  bytes: Uint8Array,
  parameters: ChunkingParameters,
  piece: number,
): number[] {
  const cutter = make(parameters);
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; at += piece) ends.push(...cutter.push(bytes.subarray(at, at + piece)));
  ends.push(...cutter.finish());
  return ends;
}

const native = nativeCutter();

if (native !== null) {
  test('compiled chunk ends equal those in JavaScript, whatever the parameters and the pieces', () => {
    const parameters = fc
      .tuple(fc.integer({ min: 1, max: 3000 }), fc.nat(6000), fc.nat(9000))
      .map(([min, more, evenMore]) => ({ min, mean: min + more, max: min + more + evenMore }));
    fc.assert(
      fc.property(
        parameters,
        fc.nat(60_000),
        fc.integer(),
        fc.integer({ min: 1, max: 40_000 }),
        (chunking, length, seed, piece) => {
          const bytes = noise(length, seed);
          const wanted = endsInPieces(jsCutter, bytes, chunking, length + 1);
          assert.deepEqual(endsInPieces(native, bytes, chunking, length + 1), wanted);
          assert.deepEqual(endsInPieces(native, bytes, chunking, piece), wanted);
        },
      ),
      { numRuns: 300, seed },
    );
  });

  test('as many chunk ends in one piece as there can be, and bytes behind the last', () => {
    const bytes = noise(1030, 0);
    const chunking = { min: 3, mean: 3, max: 3 };
    assert.deepEqual(
      endsInPieces(native, bytes, chunking, 515),
      endsInPieces(jsCutter, bytes, chunking, 515),
    );
  });

  test('compiled chunk ends are equal with the parameters in use, over several megabytes', () => {
    const bytes = noise(12 * 1024 * 1024 + 17, 20260918);
    for (const parameters of [CHUNKING_DEFAULT, SUB_CHUNKING]) {
      const wanted = endsInPieces(jsCutter, bytes, parameters, bytes.length);
      assert.deepEqual(endsInPieces(native, bytes, parameters, bytes.length), wanted);
      assert.deepEqual(endsInPieces(native, bytes, parameters, 1_000_003), wanted);
      assert.equal(wanted.at(-1), bytes.length);
    }
  });

  test('bytes without any variety are cut at the largest size, or wherever they hit the mask, by both', () => {
    for (const value of [0, 255, 7]) {
      const bytes = new Uint8Array(200_000).fill(value);
      const wanted = endsInPieces(jsCutter, bytes, SUB_CHUNKING, bytes.length);
      assert.deepEqual(endsInPieces(native, bytes, SUB_CHUNKING, 33_333), wanted);
    }
  });

  test('parameters out of range are refused instead of read past the end', () => {
    for (const parameters of [
      { min: 0, mean: 10, max: 20 },
      { min: 10, mean: 5, max: 20 },
      { min: 10, mean: 20, max: 15 },
    ]) {
      assert.throws(() => native(parameters).push(new Uint8Array(100)));
    }
  });
}
