/** Deltas for downloads: signatures of what the asking device has, kept for a while, and what they are good for. */
import { encodeDelta } from '../../src/core/delta/codec.ts';
import { makeDelta } from '../../src/core/delta/diff.ts';
import { type Signature, signatureOf } from '../../src/core/delta/signature.ts';
import { SignatureIndex } from '../../src/core/delta/signature-index.ts';
import type { ChunkId } from '../../src/protocol/ids.ts';

/** Smaller chunks are sent whole: a delta would save little. */
export const LEAST_DELTA = 64 * 1024;
/** A delta has to be this much smaller than its chunk, or the chunk itself goes. */
const WORTH = 0.6;
/** Signatures kept; one is some 3 KiB. */
const KEPT = 2048;

export class ChunkDeltas {
  readonly #blake3: (bytes: Uint8Array) => Uint8Array;
  readonly #signatures = new Map<ChunkId, Signature>();

  constructor(blake3: (bytes: Uint8Array) => Uint8Array) {
    this.#blake3 = blake3;
  }

  /** Everything that `sources` can tell about other chunks. */
  indexOf(sources: ReadonlyMap<ChunkId, Uint8Array>): SignatureIndex {
    return new SignatureIndex([...sources].map(([id, bytes]) => this.#signature(id, bytes)));
  }

  /** An encoded delta, or `null` where it would not be worth it. */
  deltaFor(
    target: Uint8Array,
    index: SignatureIndex,
    sources: ReadonlyMap<ChunkId, Uint8Array>,
  ): Uint8Array | null {
    const delta = makeDelta(target, index, this.#blake3, (id) => sources.get(id) ?? null);
    const encoded = encodeDelta(delta);
    return encoded.length < target.length * WORTH ? encoded : null;
  }

  /** A signature follows from the bytes that the id names, so it may be shared by everybody. */
  #signature(id: ChunkId, bytes: Uint8Array): Signature {
    const known = this.#signatures.get(id);
    const signature = known ?? signatureOf(id, bytes, this.#blake3);
    this.#signatures.delete(id);
    this.#signatures.set(id, signature);
    if (this.#signatures.size > KEPT) {
      const oldest = this.#signatures.keys().next();
      if (!oldest.done) this.#signatures.delete(oldest.value);
    }
    return signature;
  }
}
