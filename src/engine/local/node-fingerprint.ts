/**
 * From bytes to fingerprint, in memory that does not depend on the file's size: one chunk and one piece at a time.
 */
import { DIGEST_BYTES, encodeSignatures, type Signature } from '../../core/delta/signature.ts';
import { SUB_CHUNKING } from '../../core/delta/sub-chunks.ts';
import {
  type ChunkingParameters,
  chunkingFor,
  encodeManifest,
  type Manifest,
  type ManifestChunk,
} from '../../core/manifest/manifest.ts';
import { byteEntropy } from '../../core/planner/overwrites.ts';
import { type ChunkId, type ManifestId, parseChunkId, parseManifestId } from '../../protocol/ids.ts';
import type { DiskOutcome, RelPath, Stamp } from '../environment/disk.ts';
import { type Fingerprint, SMALL_FILE } from '../environment/hashing.ts';
import { type Blake3Engine, loadBlake3 } from './node-blake3.ts';
import { type ChunkCutter, type CutterMaker, jsCutter, nativeCutter } from './node-chunk-cutter.ts';
import { readAt, stampOf } from './node-disk-descriptors.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { type StampMaker, sameState } from './node-disk-stamps.ts';

export interface HashTools {
  readonly blake3: Blake3Engine;
  readonly cutter: CutterMaker;
}

export interface Hashed {
  readonly manifest: Manifest;
  readonly manifestId: ManifestId;
  readonly signature: Uint8Array | null;
  readonly entropy: number | null;
}

/** Hashing of one large file on the control thread goes in pieces of a few milliseconds. */
const PIECE_BYTES = 1024 * 1024;

export function bestTools(): HashTools {
  best ??= { blake3: loadBlake3(), cutter: nativeCutter() ?? jsCutter };
  return best;
}

let best: HashTools | undefined;

/** A file of at most one chunk, whose bytes are all there: `chunkingFor(size).min` at most. */
export function hashWhole(bytes: Uint8Array, blake3: Blake3Engine): Hashed {
  const parameters = chunkingFor(bytes.length);
  const chunks = bytes.length === 0 ? [] : [{ id: parseChunkId(blake3.hex(bytes)), size: bytes.length }];
  return { ...finished(parameters, chunks, bytes.length, null, blake3), entropy: byteEntropy(bytes) };
}

/**
 * Takes a file's bytes piece by piece: read into `space(n)`, then say with `filled(n)` that they came. The next space
 * may be asked for, and read into, before the last one is said to be filled: reading and hashing then overlap.
 */
export class FileHasher {
  readonly #blake3: Blake3Engine;
  readonly #cutter: ChunkCutter;
  readonly #makeCutter: CutterMaker;
  readonly #parameters: ChunkingParameters;
  readonly #buffer: Uint8Array;
  readonly #chunks: ManifestChunk[] = [];
  readonly #signatures: Signature[] | null;
  /** Offsets in the file: what the buffer begins with, the open chunk, what is hashed, what is given out as space. */
  #base = 0;
  #open = 0;
  #end = 0;
  #given = 0;
  #entropy: number | null = null;

  constructor(tools: HashTools, size: number, wantSignature: boolean, pieceBytes: number) {
    this.#blake3 = tools.blake3;
    this.#makeCutter = tools.cutter;
    this.#parameters = chunkingFor(size);
    this.#cutter = tools.cutter(this.#parameters);
    this.#signatures = wantSignature ? [] : null;
    this.#buffer = new Uint8Array(Math.min(size, this.#parameters.max + 2 * pieceBytes));
  }

  /** No read may be under way, since this may move what is in the buffer. */
  space(wanted: number): Uint8Array {
    if (this.#buffer.length - (this.#given - this.#base) < wanted) {
      this.#buffer.copyWithin(0, this.#open - this.#base, this.#given - this.#base);
      this.#base = this.#open;
    }
    const at = this.#given - this.#base;
    this.#given += wanted;
    return this.#buffer.subarray(at, at + wanted);
  }

  filled(count: number): void {
    const at = this.#end - this.#base;
    this.#end += count;
    for (const end of this.#cutter.push(this.#buffer.subarray(at, at + count))) this.#close(end);
  }

  finish(): Hashed {
    for (const end of this.#cutter.finish()) this.#close(end);
    const signature = this.#signatures === null ? null : encodeSignatures(this.#signatures);
    const hashed = finished(this.#parameters, this.#chunks, this.#end, signature, this.#blake3);
    return { ...hashed, entropy: this.#entropy };
  }

  #close(end: number): void {
    const bytes = this.#buffer.subarray(this.#open - this.#base, end - this.#base);
    const id = parseChunkId(this.#blake3.hex(bytes));
    // No first chunk is shorter than the sample, unless the file is.
    if (this.#open === 0) this.#entropy = byteEntropy(bytes);
    this.#chunks.push({ id, size: bytes.length });
    this.#signatures?.push(this.#signatureOf(id, bytes));
    this.#open = end;
  }

  /** As `signatureOf` of core/delta, with this thread's cutter. */
  #signatureOf(chunk: ChunkId, bytes: Uint8Array): Signature {
    const cutter = this.#makeCutter(SUB_CHUNKING);
    const ends = [...cutter.push(bytes), ...cutter.finish()];
    const lengths = new Uint32Array(ends.length);
    const digests = new Uint8Array(ends.length * DIGEST_BYTES);
    let start = 0;
    ends.forEach((end, index) => {
      lengths[index] = end - start;
      const digest = this.#blake3.hash(bytes.subarray(start, end));
      digests.set(digest.subarray(0, DIGEST_BYTES), index * DIGEST_BYTES);
      start = end;
    });
    return { chunk, lengths, digests };
  }
}

/** Hashes an open file on this thread, yielding between pieces; `busy` when it changed meanwhile. */
export async function fingerprintDescriptor(
  fd: number,
  before: Stamp,
  label: RelPath,
  stamps: StampMaker,
  tools: HashTools = bestTools(),
): Promise<DiskOutcome<Fingerprint>> {
  const { size } = before;
  const hasher = new FileHasher(tools, size, false, PIECE_BYTES);
  let small: Uint8Array | null = null;
  for (let done = 0; done < size; ) {
    const wanted = Math.min(PIECE_BYTES, size - done);
    const piece = await readAt(fd, done, wanted, label);
    if (isFailure(piece)) return piece;
    if (piece.bytes.length < wanted) return failed('EAGAIN', label);
    hasher.space(wanted).set(piece.bytes);
    hasher.filled(wanted);
    done += wanted;
    if (size <= SMALL_FILE) small = piece.bytes;
  }
  const after = await stampOf(fd, stamps, label);
  if (isFailure(after)) return after;
  if (!sameState(before, after.stamp)) return failed('EAGAIN', label);
  const bytes = size === 0 ? new Uint8Array(0) : small;
  return { kind: 'fingerprint', ...hasher.finish(), stamp: after.stamp, bytes };
}

function finished(
  parameters: ChunkingParameters,
  chunks: readonly ManifestChunk[],
  size: number,
  signature: Uint8Array | null,
  blake3: Blake3Engine,
): Omit<Hashed, 'entropy'> {
  const manifest: Manifest = { algorithm: 'fastcdc-1', parameters, chunks, size };
  return { manifest, manifestId: parseManifestId(blake3.hex(encodeManifest(manifest))), signature };
}
