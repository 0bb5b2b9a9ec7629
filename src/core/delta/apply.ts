import type { ChunkId } from '../../protocol/ids.ts';
import { DELTA_LIMITS, type Delta, type InvalidDelta } from './delta.ts';

/**
 * Rebuilds a chunk. Everything a hostile delta could ask for is refused before any byte is copied: more parts than
 * allowed, an output of another size than declared, a range outside its source. `getSource` gives null for chunks that
 * do not exist *or* may not be read; the answer is the same for both. That the result is the chunk meant is for the
 * caller to verify by its hash.
 */
export function applyDelta(
  delta: Delta,
  declaredSize: number,
  getSource: (id: ChunkId) => Uint8Array | null,
): Uint8Array | InvalidDelta {
  const fault = faultOf(delta, declaredSize);
  if (fault !== null) return invalid(fault);
  const out = new Uint8Array(declaredSize);
  const sources = new Map<ChunkId, Uint8Array>();
  let at = 0;
  for (const part of delta.parts) {
    if (part.kind === 'literal') {
      out.set(part.bytes, at);
      at += part.bytes.length;
      continue;
    }
    const source = sources.get(part.source) ?? getSource(part.source);
    if (source === null) return invalid('a source chunk is not available');
    sources.set(part.source, source);
    const end = part.offset + part.length;
    if (end > source.length) return invalid('a copy reaches beyond its source chunk');
    out.set(source.subarray(part.offset, end), at);
    at += part.length;
  }
  return out;
}

/** Checks all that can be checked without a source, before anything is allocated. */
function faultOf(delta: Delta, declaredSize: number): string | null {
  if (!Number.isSafeInteger(declaredSize) || declaredSize < 0 || declaredSize > DELTA_LIMITS.size) {
    return 'the declared size is not that of a chunk';
  }
  if (delta.parts.length > DELTA_LIMITS.parts) return `it has more than ${DELTA_LIMITS.parts} parts`;
  let size = 0;
  const sources = new Set<ChunkId>();
  for (const part of delta.parts) {
    if (part.kind === 'copy') {
      if (!Number.isSafeInteger(part.offset) || part.offset < 0) return 'a copy has no valid offset';
      if (!Number.isSafeInteger(part.length) || part.length < 1) return 'a copy has no valid length';
      sources.add(part.source);
    }
    size += part.kind === 'copy' ? part.length : part.bytes.length;
    if (size > declaredSize) return 'it yields more than the declared size';
  }
  if (sources.size > DELTA_LIMITS.sources) return `it has more than ${DELTA_LIMITS.sources} sources`;
  return size === declaredSize ? null : 'it yields less than the declared size';
}

function invalid(why: string): InvalidDelta {
  return { kind: 'invalid', why };
}
