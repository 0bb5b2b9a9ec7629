import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildManifest } from '../../src/core/manifest/build-manifest.ts';
import {
  CHUNKING_DEFAULT,
  CHUNKING_HUGE,
  chunkingFor,
  decodeManifest,
  encodeManifest,
  isInvalidManifest,
  MANIFEST_LIMITS,
  MAX_FILE_SIZE,
  type Manifest,
  manifestIdOf,
} from '../../src/core/manifest/manifest.ts';
import { parseChunkId, toHex } from '../../src/protocol/ids.ts';
import { concat, fileBytes, holds, noise } from './seeded.ts';
import { sha256 } from './sha256.ts';

const manifests: fc.Arbitrary<Manifest> = fc
  .record({
    min: fc.integer({ min: 1, max: 5000 }),
    over: fc.nat({ max: 5000 }),
    above: fc.nat({ max: 100_000 }),
    chunks: fc.array(fc.record({ state: fc.integer(), size: fc.nat() }), { maxLength: 40 }),
  })
  .map(({ min, over, above, chunks: drawn }) => {
    const max = min + over + above;
    const chunks = drawn.map(({ state, size }) => ({
      id: parseChunkId(toHex(noise(state, 32))),
      size: min + (size % (max - min + 1)),
    }));
    const size = chunks.reduce((sum, chunk) => sum + chunk.size, 0);
    return { algorithm: 'fastcdc-1', parameters: { min, mean: min + over, max }, chunks, size };
  });

const oneChunk = (size: number): Manifest => ({
  algorithm: 'fastcdc-1',
  parameters: CHUNKING_DEFAULT,
  chunks: [{ id: parseChunkId('ab'.repeat(32)), size }],
  size,
});

test('a manifest comes back from its encoding as it was', (t) => {
  holds(
    t,
    fc.property(manifests, (manifest) => {
      assert.deepEqual(decodeManifest(encodeManifest(manifest)), manifest);
    }),
  );
});

test('a manifest decodes only from the bytes it encodes to, whatever is done to them', (t) => {
  const change = fc.record({
    at: fc.nat(),
    value: fc.integer({ min: 0, max: 255 }),
    cut: fc.nat({ max: 3 }),
    more: fc.uint8Array({ maxLength: 2 }),
  });
  holds(
    t,
    fc.property(manifests, fc.array(change, { maxLength: 3 }), (manifest, changes) => {
      let bytes = encodeManifest(manifest);
      for (const { at, value, cut, more } of changes) {
        bytes = concat([bytes.subarray(0, bytes.length - cut), more]);
        if (bytes.length > 0) bytes[at % Math.min(bytes.length, 60)] = value;
      }
      const decoded = decodeManifest(bytes);
      if (!isInvalidManifest(decoded)) assert.deepEqual(encodeManifest(decoded), bytes);
    }),
    500,
  );
});

test('arbitrary bytes never make the decoder throw', (t) => {
  holds(
    t,
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const form of [bytes, concat([Uint8Array.of(1, 1), bytes])]) {
        const decoded = decodeManifest(form);
        if (!isInvalidManifest(decoded)) assert.deepEqual(encodeManifest(decoded), form);
      }
    }),
    300,
  );
});

test('RULES 4: equal bytes have equal manifests and other bytes have others', (t) => {
  const chunking = { min: 64, mean: 256, max: 1024 };
  const idOf = (bytes: Uint8Array): string =>
    manifestIdOf(encodeManifest(buildManifest(bytes, sha256, chunking)), sha256);
  holds(
    t,
    fc.property(fileBytes(5000), fc.nat(), (bytes, at) => {
      assert.equal(idOf(bytes), idOf(bytes.slice()));
      const manifest = buildManifest(bytes, sha256, chunking);
      assert.equal(manifest.size, bytes.length);
      if (bytes.length === 0) return;
      const other = bytes.slice();
      other[at % other.length]! ^= 1;
      assert.notEqual(idOf(bytes), idOf(other));
    }),
  );
});

test('the encoding stays what is stored in databases already', () => {
  const hex = toHex(encodeManifest(oneChunk(300)));
  assert.equal(hex, `0101${'808040'}${'80808001'}${'80808004'}01${'ab'.repeat(32)}ac02`);
  const empty = encodeManifest(buildManifest(new Uint8Array(0), sha256));
  assert.equal(toHex(empty), '010180804080808001808080' + '0400');
});

test('each broken manifest is refused with its reason', () => {
  const good = encodeManifest(oneChunk(300));
  const altered = (at: number, ...values: number[]): Uint8Array => {
    const bytes = good.slice();
    bytes.set(values, at);
    return bytes;
  };
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(0), /ends too early/],
    [altered(0, 2), /version/],
    [altered(1, 2), /algorithm/],
    [good.subarray(0, good.length - 1), /ends too early/],
    [concat([good, Uint8Array.of(0)]), /1 bytes follow/],
    [altered(good.length - 2, 0x80, 0x00), /shortest form/],
    [altered(2, 0x80, 0x80, 0x00), /shortest form/],
    [altered(good.length - 34 - 1, 2), /ends too early/],
    [concat([good.subarray(0, good.length - 2), Uint8Array.of(0)]), /chunk 0 has 0 bytes/],
    [concat([good.subarray(0, good.length - 2), Uint8Array.of(0x81, 0x80, 0x80, 4)]), /chunk 0 has 8388609/],
    [Uint8Array.of(1, 1, 2, 1, 3, 0), /parameters/],
    [Uint8Array.of(1, 1, 0, 0, 0, 0), /parameters/],
    [Uint8Array.of(1, 1, 1, 1, 0x81, 0x80, 0x80, 0x08, 0), /largest chunk size is 16777217/],
    [Uint8Array.of(1, 1, 1, 1, 1, 0x81, 0x80, 4), /number of chunks is 65537/],
    [Uint8Array.of(1, 1, 1, 1, 1, 255, 255, 255, 255, 255, 255, 255, 255, 1), /too many digits/],
  ];
  for (const [bytes, why] of cases) {
    const decoded = decodeManifest(bytes);
    assert.ok(isInvalidManifest(decoded), `${toHex(bytes).slice(0, 40)} was accepted`);
    assert.match(decoded.why, why);
  }
});

test('only the last chunk may be smaller than the least size, or a file could be cut into dust', () => {
  const id = parseChunkId('cd'.repeat(32));
  const small: Manifest = {
    algorithm: 'fastcdc-1',
    parameters: { min: 10, mean: 20, max: 40 },
    chunks: [
      { id, size: 9 },
      { id, size: 30 },
    ],
    size: 39,
  };
  assert.throws(() => encodeManifest(small), /chunk 0 has 9 bytes, outside 10 to 40/);
  assert.throws(() => encodeManifest({ ...small, chunks: [{ id, size: 9 }] }), /not the sum/);
});

test('a manifest of the greatest number of chunks is encoded and decoded', () => {
  const chunk = { id: parseChunkId('ef'.repeat(32)), size: CHUNKING_HUGE.min };
  const chunks = new Array<typeof chunk>(MANIFEST_LIMITS.chunks).fill(chunk);
  const manifest: Manifest = {
    algorithm: 'fastcdc-1',
    parameters: CHUNKING_HUGE,
    chunks,
    size: MAX_FILE_SIZE,
  };
  const decoded = decodeManifest(encodeManifest(manifest));
  assert.ok(!isInvalidManifest(decoded));
  assert.equal(decoded.size, MAX_FILE_SIZE);
  assert.throws(() => encodeManifest({ ...manifest, chunks: [...chunks, chunk] }), /more than 65536 chunks/);
});

test('the chunk limit holds for every file up to the largest size', () => {
  for (const size of [0, 64 * 2 ** 30, 64 * 2 ** 30 + 1, MAX_FILE_SIZE]) {
    assert.ok(Math.ceil(size / chunkingFor(size).min) <= MANIFEST_LIMITS.chunks, `${size}`);
  }
});
