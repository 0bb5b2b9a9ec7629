/**
 * Where chunks are kept. The one promise everything above leans on: once `put` has answered `stored`, the chunk
 * survives a power cut, and its location may be written into a row. A location is never given twice, so erasing an old
 * copy can never take a newer one with it (RULES 27).
 */
import type { ChunkId, TenantId } from '../../src/protocol/ids.ts';

declare const brand: unique symbol;
/** Names one physical copy of a chunk; only its store can read it. */
export type ChunkLocation = string & { readonly [brand]: 'ChunkLocation' };

const LOCATION = /^[a-z0-9/.-]{1,120}$/;

export function parseChunkLocation(value: unknown): ChunkLocation {
  if (typeof value === 'string' && LOCATION.test(value)) return value as ChunkLocation;
  throw new Error(`not a chunk location: ${JSON.stringify(value)?.slice(0, 80)}`);
}

export interface ChunkToStore {
  readonly tenant: TenantId;
  readonly id: ChunkId;
  /** Not changed by anybody until `put` answers. */
  readonly bytes: Uint8Array;
}

export interface StoredChunk {
  readonly tenant: TenantId;
  readonly id: ChunkId;
  readonly location: ChunkLocation;
}

export type PutOutcome =
  | { readonly kind: 'stored'; readonly location: ChunkLocation }
  /** The bytes are not what the id says; nothing was kept. */
  | { readonly kind: 'wrong-hash' }
  | { readonly kind: 'failed'; readonly why: 'no-space' | 'disk-error'; readonly detail: string };

export type ReadOutcome =
  | { readonly kind: 'ok'; readonly bytes: Uint8Array }
  /** Nothing stands at this location (any more). */
  | { readonly kind: 'absent' }
  /** Something stands there that is not this chunk of this tenant any more. It is never served. */
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: 'disk-error'; readonly detail: string };

export type ChunkStat =
  | { readonly kind: 'present'; readonly size: number; readonly storedBytes: number }
  | { readonly kind: 'absent' };

/** How much of a heap is wanted. */
export interface HeapUse {
  readonly bytes: number;
  /** Those of copies that are not erased, as they are stored. */
  readonly liveBytes: number;
}

export interface ChunkStore {
  /** Hashes, then keeps. Outcomes in order; durable when resolved. The same chunk twice makes two copies. */
  put(chunks: readonly ChunkToStore[]): Promise<readonly PutOutcome[]>;
  /** Outcomes in order. What is `ok` hashes to its id. */
  get(chunks: readonly StoredChunk[]): Promise<readonly ReadOutcome[]>;
  /** Gone for good when resolved. What is not (this chunk) there is left alone. */
  erase(chunks: readonly StoredChunk[]): Promise<void>;
  stat(chunk: StoredChunk): Promise<ChunkStat>;
  /**
   * Copies that stand there, in an order of the store's own, behind `after`; fewer than `limit`: there are no more. What
   * is being put meanwhile may be among them. `heap`: only its copies.
   */
  list(after: ChunkLocation | null, limit: number, heap?: string): Promise<readonly StoredChunk[]>;
  /**
   * Heaps hold many copies, and give space back only as a whole. The one that is being filled is never among them.
   * Behind `after`, in order.
   */
  heaps(after: string | null, limit: number): Promise<readonly string[]>;
  /** `null`: there is no such heap (any more). */
  heapUse(heap: string): Promise<HeapUse | null>;
  /** Waits for what was begun, then lets go of files and threads. */
  close(): Promise<void>;
}
