/** Packs chunks into bodies and keeps a few of them in flight. */
import { type Frame, frameCost } from '../../protocol/frames.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ChunksStored, ROUTES } from '../../protocol/routes.ts';
import { type Caller, defineCall } from './call.ts';
import type { ServerTrouble } from './server.ts';
import type { Slots } from './slots.ts';

const PUT_CHUNKS = defineCall(ROUTES.putChunks, ChunksStored);

/** Bodies are filled up to this size … */
export const PACK_BYTES = 4 * 1024 * 1024;
/** … or until the deltas in them make the server read and rebuild this much … */
const PACK_WORK = 96 * 1024 * 1024;
/** … and what is larger than this goes alone. */
const ALONE_BYTES = 1024 * 1024;

export class ChunkSender {
  readonly #caller: Caller;
  readonly #slots: Slots;
  readonly #sending = new Set<Promise<void>>();
  readonly #refused = new Map<ChunkId, Frame['encoding']>();
  #pack: Frame[] = [];
  #packBytes = 0;
  #packWork = 0;
  #trouble: ServerTrouble | null = null;

  constructor(caller: Caller, slots: Slots) {
    this.#caller = caller;
    this.#slots = slots;
  }

  /**
   * Takes one frame, with what rebuilding it costs the server; waits while enough is in flight. False once sending has
   * failed.
   */
  async add(frame: Frame, work: number): Promise<boolean> {
    if (frame.bytes.length >= ALONE_BYTES) {
      await this.#send([frame]);
      return this.#trouble === null;
    }
    const cost = frameCost(frame.bytes.length);
    const full = this.#packBytes + cost > PACK_BYTES || this.#packWork + work > PACK_WORK;
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
    let bytes = 0;
    // A body and the chunks in it are in memory together.
    for (const frame of frames) bytes += 2 * frameCost(frame.bytes.length);
    await this.#slots.take(bytes);
    const sending = this.#put(frames).finally(() => {
      this.#slots.give(bytes);
      this.#sending.delete(sending);
    });
    this.#sending.add(sending);
  }

  async #put(frames: readonly Frame[]): Promise<void> {
    if (this.#trouble !== null) return;
    const result = await this.#caller.patient(PUT_CHUNKS, {}, { frames });
    if (result.kind === 'trouble') {
      this.#trouble ??= result;
      return;
    }
    const encodings = new Map(frames.map((frame) => [frame.id, frame.encoding]));
    for (const { id } of result.value.value.refused) {
      const encoding = encodings.get(id);
      if (encoding !== undefined) this.#refused.set(id, encoding);
    }
  }
}
