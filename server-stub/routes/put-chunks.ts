/**
 * Taking chunks in: rebuild what came as a delta, store (which hashes), then write the rows. Bytes are durable before a
 * row names them; a copy that nobody will name is erased again.
 */
import { applyDelta } from '../../src/core/delta/apply.ts';
import { decodeDelta } from '../../src/core/delta/codec.ts';
import { deltaSources, isInvalidDelta } from '../../src/core/delta/delta.ts';
import type { Frame } from '../../src/protocol/frames.ts';
import { type ChunkId, type TenantId, toHex } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { type ChunksStored, Empty } from '../../src/protocol/routes.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import type { ChunkLocation, ChunkToStore, PutOutcome, StoredChunk } from '../chunks/chunk-store.ts';
import { siteOf } from '../chunks/sites.ts';
import { roomOf } from '../metadata/rules/room.ts';
import { findChunks, type ReadableChunk, readChunks } from './chunk-reading.ts';
import { forDevice, json, type ServerParts } from './route-context.ts';

const NO_ROOM = 'the account is full';
const WRONG_HASH = 'the bytes are not those that the id names';
/** Bytes that the deltas of one body may yield, and those of the sources they make the server read. */
const REBUILT_BYTES = 128 * 1024 * 1024;
const SOURCE_BYTES = 256 * 1024 * 1024;

export const putChunks = forDevice(Empty, async ({ parts, session, frames }) => {
  const taken = await takeChunks(parts, session.caller.tenant, frames);
  if (taken.kind === 'refused') return taken;
  const full = await taken.addRows();
  const { stored, refused: before } = taken.answer;
  return json<ChunksStored>({
    stored: stored.filter((id) => !full.includes(id)),
    refused: [...before, ...full.map((id) => ({ id, why: NO_ROOM }))],
  });
});

export interface Taken {
  readonly kind: 'taken';
  readonly answer: ChunksStored;
  /**
   * Writes the rows; asks for the transaction before it returns, so that what is asked for next comes after it. Answers
   * what has no room after all: others of the tenant came in at the same time.
   */
  readonly addRows: () => Promise<readonly ChunkId[]>;
}

export const putNothing: Taken = {
  kind: 'taken',
  answer: { stored: [], refused: [] },
  addRows: () => Promise.resolve([]),
};

interface NewCopy {
  readonly copy: StoredChunk;
  readonly size: number;
  /** In the second store; null: not yet. */
  readonly second: ChunkLocation | null;
}

interface Refusals {
  readonly list: ChunksStored['refused'];
}

/** Stores the frames of a body. */
export async function takeChunks(
  parts: ServerParts,
  tenant: TenantId,
  frames: readonly Frame[],
): Promise<Taken | Refused> {
  parts.metrics.uploaded(frames.reduce((sum, { bytes }) => sum + bytes.length, 0));
  const refusals: Refusals = { list: [] };
  const chunks = await contentsOf(parts, tenant, frames, refusals);
  const known = await findChunks(
    parts,
    tenant,
    chunks.map((chunk) => chunk.id),
  );
  const missing: ChunkToStore[] = [];
  const stored: ChunkId[] = [];
  const broken: ReadableChunk[] = [];
  for (const chunk of chunks) {
    const row = known.get(chunk.id);
    if (row === undefined) missing.push(chunk);
    else if (!isNamed(parts, chunk)) refusals.list.push({ id: chunk.id, why: WRONG_HASH });
    // A cold one is asked back by the commit that uses it; it is not read for that.
    else if (siteOf(row.stored.location) === 'cold' || (await standsWhole(parts, row))) stored.push(chunk.id);
    else {
      // What the store lost or its disk damaged is replaced by the bytes that just came.
      broken.push(row);
      missing.push(chunk);
    }
  }
  const fitting = await whatFits(parts, tenant, missing, broken);
  for (const { id } of missing.splice(fitting)) refusals.list.push({ id, why: NO_ROOM });
  const [outcomes, seconds] = await Promise.all([
    parts.chunks.put(missing),
    parts.replicas?.put(missing) ?? [],
  ]);
  const copies: NewCopy[] = [];
  let trouble: Refused | null = null;
  missing.forEach(({ id, bytes }, i) => {
    const outcome = outcomes[i];
    if (outcome?.kind === 'stored') {
      const copy = { tenant, id, location: outcome.location };
      copies.push({ copy, size: bytes.length, second: seconds[i] ?? null });
      stored.push(id);
    } else if (outcome?.kind === 'wrong-hash') {
      refusals.list.push({ id, why: WRONG_HASH });
    } else trouble = failure(outcome, parts, trouble);
  });
  const rows = () => addRows(parts, tenant, copies, broken);
  if (trouble !== null) {
    await rows();
    return trouble;
  }
  return { kind: 'taken', answer: { stored, refused: refusals.list }, addRows: rows };
}

/** How many of them, from the first on, the tenant has room for. What replaces a damaged copy takes none. */
async function whatFits(
  parts: ServerParts,
  tenant: TenantId,
  chunks: readonly ChunkToStore[],
  broken: readonly ReadableChunk[],
): Promise<number> {
  if (chunks.length === 0) return 0;
  let room = roomOf(await parts.store.read(async (tx) => tx.storedBytes(tenant)));
  const counted = new Set(broken.map(({ id }) => id));
  const over = chunks.findIndex(({ id, bytes }) => {
    if (!counted.has(id)) room -= bytes.length;
    return room < 0;
  });
  return over < 0 ? chunks.length : over;
}

function failure(outcome: PutOutcome | undefined, parts: ServerParts, before: Refused | null): Refused {
  if (outcome?.kind === 'failed' && outcome.why === 'no-space')
    return refused('server-space', 'the disk of the chunk store is full');
  parts.log('error', 'a chunk could not be stored', { outcome });
  return before ?? refused('internal', 'a chunk could not be stored');
}

async function addRows(
  parts: ServerParts,
  tenant: TenantId,
  copies: readonly NewCopy[],
  broken: readonly ReadableChunk[],
): Promise<readonly ChunkId[]> {
  if (copies.length === 0) return [];
  const now = parts.clock.now();
  const { superfluous, full } = await parts.store.write(async (tx) => {
    const unnamed: StoredChunk[] = [];
    const without: ChunkId[] = [];
    let room = roomOf(await tx.storedBytes(tenant));
    for (const { id, stored } of broken) {
      if (copies.some(({ copy }) => copy.id === id)) await tx.removeChunk(tenant, id, stored.location);
    }
    for (const { copy, size, second } of copies) {
      const before = await tx.chunk(tenant, copy.id);
      const takesRoom = before === null && !broken.some(({ id }) => id === copy.id);
      const hasRoom = !takesRoom || size <= room;
      if (!hasRoom) without.push(copy.id);
      if (!hasRoom || !(await tx.addChunk(tenant, copy.id, copy.location, size, now))) {
        unnamed.push(copy);
        if (second !== null) unnamed.push({ ...copy, location: second });
        continue;
      }
      if (takesRoom) room -= size;
      const needless = (await parts.replicas?.note(tx, copy, second, now)) ?? null;
      if (needless !== null) unnamed.push(needless);
      if (before !== null) {
        const why = `a device stored it again, at ${copy.location}`;
        await tx.addDecision({
          at: now,
          job: 'scrub',
          subject: `chunk ${copy.id}`,
          decision: 'repaired',
          why,
        });
      }
    }
    return { superfluous: unnamed, full: without };
  });
  await eraseUnnamed(parts, superfluous);
  return full;
}

/** In the second store it may have to wait: a copy without a row is found there, too. */
async function eraseUnnamed({ chunks }: ServerParts, copies: readonly StoredChunk[]): Promise<void> {
  if (copies.length === 0) return;
  const reachable = await chunks.reachable();
  await chunks.erase(copies.filter(({ location }) => reachable.includes(siteOf(location))));
}

/** What is stored already is hashed here, everything else by the store. */
function isNamed(parts: ServerParts, { id, bytes }: ChunkToStore): boolean {
  return toHex(parts.blake3(bytes)) === id;
}

async function standsWhole(parts: ServerParts, chunk: ReadableChunk): Promise<boolean> {
  return (await readChunks(parts, [chunk])).has(chunk.id);
}

/** Every frame's chunk, each id once. What cannot be rebuilt is refused by name. */
async function contentsOf(
  parts: ServerParts,
  tenant: TenantId,
  frames: readonly Frame[],
  refusals: Refusals,
): Promise<readonly ChunkToStore[]> {
  const chunks = new Map<ChunkId, ChunkToStore>();
  const budget = { rebuilt: REBUILT_BYTES, sources: SOURCE_BYTES };
  for (const { id, encoding, bytes } of frames) {
    if (chunks.has(id)) continue;
    if (encoding === 'raw') {
      chunks.set(id, { tenant, id, bytes });
      continue;
    }
    const rebuilt = await rebuild(parts, tenant, bytes, budget);
    if (typeof rebuilt === 'string') refusals.list.push({ id, why: rebuilt });
    else chunks.set(id, { tenant, id, bytes: rebuilt });
  }
  return [...chunks.values()];
}

/** The rebuilt bytes, or why not. Sources that are another tenant's are absent like those that never were. */
async function rebuild(
  parts: ServerParts,
  tenant: TenantId,
  encoded: Uint8Array,
  budget: { rebuilt: number; sources: number },
): Promise<Uint8Array | string> {
  const delta = decodeDelta(encoded);
  if (isInvalidDelta(delta)) return `the delta does not make sense: ${delta.why}`;
  const size = delta.parts.reduce(
    (sum, part) => sum + (part.kind === 'copy' ? part.length : part.bytes.length),
    0,
  );
  if (size > LIMITS.chunkBytes) return 'the delta yields more than a chunk';
  budget.rebuilt -= size;
  if (budget.rebuilt < 0) return 'the deltas of one body yield too much';
  const found = await findChunks(parts, tenant, deltaSources(delta));
  const asleep =
    (await parts.cold?.asleep(
      parts.store,
      [...found.values()].map(({ stored }) => stored),
      parts.clock.now(),
    )) ?? null;
  if (asleep !== null && asleep.ids.size > 0) return 'a source of the delta is in the cold store';
  for (const chunk of found.values()) budget.sources -= chunk.size;
  if (budget.sources < 0) return 'the deltas of one body need too many sources';
  const sources = await readChunks(parts, [...found.values()]);
  const rebuilt = applyDelta(delta, size, (id) => sources.get(id) ?? null);
  return rebuilt instanceof Uint8Array ? rebuilt : `the delta cannot be applied: ${rebuilt.why}`;
}
