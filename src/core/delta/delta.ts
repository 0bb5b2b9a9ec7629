import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';

/** One chunk told through others: its bytes are the parts in order. */
export interface Delta {
  readonly parts: readonly DeltaPart[];
}

export type DeltaPart =
  | {
      readonly kind: 'copy';
      readonly source: ChunkId;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'literal'; readonly bytes: Uint8Array };

export interface InvalidDelta {
  readonly kind: 'invalid';
  readonly why: string;
}

/** What any delta may cost its receiver (RULES 28): a rebuilt chunk, and few enough parts to be copied in no time. */
export const DELTA_LIMITS = {
  parts: 16_384,
  sources: LIMITS.deltaSources,
  size: LIMITS.chunkBytes,
} as const;

/** The source chunks a delta needs, each once, in order of first use. */
export function deltaSources(delta: Delta): readonly ChunkId[] {
  const sources = new Set<ChunkId>();
  for (const part of delta.parts) if (part.kind === 'copy') sources.add(part.source);
  return [...sources];
}

/** Bytes that travel as themselves: what the delta costs, up to a few bytes per part. */
export function literalBytes(delta: Delta): number {
  let sum = 0;
  for (const part of delta.parts) if (part.kind === 'literal') sum += part.bytes.length;
  return sum;
}

export function isInvalidDelta(value: object): value is InvalidDelta {
  return 'kind' in value && value.kind === 'invalid';
}
