/**
 * Where chunks end: FastCDC with a 32-bit gear hash and two masks. Every implementation (this one, and the native one)
 * must find the same cuts in the same bytes, or equal files get different manifests. The whole algorithm, in unsigned
 * 32-bit arithmetic (everything modulo 2^32):
 *
 * Gear table, 256 numbers from a splitmix-style generator:
 *     state = 0x74696465                                  ("tide")
 *     for i in 0..255:
 *         state = state + 0x9e3779b9
 *         z = state
 *         z = (z ^ (z >> 16)) * 0x21f0aaad
 *         z = (z ^ (z >> 15)) * 0x735a2d97
 *         GEAR[i] = z ^ (z >> 15)
 *
 * Masks, from the parameters (min, mean, max), with top(k) = the k highest bits set, 1 <= k <= 31:
 *     bits = floor(log2(mean))
 *     HARD = top(min(31, bits + 2))      applies to lengths below mean
 *     EASY = top(max(1, bits - 2))       applies to lengths from mean on
 *
 * Cut rule. A chunk begins at position s. Its bytes b[s], b[s+1], … are numbered i = 0, 1, …
 *     h = 0
 *     for i from max(0, min - 32), while the input lasts:
 *         h = (h << 1) + GEAR[b[s + i]]
 *         length = i + 1
 *         if length >= min and (h & (length < mean ? HARD : EASY)) == 0: the chunk ends after this byte
 *         if length == max:                                             the chunk ends after this byte
 *     The end of the input ends the last chunk. Empty input has no chunks.
 *
 * Bytes before min - 32 are never hashed (they cannot matter: h has forgotten a byte after 32 more), so each decision
 * depends on the last 32 bytes and the length only, and cuts find themselves again after an insertion.
 * High bits are tested because those are the ones that depend on the most bytes.
 */
import type { ChunkingParameters } from './manifest.ts';

/** Bytes after which the gear hash has forgotten a byte. */
const WINDOW = 32;

/** The table of the header above. */
export function gearTable(): Uint32Array {
  const table = new Uint32Array(256);
  let state = 0x74696465;
  for (let i = 0; i < 256; i += 1) {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    table[i] = z ^ (z >>> 15);
  }
  return table;
}

/** The masks of the header above, as unsigned numbers. */
export function boundaryMasks(mean: number): { readonly hard: number; readonly easy: number } {
  const bits = 31 - Math.clz32(mean);
  const top = (k: number): number => (0xffffffff << (32 - k)) >>> 0;
  return { hard: top(Math.min(31, bits + 2)), easy: top(Math.max(1, bits - 2)) };
}

/** Signed, so that the inner loop stays in 32-bit integers. */
const GEAR = new Int32Array(gearTable().buffer);

/**
 * Finds chunk ends in bytes that arrive in pieces of any size. `push` returns the absolute offsets of the chunk ends
 * found so far; `finish` returns the end of the last chunk, if one is open. Together they are every chunk's end.
 */
export class BoundaryFinder {
  readonly #min: number;
  readonly #mean: number;
  readonly #max: number;
  readonly #hard: number;
  readonly #easy: number;
  /** Bytes of the open chunk seen so far. */
  #length = 0;
  #hash = 0;
  #position = 0;

  constructor(parameters: ChunkingParameters) {
    const masks = boundaryMasks(parameters.mean);
    this.#min = parameters.min;
    this.#mean = parameters.mean;
    this.#max = parameters.max;
    this.#hard = masks.hard | 0;
    this.#easy = masks.easy | 0;
  }

  push(bytes: Uint8Array): number[] {
    const cuts: number[] = [];
    let at = 0;
    while (at < bytes.length) {
      const taken = this.#advance(bytes, at);
      if (this.#length === 0) cuts.push(this.#position + at + taken);
      at += taken;
    }
    this.#position += bytes.length;
    return cuts;
  }

  finish(): number[] {
    const open = this.#length > 0;
    this.#length = 0;
    this.#hash = 0;
    return open ? [this.#position] : [];
  }

  /** Consumes bytes up to the chunk's end, or all; returns how many. A length of zero afterwards says: ended. */
  #advance(bytes: Uint8Array, from: number): number {
    const before = this.#length;
    const start = from - before;
    const least = this.#min;
    let at = Math.min(bytes.length, Math.max(from, start + least - WINDOW));
    at = this.#roll(bytes, at, Math.min(bytes.length, start + least - 1));
    const target = Math.min(bytes.length, start + this.#mean - 1);
    let cut = at < target ? this.#find(bytes, at, target, this.#hard) : -1;
    if (cut < 0) {
      at = Math.max(at, target);
      const limit = Math.min(bytes.length, start + this.#max);
      if (at < limit) cut = this.#find(bytes, at, limit, this.#easy);
      if (cut < 0 && limit === start + this.#max) cut = limit;
    }
    if (cut < 0) {
      this.#length = bytes.length - start;
      return bytes.length - from;
    }
    this.#length = 0;
    this.#hash = 0;
    return cut - from;
  }

  /** Hashes without testing, up to `to`. */
  #roll(bytes: Uint8Array, from: number, to: number): number {
    let hash = this.#hash;
    let at = from;
    for (; at < to; at += 1) hash = ((hash << 1) + GEAR[bytes[at]!]!) | 0;
    this.#hash = hash;
    return at;
  }

  /** Hashes and tests, up to `to`; the position after the byte that cuts, or -1. */
  #find(bytes: Uint8Array, from: number, to: number, mask: number): number {
    let hash = this.#hash;
    for (let at = from; at < to; at += 1) {
      hash = ((hash << 1) + GEAR[bytes[at]!]!) | 0;
      if ((hash & mask) === 0) return at + 1;
    }
    this.#hash = hash;
    return -1;
  }
}

/** The ends of all chunks of a whole buffer; the last one is its length. */
export function chunkEnds(bytes: Uint8Array, parameters: ChunkingParameters): number[] {
  const finder = new BoundaryFinder(parameters);
  const cuts = finder.push(bytes);
  cuts.push(...finder.finish());
  return cuts;
}
