import { type ChunkId, fromHex, type TenantId, toHex } from '../../src/protocol/ids.ts';
import {
  type ChunkLocation,
  type ChunkStore,
  parseChunkLocation,
  type ReadOutcome,
  type StoredChunk,
} from './chunk-store.ts';

interface Kept {
  readonly tenant: TenantId;
  readonly id: ChunkId;
  bytes: Uint8Array;
}

export interface MemoryChunkStore extends ChunkStore {
  /** Flips one bit of a copy, as a failing disk would. */
  damage(location: ChunkLocation): void;
  readonly count: number;
}

/** Chunks in memory, for tests and the simulation: deterministic, and as strict as the real one. */
export function createMemoryChunkStore(blake3: (bytes: Uint8Array) => Uint8Array): MemoryChunkStore {
  const copies = new Map<ChunkLocation, Kept>();
  let next = 1;

  const find = (chunk: StoredChunk): Kept | null => {
    const kept = copies.get(chunk.location);
    return kept && kept.tenant === chunk.tenant && kept.id === chunk.id ? kept : null;
  };
  const read = (chunk: StoredChunk): ReadOutcome => {
    if (!copies.has(chunk.location)) return { kind: 'absent' };
    const kept = find(chunk);
    if (kept === null) return { kind: 'damaged', why: 'it is another chunk' };
    if (!Buffer.from(blake3(kept.bytes)).equals(fromHex(chunk.id)))
      return { kind: 'damaged', why: 'its hash differs' };
    return { kind: 'ok', bytes: kept.bytes.slice() };
  };

  return {
    put: async (chunks) =>
      chunks.map(({ tenant, id, bytes }) => {
        if (toHex(blake3(bytes)) !== id) return { kind: 'wrong-hash' };
        const location = parseChunkLocation(`m/${next}`);
        next += 1;
        copies.set(location, { tenant, id, bytes: new Uint8Array(bytes) });
        return { kind: 'stored', location };
      }),
    get: async (chunks) => chunks.map(read),
    erase: async (chunks) => {
      for (const chunk of chunks) if (find(chunk) !== null) copies.delete(chunk.location);
    },
    stat: async (chunk) => {
      const kept = find(chunk);
      return kept === null
        ? { kind: 'absent' }
        : { kind: 'present', size: kept.bytes.length, storedBytes: kept.bytes.length };
    },
    list: async (after, limit) => {
      const from = after === null ? 0 : Number(after.slice(2));
      return [...copies]
        .filter(([location]) => Number(location.slice(2)) > from)
        .slice(0, limit)
        .map(([location, { tenant, id }]) => ({ tenant, id, location }));
    },
    // Every copy stands alone: what is erased is free at once.
    heaps: async () => [],
    heapUse: async () => null,
    close: async () => {},
    damage: (location) => {
      const kept = copies.get(location);
      if (kept === undefined) return;
      kept.bytes = kept.bytes.slice();
      if (kept.bytes.length > 0) kept.bytes[0] = kept.bytes[0]! ^ 1;
    },
    get count() {
      return copies.size;
    },
  };
}
