import { parseChunkId, toHex } from '../../protocol/ids.ts';
import { chunkEnds } from './chunk-boundaries.ts';
import { type Blake3, type ChunkingParameters, chunkingFor, type Manifest } from './manifest.ts';

/** The manifest of bytes that are all in memory. */
export function buildManifest(
  bytes: Uint8Array,
  blake3: Blake3,
  parameters: ChunkingParameters = chunkingFor(bytes.length),
): Manifest {
  let start = 0;
  const chunks = chunkEnds(bytes, parameters).map((end) => {
    const chunk = { id: parseChunkId(toHex(blake3(bytes.subarray(start, end)))), size: end - start };
    start = end;
    return chunk;
  });
  return { algorithm: 'fastcdc-1', parameters, chunks, size: bytes.length };
}
