/** Fetching chunks: packed, verified one by one, as deltas where the server found some worth sending. */
import type { Static } from 'typebox';
import { applyDelta } from '../../core/delta/apply.ts';
import { decodeDelta } from '../../core/delta/codec.ts';
import { deltaSources, isInvalidDelta } from '../../core/delta/delta.ts';
import type { Frame } from '../../protocol/frames.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ChunksAnswer, ROUTES } from '../../protocol/routes.ts';
import type { Hashing } from '../environment/hashing.ts';
import { type Answered, trouble } from './answers.ts';
import type { Buffers } from './buffers.ts';
import { type Caller, defineCall } from './call.ts';
import { isChunk } from './chunk-hash.ts';
import type { ServerTrouble } from './server.ts';
import { Slots } from './slots.ts';

const GET_CHUNKS = defineCall(ROUTES.getChunks, ChunksAnswer);

/** Requests are filled up to this many bytes of chunks. */
export const FETCH_BYTES = 8 * 1024 * 1024;
/** Chunks that came wrong are asked for once more, then given up. */
const TRIES = 2;
/** Bytes of sources that one delta may make this device read. */
const MOST_SOURCE_BYTES = 32 * 1024 * 1024;
/** What an answer has beside its chunks, about. */
const ANSWER_EXTRA = 64 * 1024;
/** What a chunk of unknown size is taken for. */
const TYPICAL_CHUNK = 256 * 1024;

export interface Fetch {
  /** Distinct chunks and their sizes; `null` when the size is not known. */
  readonly want: ReadonlyMap<ChunkId, number | null>;
  /** Chunks of this device that the answer may be told by, with their sizes. */
  readonly have: ReadonlyMap<ChunkId, number>;
  /** Bytes of one of those, verified; null when they are not there any more. */
  readonly source: (id: ChunkId) => Promise<Uint8Array | null>;
  /** Takes a verified chunk, a view of the whole answer. `false` ends the fetch. */
  readonly accept: (id: ChunkId, bytes: Uint8Array) => Promise<boolean>;
  /** Whether `accept` keeps the bytes it is given; otherwise their memory is used again once it is done with them. */
  readonly keeps: boolean;
}

export interface Fetched {
  /** What was wanted and cannot be had, with the reason. */
  readonly failed: ReadonlyMap<ChunkId, string>;
  /** What stopped the fetch before its end. */
  readonly trouble: ServerTrouble | null;
}

/** What was asked for last is on its way back from the server's cold storage: a trouble of these files alone. */
export function thawingIn(trouble: ServerTrouble | null): ServerTrouble | null {
  return trouble?.code === 'thawing' ? trouble : null;
}

interface Progress {
  readonly open: Map<ChunkId, number | null>;
  readonly wrong: Map<ChunkId, number>;
  readonly failed: Map<ChunkId, string>;
  /** Changes with everything that brings the end nearer. */
  steps: number;
  ended: boolean;
}

const NONE: ReadonlyMap<ChunkId, number> = new Map();

export class ChunkFetcher {
  readonly #caller: Caller;
  readonly #hashing: Hashing;
  readonly #slots: Slots;
  readonly #buffers: Buffers;
  /** Deltas are rebuilt one at a time, since each holds its sources in memory. */
  readonly #rebuilding = new Slots(1, 0);

  constructor(caller: Caller, hashing: Hashing, slots: Slots, buffers: Buffers) {
    this.#caller = caller;
    this.#slots = slots;
    this.#buffers = buffers;
    this.#hashing = hashing;
  }

  /** Asks until everything wanted has come, is known to be absent, or came wrong twice. */
  async bring(fetch: Fetch): Promise<Fetched> {
    const progress: Progress = {
      open: new Map(fetch.want),
      wrong: new Map(),
      failed: new Map(),
      steps: 0,
      ended: false,
    };
    let found: ServerTrouble | null = null;
    while (found === null && progress.open.size > 0 && !progress.ended) {
      const steps = progress.steps;
      found = await this.#slots.during(weight(progress.open), () => this.#round(fetch, progress));
      if (found === null && progress.steps === steps) {
        found = trouble('bad-answer', 'none of the chunks that were asked for came', false);
      }
    }
    return { failed: progress.failed, trouble: found };
  }

  async #round(fetch: Fetch, progress: Progress): Promise<ServerTrouble | null> {
    const want = [...progress.open.keys()].slice(0, LIMITS.chunksPerBody);
    // Once something came wrong, nothing more is told by what is here.
    const have = progress.wrong.size === 0 ? fetch.have : NONE;
    const expectBytes = weight(progress.open);
    const room = fetch.keeps || have.size > 0 ? undefined : this.#buffers.lease(expectBytes + ANSWER_EXTRA);
    try {
      const json = { want, have: [...have.keys()].slice(0, LIMITS.deltaSources) };
      const request = this.#caller.request(GET_CHUNKS, json, { expectBytes, answerInto: room });
      const result = await this.#caller.patient(GET_CHUNKS, request);
      if (result.kind === 'trouble') return result;
      await this.#takeAll(fetch, have, result.value, progress);
      return null;
    } finally {
      if (room !== undefined) this.#buffers.release(room);
    }
  }

  async #takeAll(
    fetch: Fetch,
    have: ReadonlyMap<ChunkId, number>,
    answer: Answered<Static<typeof ChunksAnswer>>,
    progress: Progress,
  ): Promise<void> {
    for (const frame of answer.frames) {
      if (!progress.ended && progress.open.has(frame.id)) await this.#take(fetch, have, frame, progress);
    }
    for (const id of answer.value.absent) {
      if (!progress.open.delete(id)) continue;
      progress.failed.set(id, 'the server does not have a part of it');
      progress.steps += 1;
    }
  }

  async #take(
    fetch: Fetch,
    have: ReadonlyMap<ChunkId, number>,
    frame: Frame,
    progress: Progress,
  ): Promise<void> {
    const { id } = frame;
    progress.steps += 1;
    const bytes = frame.encoding === 'raw' ? frame.bytes : await this.#rebuild(fetch, have, frame);
    if (bytes !== null && isChunk(this.#hashing, id, bytes)) {
      progress.open.delete(id);
      if (!(await fetch.accept(id, bytes))) progress.ended = true;
      return;
    }
    const wrong = (progress.wrong.get(id) ?? 0) + 1;
    progress.wrong.set(id, wrong);
    if (wrong < TRIES) return;
    progress.open.delete(id);
    progress.failed.set(id, 'a part of it came with the wrong bytes');
  }

  #rebuild(fetch: Fetch, have: ReadonlyMap<ChunkId, number>, frame: Frame): Promise<Uint8Array | null> {
    return this.#rebuilding.during(0, async () => {
      const delta = decodeDelta(frame.bytes);
      const size = fetch.want.get(frame.id) ?? null;
      if (isInvalidDelta(delta) || size === null) return null;
      const sources = new Map<ChunkId, Uint8Array>();
      let left = MOST_SOURCE_BYTES;
      for (const id of deltaSources(delta)) {
        left -= have.get(id) ?? Number.POSITIVE_INFINITY;
        const bytes = left < 0 ? null : await fetch.source(id);
        if (bytes === null) return null;
        sources.set(id, bytes);
      }
      const rebuilt = applyDelta(delta, size, (id) => sources.get(id) ?? null);
      return rebuilt instanceof Uint8Array ? rebuilt : null;
    });
  }
}

/** Bytes the answer to this may have, about. */
function weight(open: ReadonlyMap<ChunkId, number | null>): number {
  let bytes = 0;
  for (const size of open.values()) bytes += size ?? TYPICAL_CHUNK;
  return Math.min(bytes, LIMITS.packedAnswerBytes);
}
