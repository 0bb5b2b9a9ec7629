import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSignatures, signatureOf } from '../../src/core/delta/signature.ts';
import { buildManifest } from '../../src/core/manifest/build-manifest.ts';
import { encodeManifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import { byteEntropy } from '../../src/core/planner/overwrites.ts';
import { type Blake3Backend, type Blake3Engine, loadBlake3 } from '../../src/engine/local/node-blake3.ts';
import { jsCutter, nativeCutter } from '../../src/engine/local/node-chunk-cutter.ts';
import {
  FileHasher,
  type Hashed,
  type HashTools,
  hashWhole,
} from '../../src/engine/local/node-fingerprint.ts';
import { toHex } from '../../src/protocol/ids.ts';
import { seed } from '../property/seeded.ts';

const wasm = loadBlake3('wasm');
const engines: readonly Blake3Engine[] = loadBlake3().backend === 'native' ? [loadBlake3(), wasm] : [wasm];
const cutters = [jsCutter, nativeCutter() ?? jsCutter];

function expected(bytes: Uint8Array): Hashed {
  const manifest = buildManifest(bytes, (part) => wasm.hash(part));
  let start = 0;
  const signatures = manifest.chunks.map(({ id, size }) => {
    const chunk = bytes.subarray(start, start + size);
    start += size;
    return signatureOf(id, chunk, (part) => wasm.hash(part));
  });
  const manifestId = manifestIdOf(encodeManifest(manifest), (part) => wasm.hash(part));
  return { manifest, manifestId, signature: encodeSignatures(signatures), entropy: byteEntropy(bytes) };
}

function inPieces(bytes: Uint8Array, tools: HashTools, piece: number): Hashed {
  const hasher = new FileHasher(tools, bytes.length, true, piece);
  for (let at = 0; at < bytes.length; at += piece) {
    const part = bytes.subarray(at, at + piece);
    hasher.space(part.length).set(part);
    hasher.filled(part.length);
  }
  return hasher.finish();
}

test('BLAKE3 gives the published values, natively and in WebAssembly', () => {
  const counting = Uint8Array.from({ length: 251 * 5 }, (_, index) => index % 251);
  const published: readonly (readonly [number, string])[] = [
    [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
    [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
    [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  ];
  for (const engine of engines) {
    for (const [length, hex] of published) {
      assert.equal(engine.hex(counting.subarray(0, length)), hex, `${engine.backend} ${length}`);
      assert.equal(toHex(engine.hash(counting.subarray(0, length))), hex);
    }
  }
});

test('both implementations agree on any bytes, views into larger buffers included', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(100), (bytes, from) => {
      const view = bytes.subarray(Math.min(from, bytes.length));
      const wanted = wasm.hex(view);
      for (const engine of engines) {
        assert.equal(engine.hex(view), wanted);
        assert.equal(toHex(engine.hash(view)), wanted);
        assert.equal(engine.hex(Buffer.from(view)), wanted);
      }
    }),
    { numRuns: 200, seed },
  );
});

test('an unknown implementation is not invented: the wanted one, or the best', () => {
  const wanted: Blake3Backend = 'wasm';
  assert.equal(loadBlake3(wanted).backend, wanted);
  assert.equal(loadBlake3().backend, engines[0]?.backend);
});

test('a small file hashes to the manifest that core builds from its bytes', () => {
  for (const size of [0, 1, 1023, 4096, 256 * 1024]) {
    const bytes = new Uint8Array(randomBytes(size));
    const { manifest, manifestId } = expected(bytes);
    for (const engine of engines) {
      assert.deepEqual(hashWhole(bytes, engine), {
        manifest,
        manifestId,
        signature: null,
        entropy: byteEntropy(bytes),
      });
    }
  }
});

test('a file in pieces has the manifest and the signature of its whole bytes, with every mix of tools', () => {
  const sizes = [0, 1, 300_000, 1024 * 1024, 1024 * 1024 + 1, 4_654_321];
  for (const size of sizes) {
    const bytes = new Uint8Array(randomBytes(size));
    const wanted = expected(bytes);
    for (const blake3 of engines) {
      for (const cutter of cutters) {
        const piece = size > 1_000_000 ? 1_000_003 : 77_777;
        assert.deepEqual(inPieces(bytes, { blake3, cutter }, piece), wanted, `${blake3.backend} ${size}`);
      }
    }
  }
});

test('a file that never offers a cut is cut at the largest size, with nothing lost between pieces', () => {
  const bytes = new Uint8Array(10 * 1024 * 1024);
  const { manifest } = expected(bytes);
  for (const cutter of cutters) {
    const hashed = inPieces(bytes, { blake3: engines[0]!, cutter }, 4 * 1024 * 1024);
    assert.deepEqual(hashed.manifest, manifest);
  }
});
