import type { ChunkId } from '../../protocol/ids.ts';
import { DIGEST_BYTES, type Signature } from './signature.ts';

/**
 * Finds sub-chunks of many source chunks by digest. Entries are numbered in the order of their sources and offsets, so
 * the entry after `n` is what follows it in the same source, if it has the same source. Flat typed arrays and open
 * addressing: a 10 GiB file has a million entries, and a map of strings would cost ten times their bytes.
 */
export class SignatureIndex {
  readonly sources: readonly ChunkId[];
  readonly #sourceOf: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #digests: Uint8Array;
  /** Entry number + 1, or 0 for a free slot. Of equal sub-chunks the first is kept. */
  readonly #slots: Uint32Array;

  constructor(signatures: readonly Signature[]) {
    let count = 0;
    for (const signature of signatures) count += signature.lengths.length;
    this.sources = signatures.map((signature) => signature.chunk);
    this.#sourceOf = new Uint32Array(count);
    this.#offsets = new Uint32Array(count);
    this.#lengths = new Uint32Array(count);
    this.#digests = new Uint8Array(count * DIGEST_BYTES);
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(count * 2 + 2)));
    let entry = 0;
    signatures.forEach((signature, source) => {
      this.#digests.set(signature.digests, entry * DIGEST_BYTES);
      let offset = 0;
      for (const length of signature.lengths) {
        this.#sourceOf[entry] = source;
        this.#offsets[entry] = offset;
        this.#lengths[entry] = length;
        this.#insert(entry);
        offset += length;
        entry += 1;
      }
    });
  }

  get entries(): number {
    return this.#lengths.length;
  }

  /** Index into `sources`. */
  sourceOf(entry: number): number {
    return this.#sourceOf[entry]!;
  }

  offsetOf(entry: number): number {
    return this.#offsets[entry]!;
  }

  lengthOf(entry: number): number {
    return this.#lengths[entry]!;
  }

  /** Whether `entry` exists and has this digest and length. */
  has(entry: number, digest: Uint8Array, length: number): boolean {
    return this.#lengths[entry] === length && this.#sameDigest(entry, digest, 0);
  }

  /** An entry with this digest and length, or -1; `expected` if it is one, so that runs stay runs among duplicates. */
  find(digest: Uint8Array, length: number, expected: number): number {
    if (this.has(expected, digest, length)) return expected;
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(digest, 0) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1;
      if (entry < 0) return -1;
      if (this.has(entry, digest, length)) return entry;
    }
  }

  #insert(entry: number): void {
    const at = entry * DIGEST_BYTES;
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(this.#digests, at) & mask; ; slot = (slot + 1) & mask) {
      const other = this.#slots[slot]! - 1;
      if (other < 0) {
        this.#slots[slot] = entry + 1;
        return;
      }
      if (this.#lengths[other] === this.#lengths[entry] && this.#sameDigest(other, this.#digests, at)) return;
    }
  }

  #sameDigest(entry: number, digest: Uint8Array, at: number): boolean {
    const own = entry * DIGEST_BYTES;
    for (let i = 0; i < DIGEST_BYTES; i += 1) if (this.#digests[own + i] !== digest[at + i]) return false;
    return true;
  }
}

/** Digests are uniform already; a few of their bits place them. */
function hashOf(digest: Uint8Array, at: number): number {
  return (digest[at]! | (digest[at + 1]! << 8) | (digest[at + 2]! << 16) | (digest[at + 3]! << 24)) >>> 0;
}
