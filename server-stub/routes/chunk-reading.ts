/** Chunks of one tenant: rows first, then bytes. What has no row of this tenant does not exist, whoever else has it. */
import type { ChunkId, TenantId } from '../../src/protocol/ids.ts';
import {
  type ChunkStore,
  parseChunkLocation,
  type ReadOutcome,
  type StoredChunk,
} from '../chunks/chunk-store.ts';
import type { ChunkRow } from '../metadata/rows.ts';
import type { ServerParts } from './route-context.ts';

type ReadingParts = Pick<ServerParts, 'store' | 'log'> & { readonly chunks: Pick<ChunkStore, 'get'> };

export interface ReadableChunk {
  readonly id: ChunkId;
  readonly size: number;
  readonly stored: StoredChunk;
}

/** Those of `ids` that the tenant has, by id. What was found damaged is not among them. */
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
      if (row !== null && row.damagedAt === null) found.set(id, readable(tenant, row));
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
  const bytes = new Map<ChunkId, Uint8Array>();
  let pending = await readInto(parts, chunks, bytes);
  // A copy may be moved, and the old one erased, between row and bytes: the row then names another one.
  for (let look = 0; pending.length > 0 && look < LOOKS; look += 1) {
    const now = await movedSince(parts, pending);
    if (now.length === 0) break;
    const ids = new Set(now.map(({ id }) => id));
    const again = await readInto(parts, now, bytes);
    pending = [...pending.filter(({ chunk }) => !ids.has(chunk.id)), ...again];
  }
  if (pending.length > 0) pending = await readSeconds(parts, pending, bytes);
  for (const { chunk, why, isUnread } of pending) {
    if (isUnread) throw new Error(`chunk ${chunk.id}: ${why}`);
    parts.log('error', 'a stored chunk cannot be served', { chunk: chunk.id, why });
  }
  return bytes;
}

const LOOKS = 3;

interface Unread {
  readonly chunk: ReadableChunk;
  readonly why: string;
  /** The store could not be read: nobody knows what stands there. */
  readonly isUnread: boolean;
}

/** Puts what is whole into `bytes`; answers what is not. */
async function readInto(
  parts: ReadingParts,
  chunks: readonly ReadableChunk[],
  bytes: Map<ChunkId, Uint8Array>,
): Promise<readonly Unread[]> {
  const outcomes = await parts.chunks.get(chunks.map((chunk) => chunk.stored));
  const unread: Unread[] = [];
  chunks.forEach((chunk, i) => {
    const outcome = outcomes[i];
    if (outcome?.kind === 'ok') bytes.set(chunk.id, outcome.bytes);
    else unread.push({ chunk, why: whyNot(outcome), isUnread: outcome?.kind === 'failed' });
  });
  return unread;
}

function whyNot(outcome: Exclude<ReadOutcome, { kind: 'ok' }> | undefined): string {
  if (outcome?.kind === 'damaged') return outcome.why;
  return outcome?.kind === 'failed' ? outcome.detail : 'it is gone';
}

/** From the second store, as far as it has them; answers what is in neither. */
async function readSeconds(
  parts: ReadingParts,
  unread: readonly Unread[],
  bytes: Map<ChunkId, Uint8Array>,
): Promise<readonly Unread[]> {
  const seconds = await parts.store.read(async (tx) => {
    const found: ReadableChunk[] = [];
    for (const { chunk } of unread) {
      const location = await tx.replica(chunk.stored);
      if (location !== null)
        found.push({ ...chunk, stored: { ...chunk.stored, location: parseChunkLocation(location) } });
    }
    return found;
  });
  if (seconds.length === 0) return unread;
  await readInto(parts, seconds, bytes);
  for (const { chunk, why } of unread)
    if (bytes.has(chunk.id))
      parts.log('warn', 'a chunk is served from the second store', { chunk: chunk.id, why });
  return unread.filter(({ chunk }) => !bytes.has(chunk.id));
}

/** Those whose rows name another copy by now. */
async function movedSince(parts: ReadingParts, unread: readonly Unread[]): Promise<readonly ReadableChunk[]> {
  return parts.store.read(async (tx) => {
    const moved: ReadableChunk[] = [];
    for (const { chunk } of unread) {
      const row = await tx.chunk(chunk.stored.tenant, chunk.id);
      if (row !== null && row.damagedAt === null && row.location !== chunk.stored.location)
        moved.push(readable(chunk.stored.tenant, row));
    }
    return moved;
  });
}
