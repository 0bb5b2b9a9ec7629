/** Chunks on their way up, as deltas against what the server has of the same file. */
import { encodeDelta } from '../../core/delta/codec.ts';
import { deltaSources, literalBytes } from '../../core/delta/delta.ts';
import { makeDelta } from '../../core/delta/diff.ts';
import { decodeSignatures, isInvalidSignature, type Signature } from '../../core/delta/signature.ts';
import { SignatureIndex } from '../../core/delta/signature-index.ts';
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { Frame } from '../../protocol/frames.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import type { Hashing } from '../environment/hashing.ts';
import { type ChunkSize, Neighbourhood } from './nearby.ts';

/** Smaller chunks are sent as they are: a delta would save little and cost a look-up on both sides. */
const LEAST_CHUNK = 64 * 1024;
const WORTH_IT = 0.6;
const SOURCES = 8;
/** After so many chunks in a row without gain the file is taken for new, and only every few chunks are tried. */
const MISSES = 4;
const TRY_EVERY = 8;

export interface DeltaFrame {
  readonly frame: Frame;
  /** Bytes that the server reads and rebuilds for it. */
  readonly work: number;
}

/** Makes the deltas of one file. */
export class DeltaMaker {
  readonly #hashing: Hashing;
  readonly #signatures: ReadonlyMap<ChunkId, Signature>;
  readonly #near: Neighbourhood;
  readonly #indexOf = new Map<ChunkId, number>();
  #misses = 0;

  private constructor(hashing: Hashing, manifest: Manifest, signatures: readonly Signature[]) {
    this.#hashing = hashing;
    this.#signatures = new Map(signatures.map((signature) => [signature.chunk, signature]));
    this.#near = new Neighbourhood(manifest.chunks, signatures.map(sizeOf));
    manifest.chunks.forEach((chunk, index) => {
      if (!this.#indexOf.has(chunk.id)) this.#indexOf.set(chunk.id, index);
    });
  }

  /** Null when there is nothing to compare with. A signature that does not decode costs bytes, not correctness. */
  static of(hashing: Hashing, manifest: Manifest, encoded: Uint8Array | null): DeltaMaker | null {
    if (encoded === null) return null;
    const signatures = decodeSignatures(encoded);
    if (isInvalidSignature(signatures) || signatures.length === 0) return null;
    return new DeltaMaker(hashing, manifest, signatures);
  }

  /** Chunks that the server has, as far as this device knows. */
  has(id: ChunkId): boolean {
    return this.#signatures.has(id);
  }

  /** A frame much smaller than the chunk, or null. */
  frame(id: ChunkId, bytes: Uint8Array): DeltaFrame | null {
    const index = this.#indexOf.get(id);
    if (index === undefined || bytes.length <= LEAST_CHUNK || !this.#worthTrying()) return null;
    const sources = this.#near.near(index, SOURCES).map((near) => this.#signatures.get(near)!);
    const delta = makeDelta(bytes, new SignatureIndex(sources), (part) => this.#hashing.blake3(part));
    const encoded = literalBytes(delta) < bytes.length * WORTH_IT ? encodeDelta(delta) : null;
    if (encoded === null || encoded.length >= bytes.length * WORTH_IT) {
      this.#misses += 1;
      return null;
    }
    this.#misses = 0;
    let work = bytes.length;
    for (const source of deltaSources(delta)) work += sizeOf(this.#signatures.get(source)!).size;
    return { frame: { id, encoding: 'delta', bytes: encoded }, work };
  }

  #worthTrying(): boolean {
    if (this.#misses < MISSES) return true;
    if ((this.#misses - MISSES) % TRY_EVERY === TRY_EVERY - 1) return true;
    this.#misses += 1;
    return false;
  }
}

function sizeOf(signature: Signature): ChunkSize {
  return { id: signature.chunk, size: signature.lengths.reduce((sum, length) => sum + length, 0) };
}
