/**
 * The chunk folder of the embedded server. Hashing, sealing and disk work happen in threads of their own, two of them:
 * the thread that answers requests only hands memory over.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../refusal.ts';
import type {
  ChunkLocation,
  ChunkStore,
  ChunkToStore,
  PutOutcome,
  ReadOutcome,
  StoredChunk,
} from '../chunk-store.ts';
import { type KeyedChunk, SEGMENT_BYTES, SMALL_CHUNK } from './chunk-folder.ts';
import { placeOf } from './chunk-place.ts';
import { DataKeys, type TenantKeyRows } from './data-keys.ts';
import { systemCode } from './durable-file.ts';
import { Lane } from './lane.ts';
import { type MasterKeySource, openMasterKey } from './master-key.ts';

export interface FolderChunkStoreOptions {
  /** Holds `segments/` and `large/`. */
  readonly folder: string;
  /** Holds the master key, or what proves that the one at hand is the right one. */
  readonly keyFolder: string;
  /** Default: a file in that folder. */
  readonly masterKey?: MasterKeySource;
  /** Where wrapped keys are kept. */
  readonly tenantKeys: TenantKeyRows;
  readonly lanes?: number;
  readonly segmentBytes?: number;
}

/** Refuses to start (Refusal) when the keys at hand are not those of the chunks. */
export async function openFolderChunkStore(options: FolderChunkStoreOptions): Promise<ChunkStore> {
  const { folder, keyFolder, tenantKeys, segmentBytes = SEGMENT_BYTES } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { masterKey = { kind: 'folder' } } = options;
  const master = await openMasterKey(keyFolder, await holdsChunks(folder), masterKey);
  const closed = await tenantKeys.notUnder(master.id);
  if (closed > 0)
    throw new Refusal(
      `${closed} keys in the database are wrapped by another master key than the one at hand; put back the one that belongs to this database and start again.`,
    );
  const count = options.lanes ?? Math.max(1, Math.min(2, availableParallelism()));
  // Only the first lane appends to segments, so that everybody who waits shares one flush.
  const lanes = Array.from(
    { length: count },
    (_, i) => new Lane({ folder, lane: `l${i}`, segmentBytes, appends: i === 0 }),
  );
  const store = new FolderChunkStore(new DataKeys(master, tenantKeys), lanes);
  try {
    await Promise.all(lanes.map((lane) => lane.start()));
  } catch (cause) {
    await store.close();
    throw cause;
  }
  return store;
}

class FolderChunkStore implements ChunkStore {
  readonly #keys: DataKeys;
  readonly #lanes: readonly Lane[];

  constructor(keys: DataKeys, lanes: readonly Lane[]) {
    this.#keys = keys;
    this.#lanes = lanes;
  }

  async put(chunks: readonly ChunkToStore[]): Promise<readonly PutOutcome[]> {
    const outcomes = new Array<PutOutcome>(chunks.length);
    const small: number[] = [];
    const shares = new Map<Lane, number[]>();
    const planned = new Map(this.#lanes.map((lane) => [lane, lane.load]));
    chunks.forEach((chunk, index) => {
      if (chunk.bytes.length <= SMALL_CHUNK) {
        small.push(index);
        return;
      }
      const lane = leastOf(planned);
      planned.set(lane, planned.get(lane)! + chunk.bytes.length);
      shareOf(shares, lane).push(index);
    });
    const send = async (lane: Lane, indexes: readonly number[]) => {
      const answers = await this.#putIn(
        lane,
        indexes.map((index) => chunks[index]!),
      );
      indexes.forEach((index, i) => {
        outcomes[index] = answers[i]!;
      });
    };
    const jobs = [...shares].map(([lane, indexes]) => send(lane, indexes));
    if (small.length > 0) jobs.push(send(this.#lanes[0]!, small));
    await Promise.all(jobs);
    return outcomes;
  }

  async get(chunks: readonly StoredChunk[]): Promise<readonly ReadOutcome[]> {
    const outcomes = new Array<ReadOutcome>(chunks.length);
    const planned = new Map(this.#lanes.map((lane) => [lane, lane.load]));
    const shares = new Map<Lane, number[]>();
    // Neighbours stay together, one read serves them; a share is closed once it has its part of the bytes.
    const sizes = chunks.map((chunk) => placeOf(chunk.location)?.length ?? 0);
    const part = Math.max(1024 * 1024, sizes.reduce((a, b) => a + b, 0) / this.#lanes.length);
    let lane = leastOf(planned);
    let given = 0;
    sizes.forEach((size, index) => {
      if (given > 0 && given + size > part) {
        lane = leastOf(planned);
        given = 0;
      }
      given += size;
      planned.set(lane, planned.get(lane)! + size);
      shareOf(shares, lane).push(index);
    });
    await Promise.all(
      [...shares].map(async ([target, indexes]) => {
        const answers = await this.#getFrom(
          target,
          indexes.map((index) => chunks[index]!),
        );
        indexes.forEach((index, i) => {
          outcomes[index] = answers[i]!;
        });
      }),
    );
    return outcomes;
  }

  async erase(chunks: readonly StoredChunk[]): Promise<void> {
    await this.#lanes[0]!.run({ kind: 'erase', chunks }, 0);
  }

  stat(chunk: StoredChunk) {
    return this.#lanes[0]!.run({ kind: 'stat', chunk }, 0);
  }

  list(after: ChunkLocation | null, limit: number, heap?: string) {
    return this.#lanes[0]!.run({ kind: 'list', after, limit, heap }, 0);
  }

  heaps(after: string | null, limit: number) {
    return this.#lanes[0]!.run({ kind: 'heaps', after, limit }, 0);
  }

  heapUse(heap: string) {
    return this.#lanes[0]!.run({ kind: 'heapUse', heap }, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  async #giveKeys(lane: Lane, tenants: Iterable<ChunkToStore['tenant']>): Promise<void> {
    for (const tenant of tenants) {
      if (lane.hasKeys(tenant)) continue;
      const keys = await this.#keys.of(tenant);
      if (!lane.hasKeys(tenant)) lane.giveKeys(tenant, keys);
    }
  }

  async #putIn(lane: Lane, chunks: readonly ChunkToStore[]): Promise<readonly PutOutcome[]> {
    try {
      await this.#giveKeys(lane, new Set(chunks.map((chunk) => chunk.tenant)));
      const { views, handedOver } = shareable(chunks);
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
      return await lane.run({ kind: 'put', chunks: views }, bytes, handedOver);
    } catch (cause) {
      const noSpace = systemCode(cause) === 'ENOSPC';
      const outcome: PutOutcome = {
        kind: 'failed',
        why: noSpace ? 'no-space' : 'disk-error',
        detail: cause instanceof Error ? cause.message : String(cause),
      };
      return chunks.map(() => outcome);
    }
  }

  async #getFrom(lane: Lane, chunks: readonly StoredChunk[]): Promise<readonly ReadOutcome[]> {
    try {
      await this.#giveKeys(lane, new Set(chunks.map((chunk) => chunk.tenant)));
      const bytes = chunks.reduce((sum, chunk) => sum + (placeOf(chunk.location)?.length ?? 0), 0);
      return await lane.run({ kind: 'get', chunks }, bytes);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      return chunks.map(() => ({ kind: 'failed', why: 'disk-error', detail }));
    }
  }
}

/**
 * Bytes in shared memory (large request bodies are received into it) are seen by the thread as they are. All others are
 * copied once, together, and that copy is handed over; the caller's memory stays the caller's.
 */
function shareable(chunks: readonly ChunkToStore[]): {
  readonly views: readonly KeyedChunk[];
  readonly handedOver: readonly ArrayBuffer[];
} {
  const isShared = (chunk: ChunkToStore) => chunk.bytes.buffer instanceof SharedArrayBuffer;
  let size = 0;
  for (const chunk of chunks) if (!isShared(chunk)) size += chunk.bytes.length;
  const copy = new ArrayBuffer(size);
  let at = 0;
  const views = chunks.map((chunk): KeyedChunk => {
    if (isShared(chunk)) {
      // A plain view: message passing would turn a Buffer into one anyway.
      const { buffer, byteOffset, byteLength } = chunk.bytes;
      return { tenant: chunk.tenant, id: chunk.id, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
    }
    const bytes = new Uint8Array(copy, at, chunk.bytes.length);
    bytes.set(chunk.bytes);
    at += bytes.length;
    return { tenant: chunk.tenant, id: chunk.id, bytes };
  });
  return { views, handedOver: size > 0 ? [copy] : [] };
}

function shareOf(shares: Map<Lane, number[]>, lane: Lane): number[] {
  const share = shares.get(lane) ?? [];
  shares.set(lane, share);
  return share;
}

function leastOf(loads: ReadonlyMap<Lane, number>): Lane {
  let best: Lane | null = null;
  for (const [lane, load] of loads) if (best === null || load < loads.get(best)!) best = lane;
  if (best === null) throw new Error('the chunk store has no thread');
  return best;
}

async function holdsChunks(folder: string): Promise<boolean> {
  for (const part of ['segments', 'large']) {
    try {
      if ((await readdir(join(folder, part))).length > 0) return true;
    } catch (cause) {
      if (systemCode(cause) !== 'ENOENT') throw cause;
    }
  }
  return false;
}
