/** Hashing of simulated files: the manifests are those of the real one, only threads and file descriptors are missing. */
import { blake3 as nativeBlake3 } from '@napi-rs/blake-hash';
import { chunkEnds } from '../../src/core/manifest/chunk-boundaries.ts';
import {
  chunkingFor,
  encodeManifest,
  type Manifest,
  type ManifestChunk,
  manifestIdOf,
} from '../../src/core/manifest/manifest.ts';
import { byteEntropy } from '../../src/core/planner/overwrites.ts';
import type { DiskOutcome, Stamp } from '../../src/engine/environment/disk.ts';
import {
  type Fingerprint,
  type Hashing,
  type HashRequest,
  SMALL_FILE,
} from '../../src/engine/environment/hashing.ts';
import { type ManifestId, parseChunkId, toHex } from '../../src/protocol/ids.ts';
import type { SimDisk } from './sim-disk.ts';

export function blake3(bytes: Uint8Array): Uint8Array {
  return nativeBlake3(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

export function manifestOf(bytes: Uint8Array): { readonly id: ManifestId; readonly manifest: Manifest } {
  const parameters = chunkingFor(bytes.length);
  const chunks: ManifestChunk[] = [];
  let start = 0;
  for (const end of chunkEnds(bytes, parameters)) {
    const chunk = bytes.subarray(start, end);
    chunks.push({ id: parseChunkId(toHex(blake3(chunk))), size: chunk.length });
    start = end;
  }
  const manifest: Manifest = { algorithm: 'fastcdc-1', parameters, chunks, size: bytes.length };
  return { id: manifestIdOf(encodeManifest(manifest), blake3), manifest };
}

export function fingerprintOf(bytes: Uint8Array, stamp: Stamp): Fingerprint {
  const { id, manifest } = manifestOf(bytes);
  return {
    kind: 'fingerprint',
    manifestId: id,
    manifest,
    stamp,
    bytes: bytes.length <= SMALL_FILE ? bytes : null,
    signature: null,
    entropy: byteEntropy(bytes),
  };
}

export class SimHashing implements Hashing {
  readonly backend = 'native';
  readonly #disk: SimDisk;

  constructor(disk: SimDisk) {
    this.#disk = disk;
  }

  /** Files are hashed side by side, as worker threads would. */
  fingerprint(requests: readonly HashRequest[]): Promise<readonly DiskOutcome<Fingerprint>[]> {
    return Promise.all(requests.map((request) => this.#one(request)));
  }

  blake3(bytes: Uint8Array): Uint8Array {
    return blake3(bytes);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  async #one(request: HashRequest): Promise<DiskOutcome<Fingerprint>> {
    const read = await this.#disk.readWhole(request.path);
    return read.kind === 'failed' ? read : fingerprintOf(read.bytes, read.stamp);
  }
}
