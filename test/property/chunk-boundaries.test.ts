import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  BoundaryFinder,
  boundaryMasks,
  chunkEnds,
  gearTable,
} from '../../src/core/manifest/chunk-boundaries.ts';
import { CHUNKING_DEFAULT, type ChunkingParameters } from '../../src/core/manifest/manifest.ts';
import { concat, fileBytes, holds, noise } from './seeded.ts';

const parameters: fc.Arbitrary<ChunkingParameters> = fc
  .tuple(
    fc.integer({ min: 1, max: 300 }),
    fc.oneof(fc.constant(0), fc.nat({ max: 600 })),
    fc.nat({ max: 2000 }),
  )
  .map(([min, over, above]) => ({ min, mean: min + over, max: min + over + above }));

const SMALL: ChunkingParameters = { min: 64, mean: 256, max: 1024 };

/** The specification of the module's header, word for word. */
function specified(bytes: Uint8Array, { min, mean, max }: ChunkingParameters): number[] {
  const gear = gearTable();
  const bits = Math.floor(Math.log2(mean));
  const top = (k: number): number => Number(((1n << BigInt(k)) - 1n) << BigInt(32 - k));
  const hard = top(Math.min(31, bits + 2));
  const easy = top(Math.max(1, bits - 2));
  const ends: number[] = [];
  let s = 0;
  while (s < bytes.length) {
    let h = 0;
    let end = bytes.length;
    for (let i = Math.max(0, min - 32); s + i < bytes.length; i += 1) {
      h = ((h * 2) % 2 ** 32) + gear[bytes[s + i]!]!;
      h %= 2 ** 32;
      const length = i + 1;
      const cut = length >= min && (h & (length < mean ? hard : easy)) === 0;
      if (!cut && length !== max) continue;
      end = s + length;
      break;
    }
    ends.push(end);
    s = end;
  }
  return ends;
}

test('the chunks of any bytes follow each other without gap and keep to the bounds', (t) => {
  holds(
    t,
    fc.property(fileBytes(8000), parameters, (bytes, chunking) => {
      let start = 0;
      const ends = chunkEnds(bytes, chunking);
      ends.forEach((end, at) => {
        const size = end - start;
        assert.ok(size >= (at === ends.length - 1 ? 1 : chunking.min), `chunk ${at} has ${size} bytes`);
        assert.ok(size <= chunking.max, `chunk ${at} has ${size} bytes`);
        start = end;
      });
      assert.equal(start, bytes.length);
    }),
    300,
  );
});

test('cuts are those of the written specification', (t) => {
  holds(
    t,
    fc.property(fileBytes(6000), parameters, (bytes, chunking) => {
      assert.deepEqual(chunkEnds(bytes, chunking), specified(bytes, chunking));
    }),
    200,
  );
});

test('bytes that arrive in pieces are cut like the whole', (t) => {
  const pieces = fc.array(fileBytes(2000), { maxLength: 12 });
  holds(
    t,
    fc.property(pieces, parameters, (arriving, chunking) => {
      const finder = new BoundaryFinder(chunking);
      const ends = arriving.flatMap((piece) => finder.push(piece));
      ends.push(...finder.finish());
      assert.deepEqual(ends, chunkEnds(concat(arriving), chunking));
    }),
    200,
  );
});

test('single bytes are cut like the whole', (t) => {
  holds(
    t,
    fc.property(fileBytes(3000), parameters, (bytes, chunking) => {
      const finder = new BoundaryFinder(chunking);
      const ends: number[] = [];
      for (let at = 0; at < bytes.length; at += 1) ends.push(...finder.push(bytes.subarray(at, at + 1)));
      ends.push(...finder.finish());
      assert.deepEqual(ends, chunkEnds(bytes, chunking));
    }),
    50,
  );
});

test('an edit moves only the cuts near it', (t) => {
  const edit = fc.record({
    state: fc.integer(),
    at: fc.integer({ min: 0, max: 30_000 }),
    removed: fc.integer({ min: 0, max: 400 }),
    inserted: fc.integer({ min: 0, max: 400 }),
  });
  holds(
    t,
    fc.property(edit, ({ state, at, removed, inserted }) => {
      const before = noise(state, 80_000);
      const after = concat([before.subarray(0, at), noise(~state, inserted), before.subarray(at + removed)]);
      const [old, fresh] = [chunkEnds(before, SMALL), chunkEnds(after, SMALL)];
      assert.deepEqual(
        fresh.filter((end) => end <= at),
        old.filter((end) => end <= at),
      );
      // Some eighty chunks behind the edit both must have met again.
      const settled = at + removed + 25_000;
      const shift = inserted - removed;
      assert.deepEqual(
        fresh.filter((end) => end > settled + shift).map((end) => end - shift),
        old.filter((end) => end > settled),
      );
    }),
    60,
  );
});

test('chunks of noise are about as long as the parameters say', () => {
  const bytes = noise(7, 2 ** 21);
  const average = bytes.length / chunkEnds(bytes, SMALL).length;
  assert.ok(average > SMALL.mean && average < SMALL.mean * 1.35, `the average is ${average}`);
});

test('gear table, masks and cuts stay what other implementations were built against', () => {
  const gear = gearTable();
  assert.deepEqual([...gear.subarray(0, 4)], [1559445414, 3036171663, 3048951352, 637987804]);
  assert.equal(
    gear.reduce((sum, word) => (Math.imul(sum, 31) + word) >>> 0, 0),
    3808504121,
  );
  assert.deepEqual(boundaryMasks(CHUNKING_DEFAULT.mean), { hard: 0xfffffe00, easy: 0xffffe000 });
  assert.deepEqual(boundaryMasks(8192), { hard: 0xfffe0000, easy: 0xffe00000 });
  assert.deepEqual(
    chunkEnds(noise(42, 12 * 2 ** 20), CHUNKING_DEFAULT),
    [3388528, 5629572, 6862632, 9049104, 10221653, 12397368, 12582912],
  );
  assert.deepEqual(chunkEnds(new Uint8Array(20_000_000), CHUNKING_DEFAULT), [8388608, 16777216, 20000000]);
  assert.deepEqual(
    chunkEnds(noise(42, 40_000), { min: 4096, mean: 8192, max: 65_536 }),
    [6711, 16802, 22453, 32959, 40000],
  );
});

test('a file up to the least chunk size is one chunk, an empty one has none', () => {
  assert.deepEqual(chunkEnds(new Uint8Array(0), CHUNKING_DEFAULT), []);
  assert.deepEqual(chunkEnds(new Uint8Array(1), CHUNKING_DEFAULT), [1]);
  assert.deepEqual(chunkEnds(noise(1, CHUNKING_DEFAULT.min), CHUNKING_DEFAULT), [CHUNKING_DEFAULT.min]);
});
