/** Chunks of one tenant: rows first, then bytes. What has no row of this tenant does not exist, whoever else has it. */
import type { ChunkId, TenantId } from '../../src/protocol/ids.ts';
import { parseChunkLocation, type StoredChunk } from '../chunks/chunk-store.ts';
import type { ChunkRow } from '../metadata/rows.ts';
import type { ServerParts } from './route-context.ts';

type ReadingParts = Pick<ServerParts, 'store' | 'chunks' | 'log'>;

export interface ReadableChunk {
  readonly id: ChunkId;
  readonly size: number;
  readonly stored: StoredChunk;
}

/** Those of `ids` that the tenant has, by id. */
export async function findChunks(
  parts: ReadingParts,
  tenant: TenantId,
  ids: Iterable<ChunkId>,
): Promise<ReadonlyMap<ChunkId, ReadableChunk>> {
  return parts.store.read(async (tx) => {
    const found = new Map<ChunkId, ReadableChunk>();
    for (const id of ids) {
      if (found.has(id)) continue;
      const row = await tx.chunk(tenant, id);
      if (row !== null) found.set(id, readable(tenant, row));
    }
    return found;
  });
}

function readable(tenant: TenantId, row: ChunkRow): ReadableChunk {
  return {
    id: row.id,
    size: row.size,
    stored: { tenant, id: row.id, location: parseChunkLocation(row.location) },
  };
}

/** Bytes by id. What is gone or damaged is reported and left out; a disk that cannot be read is a fault of ours. */
export async function readChunks(
  parts: ReadingParts,
  chunks: readonly ReadableChunk[],
): Promise<ReadonlyMap<ChunkId, Uint8Array>> {
  const outcomes = await parts.chunks.get(chunks.map((chunk) => chunk.stored));
  const bytes = new Map<ChunkId, Uint8Array>();
  chunks.forEach((chunk, i) => {
    const outcome = outcomes[i];
    if (outcome?.kind === 'ok') bytes.set(chunk.id, outcome.bytes);
    else if (outcome?.kind === 'failed') throw new Error(`chunk ${chunk.id}: ${outcome.detail}`);
    else {
      const why = outcome?.kind === 'damaged' ? outcome.why : 'it is gone';
      parts.log('error', 'a stored chunk cannot be served', { chunk: chunk.id, why });
    }
  });
  return bytes;
}
