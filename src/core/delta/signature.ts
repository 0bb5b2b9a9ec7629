/**
 * The sub-chunks of one chunk: enough to find its parts in other bytes without having it. Signatures live on the
 * endpoints only; what they find is verified by the hash of the rebuilt chunk, so 16 bytes of each digest suffice.
 *
 *   one signature:  32 bytes chunk hash | varint count | count varints: lengths | count times 16 bytes: digests
 *   several:        u8 version = 1 | varint number of signatures | the signatures
 */

import { type ChunkId, parseChunkId, toHex } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ByteReader, ByteWriter, varintLength } from '../manifest/byte-codec.ts';
import { type Blake3, MANIFEST_LIMITS } from '../manifest/manifest.ts';
import { SUB_CHUNKING, subChunkEnds } from './sub-chunks.ts';

/** Bytes kept of each sub-chunk's BLAKE3. */
export const DIGEST_BYTES = 16;

export interface Signature {
  readonly chunk: ChunkId;
  /** Lengths of the sub-chunks in order; offsets are their running sum. */
  readonly lengths: Uint32Array;
  /** DIGEST_BYTES per sub-chunk. */
  readonly digests: Uint8Array;
}

export interface InvalidSignature {
  readonly kind: 'invalid';
  readonly why: string;
}

const VERSION = 1;
const HASH_BYTES = 32;
const MOST_SUB_CHUNKS = Math.ceil(LIMITS.chunkBytes / SUB_CHUNKING.min);

/** Cuts and digests one chunk. */
export function signatureOf(chunk: ChunkId, bytes: Uint8Array, blake3: Blake3): Signature {
  const ends = subChunkEnds(bytes);
  const lengths = new Uint32Array(ends.length);
  const digests = new Uint8Array(ends.length * DIGEST_BYTES);
  let start = 0;
  for (let i = 0; i < ends.length; i += 1) {
    const end = ends[i]!;
    lengths[i] = end - start;
    digests.set(blake3(bytes.subarray(start, end)).subarray(0, DIGEST_BYTES), i * DIGEST_BYTES);
    start = end;
  }
  return { chunk, lengths, digests };
}

/** Encodes the signatures of several chunks, for instance all of one file. */
export function encodeSignatures(signatures: readonly Signature[]): Uint8Array {
  let size = 1 + varintLength(signatures.length);
  for (const { lengths, digests } of signatures) {
    size += HASH_BYTES + varintLength(lengths.length) + digests.length;
    for (const length of lengths) size += varintLength(length);
  }
  const writer = new ByteWriter(size);
  writer.byte(VERSION);
  writer.varint(signatures.length);
  for (const signature of signatures) {
    writer.hex(signature.chunk);
    writer.varint(signature.lengths.length);
    for (const length of signature.lengths) writer.varint(length);
    writer.raw(signature.digests);
  }
  return writer.bytes;
}

/** Decodes; counts are bounded by the bytes that are there. */
export function decodeSignatures(bytes: Uint8Array): readonly Signature[] | InvalidSignature {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) reader.fail('its version is not known');
  const count = reader.varint(MANIFEST_LIMITS.chunks, 'the number of signatures');
  const signatures: Signature[] = [];
  for (let i = 0; i < count && reader.fault === null; i += 1) {
    const signature = readSignature(reader);
    if (signature !== null) signatures.push(signature);
  }
  reader.end();
  return reader.fault === null ? signatures : { kind: 'invalid', why: reader.fault };
}

function readSignature(reader: ByteReader): Signature | null {
  const hash = reader.view(HASH_BYTES);
  const count = reader.varint(MOST_SUB_CHUNKS, 'the number of sub-chunks');
  const lengths = new Uint32Array(count);
  let size = 0;
  for (let i = 0; i < count && reader.fault === null; i += 1) {
    const length = reader.varint(SUB_CHUNKING.max, 'the length of a sub-chunk');
    if (length === 0) reader.fail('a sub-chunk is empty');
    lengths[i] = length;
    size += length;
  }
  if (size > LIMITS.chunkBytes) reader.fail('its sub-chunks exceed a chunk');
  const digests = reader.view(count * DIGEST_BYTES);
  if (reader.fault !== null) return null;
  return { chunk: parseChunkId(toHex(hash)), lengths, digests: digests.slice() };
}

export function isInvalidSignature(
  value: readonly Signature[] | InvalidSignature,
): value is InvalidSignature {
  return 'kind' in value;
}
