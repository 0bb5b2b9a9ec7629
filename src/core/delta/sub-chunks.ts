import { chunkEnds } from '../manifest/chunk-boundaries.ts';
import type { ChunkingParameters } from '../manifest/manifest.ts';

/**
 * How a chunk is cut once more, to find what of it is already elsewhere. The rule is that of the chunks themselves,
 * begun anew at every chunk, so that a signature is a function of its chunk's bytes alone.
 */
export const SUB_CHUNKING: ChunkingParameters = { min: 4096, mean: 8192, max: 65_536 };

/** The ends of a chunk's sub-chunks; the last one is its length. */
export function subChunkEnds(chunk: Uint8Array): number[] {
  return chunkEnds(chunk, SUB_CHUNKING);
}
