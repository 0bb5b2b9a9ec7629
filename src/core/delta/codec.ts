/**
 * Deltas on the wire:
 *
 *   u8 version = 1 | varint number of sources | 32 bytes each | varint number of parts | the parts
 *   a part:   varint 2 * length + (1 if copy) | copy: varint source index, varint offset | literal: its bytes
 *
 * Sources stand in order of first use, each once and each used; no part is empty; nothing follows the last part.
 */
import { type ChunkId, parseChunkId, toHex } from '../../protocol/ids.ts';
import { ByteReader, ByteWriter, varintLength } from '../manifest/byte-codec.ts';
import { DELTA_LIMITS, type Delta, type DeltaPart, deltaSources, type InvalidDelta } from './delta.ts';

const VERSION = 1;
const HASH_BYTES = 32;

export function encodeDelta(delta: Delta): Uint8Array {
  const sources = deltaSources(delta);
  const indexOf = new Map(sources.map((id, index) => [id, index]));
  let size =
    1 + varintLength(sources.length) + sources.length * HASH_BYTES + varintLength(delta.parts.length);
  for (const part of delta.parts) size += partCost(part, indexOf);
  const writer = new ByteWriter(size);
  writer.byte(VERSION);
  writer.varint(sources.length);
  for (const id of sources) writer.hex(id);
  writer.varint(delta.parts.length);
  for (const part of delta.parts) {
    if (part.kind === 'copy') {
      writer.varint(part.length * 2 + 1);
      writer.varint(indexOf.get(part.source)!);
      writer.varint(part.offset);
    } else {
      writer.varint(part.bytes.length * 2);
      writer.raw(part.bytes);
    }
  }
  return writer.bytes;
}

function partCost(part: DeltaPart, indexOf: ReadonlyMap<ChunkId, number>): number {
  if (part.kind === 'literal') return varintLength(part.bytes.length * 2) + part.bytes.length;
  const index = indexOf.get(part.source)!;
  return varintLength(part.length * 2 + 1) + varintLength(index) + varintLength(part.offset);
}

/** Decodes what anybody sent. Literals are views into `bytes`. Whether ranges exist is for `applyDelta` to check. */
export function decodeDelta(bytes: Uint8Array): Delta | InvalidDelta {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) reader.fail('its version is not known');
  const sources: ChunkId[] = [];
  const sourceCount = reader.varint(DELTA_LIMITS.sources, 'the number of sources');
  for (let i = 0; i < sourceCount && reader.fault === null; i += 1) {
    const hash = reader.view(HASH_BYTES);
    if (reader.fault === null) sources.push(parseChunkId(toHex(hash)));
  }
  if (new Set(sources).size !== sources.length) reader.fail('a source is named twice');
  const parts: DeltaPart[] = [];
  const partCount = reader.varint(DELTA_LIMITS.parts, 'the number of parts');
  let used = 0;
  let size = 0;
  for (let i = 0; i < partCount && reader.fault === null; i += 1) {
    const head = reader.varint(DELTA_LIMITS.size * 2 + 1, 'the length of a part');
    const length = Math.floor(head / 2);
    size += length;
    if (length === 0) reader.fail('a part is empty');
    if (size > DELTA_LIMITS.size) reader.fail('it yields more than a chunk');
    if (reader.fault !== null) break;
    if (head % 2 === 0) {
      parts.push({ kind: 'literal', bytes: reader.view(length) });
      continue;
    }
    const index = reader.varint(DELTA_LIMITS.sources, 'a source index');
    const offset = reader.varint(DELTA_LIMITS.size, 'an offset');
    const source = sources[index];
    if (source === undefined || index > used) reader.fail('a source is out of order');
    else parts.push({ kind: 'copy', source, offset, length });
    if (index === used) used += 1;
  }
  if (used !== sources.length) reader.fail('a source is not used');
  reader.end();
  return reader.fault === null ? { parts } : { kind: 'invalid', why: reader.fault };
}
