/**
 * The ordered chunk list of one version, and its one canonical encoding. Equality of contents is equality of manifest
 * ids (RULES 4), so two encoders must never disagree about a byte, and a decoder accepts only what an encoder writes:
 *
 *   u8 version = 1 | u8 algorithm = 1 (fastcdc-1) | varint min | varint mean | varint max | varint count
 *   count times: 32 bytes chunk hash | varint size
 *
 * Varints are unsigned LEB128 in shortest form. The size of the file is the sum of the chunk sizes and not written.
 */
import { type ChunkId, type ManifestId, parseChunkId, parseManifestId, toHex } from '../../protocol/ids.ts';
import { ByteReader, ByteWriter, varintLength } from './byte-codec.ts';

/** BLAKE3 with its 32-byte output. Pure code is given it, never imports it. */
export type Blake3 = (bytes: Uint8Array) => Uint8Array;

export interface ChunkingParameters {
  /** No chunk but the last is smaller; a file up to this size is one chunk. */
  readonly min: number;
  /** From here on the easy mask applies; the average lies a little above. */
  readonly mean: number;
  readonly max: number;
}

export interface ManifestChunk {
  readonly id: ChunkId;
  readonly size: number;
}

export interface Manifest {
  readonly algorithm: 'fastcdc-1';
  readonly parameters: ChunkingParameters;
  /** Empty for an empty file. */
  readonly chunks: readonly ManifestChunk[];
  readonly size: number;
}

export interface InvalidManifest {
  readonly kind: 'invalid';
  readonly why: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Bounds of every manifest, whoever wrote it. */
export const MANIFEST_LIMITS = { chunks: 65_536, chunkSize: 16 * MIB, size: 2 ** 53 - 1 } as const;

/**
 * How files up to 64 GiB are cut; a file up to 1 MiB is one chunk. Chunks of random bytes come to 2.44 MiB on average
 * (a tenth lie below 2.0, a tenth above 3.3), so a 10 GiB file has some 4,200 of them and a manifest of 150 KiB. Half
 * the mean would double that and the per-chunk work of the server; the wire gains nothing, since a changed chunk
 * travels as a delta anyway.
 */
export const CHUNKING_DEFAULT: ChunkingParameters = { min: 1 * MIB, mean: 2 * MIB, max: 8 * MIB };

/** Beyond 64 GiB the default could exceed the chunk limit; chunks of at least 4 MiB carry up to 256 GiB. */
export const CHUNKING_HUGE: ChunkingParameters = { min: 4 * MIB, mean: 8 * MIB, max: 16 * MIB };

/** The largest file that can be synced, whatever its bytes are. */
export const MAX_FILE_SIZE = MANIFEST_LIMITS.chunks * CHUNKING_HUGE.min;

/** The parameters are a function of the size alone: equal contents must come to equal manifests on every device. */
export function chunkingFor(size: number): ChunkingParameters {
  return size <= 64 * GIB ? CHUNKING_DEFAULT : CHUNKING_HUGE;
}

const VERSION = 1;
const FASTCDC_1 = 1;
const HASH_BYTES = 32;

/** Encodes; a manifest that breaks the rules is a programming error and throws. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const { min, mean, max } = manifest.parameters;
  const fault = faultOf(manifest);
  if (fault !== null) throw new RangeError(`manifest: ${fault}`);
  let length =
    2 + varintLength(min) + varintLength(mean) + varintLength(max) + varintLength(manifest.chunks.length);
  for (const chunk of manifest.chunks) length += HASH_BYTES + varintLength(chunk.size);
  const writer = new ByteWriter(length);
  writer.byte(VERSION);
  writer.byte(FASTCDC_1);
  writer.varint(min);
  writer.varint(mean);
  writer.varint(max);
  writer.varint(manifest.chunks.length);
  for (const chunk of manifest.chunks) {
    writer.hex(chunk.id);
    writer.varint(chunk.size);
  }
  return writer.bytes;
}

/** Decodes what anybody sent: only the canonical form passes, and no count is believed before its bytes are there. */
export function decodeManifest(bytes: Uint8Array): Manifest | InvalidManifest {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) reader.fail('its version is not known');
  if (reader.byte() !== FASTCDC_1) reader.fail('its algorithm is not known');
  const min = reader.varint(MANIFEST_LIMITS.chunkSize, 'the least chunk size');
  const mean = reader.varint(MANIFEST_LIMITS.chunkSize, 'the mean chunk size');
  const max = reader.varint(MANIFEST_LIMITS.chunkSize, 'the largest chunk size');
  const count = reader.varint(MANIFEST_LIMITS.chunks, 'the number of chunks');
  const chunks: ManifestChunk[] = [];
  let size = 0;
  for (let i = 0; i < count && reader.fault === null; i += 1) {
    const hash = reader.view(HASH_BYTES);
    const chunkSize = reader.varint(MANIFEST_LIMITS.chunkSize, 'the size of a chunk');
    if (reader.fault !== null) break;
    chunks.push({ id: parseChunkId(toHex(hash)), size: chunkSize });
    size += chunkSize;
  }
  reader.end();
  if (reader.fault !== null) return { kind: 'invalid', why: reader.fault };
  const manifest: Manifest = { algorithm: 'fastcdc-1', parameters: { min, mean, max }, chunks, size };
  const fault = faultOf(manifest);
  return fault === null ? manifest : { kind: 'invalid', why: fault };
}

export function isInvalidManifest(value: Manifest | InvalidManifest): value is InvalidManifest {
  return 'kind' in value;
}

/** Id of a manifest: BLAKE3 of its canonical encoding. */
export function manifestIdOf(encoded: Uint8Array, blake3: Blake3): ManifestId {
  return parseManifestId(toHex(blake3(encoded)));
}

/** The rules both directions share. That all chunks but the last reach `min` bounds what a manifest may cost. */
function faultOf(manifest: Manifest): string | null {
  const { min, mean, max } = manifest.parameters;
  if (!(Number.isInteger(min) && Number.isInteger(mean) && Number.isInteger(max)))
    return 'a parameter is not whole';
  if (!(min >= 1 && min <= mean && mean <= max && max <= MANIFEST_LIMITS.chunkSize))
    return 'its parameters do not fit';
  const { chunks } = manifest;
  if (chunks.length > MANIFEST_LIMITS.chunks) return `it has more than ${MANIFEST_LIMITS.chunks} chunks`;
  let size = 0;
  for (let i = 0; i < chunks.length; i += 1) {
    const chunk = chunks[i]!;
    const least = i === chunks.length - 1 ? 1 : min;
    if (!(Number.isInteger(chunk.size) && chunk.size >= least && chunk.size <= max)) {
      return `chunk ${i} has ${chunk.size} bytes, outside ${least} to ${max}`;
    }
    size += chunk.size;
  }
  return size === manifest.size ? null : 'its size is not the sum of its chunks';
}
