/** Packs chunks into bodies and keeps a few of them in flight. */
import { type Frame, frameCost } from '../../protocol/frames.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ChunksStored, ROUTES } from '../../protocol/routes.ts';
import type { TransportRequest } from '../environment/transport.ts';
import type { Buffers } from './buffers.ts';
import { type Caller, defineCall } from './call.ts';
import type { ServerTrouble } from './server.ts';
import type { Slots } from './slots.ts';

const PUT_CHUNKS = defineCall(ROUTES.putChunks, ChunksStored);

/** Bodies are filled up to this size, or what a slow line takes in a few seconds … */
export const PACK_BYTES = 4 * 1024 * 1024;
/** … or until the deltas in them make the server read and rebuild this much … */
const PACK_WORK = 96 * 1024 * 1024;
/** … and what is larger than this goes alone. */
const ALONE_BYTES = 1024 * 1024;

/** Bytes of a body beside its frames. */
const BODY_EXTRA = 64;

export interface SendParts {
  readonly caller: Caller;
  readonly slots: Slots;
  readonly buffers: Buffers;
}

export function isAlone(frame: Frame): boolean {
  return frame.bytes.length >= ALONE_BYTES;
}

export class ChunkSender {
  readonly #parts: SendParts;
  readonly #onStored: (ids: readonly ChunkId[]) => void;
  readonly #sending = new Set<Promise<void>>();
  readonly #refused = new Map<ChunkId, Frame['encoding']>();
  #pack: Frame[] = [];
  #packBytes = 0;
  #packWork = 0;
  #trouble: ServerTrouble | null = null;

  /** `onStored` hears of chunks that the server took. */
  constructor(parts: SendParts, onStored: (ids: readonly ChunkId[]) => void = () => undefined) {
    this.#parts = parts;
    this.#onStored = onStored;
  }

  /** Sends a large frame; waits while enough is in flight. Its bytes are not needed afterwards. False: sending has failed. */
  async addAlone(frame: Frame): Promise<boolean> {
    await this.#send([frame]);
    return this.#trouble === null;
  }

  /** Takes a small frame, whose bytes have to stay, with what rebuilding it costs the server. False: sending has failed. */
  async addPacked(frame: Frame, work: number): Promise<boolean> {
    const cost = frameCost(frame.bytes.length);
    const most = this.#parts.caller.pace.bodyBytes(PACK_BYTES);
    const full = this.#packBytes + cost > most || this.#packWork + work > PACK_WORK;
    if (full || this.#pack.length >= LIMITS.chunksPerBody) await this.#flush();
    this.#pack.push(frame);
    this.#packBytes += cost;
    this.#packWork += work;
    return this.#trouble === null;
  }

  /** Sends the rest and waits for all answers. Chunks the server did not take are then in `refused`. */
  async finish(): Promise<ServerTrouble | null> {
    await this.#flush();
    await Promise.all(this.#sending);
    return this.#trouble;
  }

  get refused(): ReadonlyMap<ChunkId, Frame['encoding']> {
    return this.#refused;
  }

  async #flush(): Promise<void> {
    const frames = this.#pack;
    if (frames.length === 0) return;
    this.#pack = [];
    this.#packBytes = 0;
    this.#packWork = 0;
    await this.#send(frames);
  }

  async #send(frames: readonly Frame[]): Promise<void> {
    const { caller, slots, buffers } = this.#parts;
    let bytes = BODY_EXTRA;
    for (const frame of frames) bytes += frameCost(frame.bytes.length);
    // First, or what waits for a slow way up would keep downloads from their slots.
    await caller.pace.room(bytes);
    await slots.take(bytes);
    const giveBack = (): void => {
      slots.give(bytes);
      caller.pace.giveBack(bytes);
    };
    if (this.#trouble !== null) {
      giveBack();
      return;
    }
    const room = buffers.lease(bytes);
    const request = caller.request(PUT_CHUNKS, {}, { frames, bodyInto: room });
    const encodings = new Map(frames.map((frame) => [frame.id, frame.encoding]));
    const sending = this.#put(request, encodings, room).finally(() => {
      giveBack();
      this.#sending.delete(sending);
    });
    this.#sending.add(sending);
  }

  async #put(
    request: TransportRequest,
    encodings: ReadonlyMap<ChunkId, Frame['encoding']>,
    room: Uint8Array,
  ): Promise<void> {
    const { caller, buffers } = this.#parts;
    const result = await caller.patient(PUT_CHUNKS, request);
    if (result.kind === 'trouble') {
      this.#trouble ??= result;
      // What did not end well may still be on its way out of this memory.
      buffers.drop();
      return;
    }
    buffers.release(room);
    this.#onStored(result.value.value.stored);
    for (const { id } of result.value.value.refused) {
      const encoding = encodings.get(id);
      if (encoding !== undefined) this.#refused.set(id, encoding);
    }
  }
}
