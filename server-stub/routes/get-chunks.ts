import { type Frame, frameCost } from '../../src/protocol/frames.ts';
import type { ChunkId, TenantId } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { type ChunksAnswer, ChunksRequest } from '../../src/protocol/routes.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import { siteOf } from '../chunks/sites.ts';
import type { Asleep } from '../cold/cold-reading.ts';
import { LEAST_DELTA } from './chunk-deltas.ts';
import { findChunks, type ReadableChunk, readChunks } from './chunk-reading.ts';
import { type FramesAnswer, forDevice, type ServerParts } from './route-context.ts';

/** Bytes of the asking device's chunks that are read to find deltas. */
const SOURCE_BYTES = 64 * 1024 * 1024;
const NO_SOURCES: ReadonlyMap<ChunkId, Uint8Array> = new Map();
/** Chunks are read from the store in groups of this many bytes: memory is bounded also where deltas shrink them. */
const GROUP_BYTES = 12 * 1024 * 1024;

export const getChunks = forDevice(ChunksRequest, async ({ parts, session }, { want, have }) => {
  const { tenant } = session.caller;
  const wanted = [...new Set(want)];
  const found = await findChunks(parts, tenant, wanted);
  const asleep = await asleepOf(parts, found.values());
  const pending: ReadableChunk[] = [];
  const absent: ChunkId[] = [];
  for (const id of wanted) {
    const chunk = found.get(id);
    if (chunk === undefined) absent.push(id);
    else if (!asleep.ids.has(id)) pending.push(chunk);
  }
  // What can be read comes first: whoever asks for the rest again hears how long it takes.
  if (pending.length === 0 && asleep.ids.size > 0) return isThawing(asleep);
  const isWorth = have.length > 0 && pending.some((chunk) => chunk.size > LEAST_DELTA);
  const sources = isWorth ? await readSources(parts, tenant, have, found) : NO_SOURCES;
  const packing = new Packing(parts, sources);
  while (pending.length > 0 && !packing.full) {
    const group = takeGroup(pending, packing.room);
    const bytes = await readChunks(parts, group);
    for (const chunk of group) {
      const content = bytes.get(chunk.id);
      if (content === undefined) absent.push(chunk.id);
      else packing.add(chunk.id, content);
    }
  }
  const left = [...packing.left, ...pending.map((chunk) => chunk.id), ...asleep.ids];
  const answer: FramesAnswer<ChunksAnswer> = {
    kind: 'frames',
    value: { left, absent },
    frames: packing.frames,
  };
  return answer;
});

const NOTHING: Asleep = { ids: new Set(), ms: 0 };

function asleepOf(parts: ServerParts, chunks: Iterable<ReadableChunk>): Asleep | Promise<Asleep> {
  if (parts.cold === null) return NOTHING;
  const stored = [...chunks].map((chunk) => chunk.stored);
  return parts.cold.asleep(parts.store, stored, parts.clock.now());
}

function isThawing({ ids, ms }: Asleep): Refused {
  return refused('thawing', `${ids.size} chunks are being brought back`, Math.ceil(ms / 1000));
}

/** The device's own chunks, as far as it may read them: what is not its tenant's is left out without a word. */
async function readSources(
  parts: ServerParts,
  tenant: TenantId,
  have: readonly ChunkId[],
  wanted: ReadonlyMap<ChunkId, ReadableChunk>,
): Promise<ReadonlyMap<ChunkId, Uint8Array>> {
  const found = await findChunks(parts, tenant, have);
  const isHot = ({ stored }: ReadableChunk) => parts.cold === null || siteOf(stored.location) === 'hot';
  const chosen: ReadableChunk[] = [];
  let bytes = 0;
  for (const chunk of found.values()) {
    if (wanted.has(chunk.id) || !isHot(chunk) || bytes + chunk.size > SOURCE_BYTES) continue;
    bytes += chunk.size;
    chosen.push(chunk);
  }
  return readChunks(parts, chosen);
}

/** The next chunks that fit into the room left, at least one. */
function takeGroup(pending: ReadableChunk[], room: number): readonly ReadableChunk[] {
  const most = Math.min(room, GROUP_BYTES);
  const group: ReadableChunk[] = [];
  let bytes = 0;
  for (let next = pending[0]; next !== undefined; next = pending[0]) {
    bytes += frameCost(next.size);
    if (group.length > 0 && bytes > most) break;
    group.push(next);
    pending.shift();
  }
  return group;
}

class Packing {
  readonly frames: Frame[] = [];
  /** Read, but they did not fit any more. */
  readonly left: ChunkId[] = [];
  readonly #parts: ServerParts;
  readonly #sources: ReadonlyMap<ChunkId, Uint8Array>;
  readonly #index: ReturnType<ServerParts['deltas']['indexOf']> | null;
  #bytes = 0;

  constructor(parts: ServerParts, sources: ReadonlyMap<ChunkId, Uint8Array>) {
    this.#parts = parts;
    this.#sources = sources;
    this.#index = sources.size > 0 ? parts.deltas.indexOf(sources) : null;
  }

  get room(): number {
    return LIMITS.packedAnswerBytes - this.#bytes;
  }

  get full(): boolean {
    return this.left.length > 0 || (this.frames.length > 0 && this.room <= 0);
  }

  add(id: ChunkId, content: Uint8Array): void {
    const delta =
      this.#index !== null && content.length > LEAST_DELTA
        ? this.#parts.deltas.deltaFor(content, this.#index, this.#sources)
        : null;
    const frame: Frame =
      delta === null ? { id, encoding: 'raw', bytes: content } : { id, encoding: 'delta', bytes: delta };
    const cost = frameCost(frame.bytes.length);
    if (this.frames.length > 0 && cost > this.room) {
      this.left.push(id);
      return;
    }
    this.frames.push(frame);
    this.#bytes += cost;
  }
}
