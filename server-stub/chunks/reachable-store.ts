/**
 * A store on a disk that may go away and come back. While it is away its reads and writes fail at once, so that nobody
 * waits for it; now and then it is tried again. It is opened anew then: what was held open may be a disk that is gone.
 */
import type { ServerClock, ServerLog } from '../exchange.ts';
import type { ChunkStore, PutOutcome, ReadOutcome } from './chunk-store.ts';
import type { SideStore } from './sites.ts';

/** Between two tries to reach what is away; and between two looks whether what was reached is still there. */
const AGAIN_MS = 15_000;
const LOOK_MS = 1_000;
/** Longer than any write takes on a disk that is well: then it counts as away. */
const PATIENCE_MS = 20_000;

export interface ReachableParts {
  readonly name: string;
  /** null: it is not there now. */
  readonly open: () => Promise<ChunkStore | null>;
  /** Is what was opened still there? */
  readonly isStill: () => Promise<boolean>;
  readonly clock: ServerClock;
  readonly log: ServerLog;
}

export class StoreAway extends Error {
  constructor(name: string) {
    super(`the ${name} store cannot be reached`);
    this.name = 'StoreAway';
  }
}

export function reachableStore(parts: ReachableParts): SideStore {
  return new ReachableStore(parts);
}

class ReachableStore implements SideStore {
  readonly #parts: ReachableParts;
  #store: ChunkStore | null = null;
  #looked: number | null = null;
  #trying: Promise<boolean> | null = null;
  #closed = false;

  constructor(parts: ReachableParts) {
    this.#parts = parts;
  }

  isThere(): Promise<boolean> {
    const since = this.#looked === null ? Number.POSITIVE_INFINITY : this.#now() - this.#looked;
    if (this.#closed) return Promise.resolve(false);
    if (since < (this.#store === null ? AGAIN_MS : LOOK_MS)) return Promise.resolve(this.#store !== null);
    this.#trying ??= this.#try().finally(() => {
      this.#looked = this.#now();
      this.#trying = null;
    });
    return this.#trying;
  }

  async put(chunks: Parameters<ChunkStore['put']>[0]): Promise<readonly PutOutcome[]> {
    const outcomes = await this.#attempt((store) => store.put(chunks));
    if (outcomes?.some(({ kind }) => kind === 'failed') === true) await this.#away('a write failed');
    return outcomes ?? chunks.map(() => this.#failed());
  }

  async get(chunks: Parameters<ChunkStore['get']>[0]): Promise<readonly ReadOutcome[]> {
    const outcomes = await this.#attempt((store) => store.get(chunks));
    return outcomes ?? chunks.map(() => this.#failed());
  }

  erase: ChunkStore['erase'] = (chunks) => this.#demand((store) => store.erase(chunks));
  stat: ChunkStore['stat'] = (chunk) => this.#demand((store) => store.stat(chunk));
  list: ChunkStore['list'] = (...asked) => this.#demand((store) => store.list(...asked));
  heaps: ChunkStore['heaps'] = (...asked) => this.#demand((store) => store.heaps(...asked));
  heapUse: ChunkStore['heapUse'] = (heap) => this.#demand((store) => store.heapUse(heap));

  async close(): Promise<void> {
    this.#closed = true;
    await this.#trying;
    const store = this.#store;
    this.#store = null;
    await store?.close();
  }

  #now(): number {
    return this.#parts.clock.monotonic();
  }

  #failed() {
    return { kind: 'failed', why: 'disk-error', detail: new StoreAway(this.#parts.name).message } as const;
  }

  async #demand<T>(work: (store: ChunkStore) => Promise<T>): Promise<T> {
    const store = (await this.isThere()) ? this.#store : null;
    if (store === null) throw new StoreAway(this.#parts.name);
    return work(store);
  }

  /** null: it is not there, or does not answer in time. */
  async #attempt<T>(work: (store: ChunkStore) => Promise<T>): Promise<T | null> {
    const store = (await this.isThere()) ? this.#store : null;
    if (store === null) return null;
    const enough = new AbortController();
    const late = this.#parts.clock.sleep(PATIENCE_MS, enough.signal).then(() => null);
    // What comes after all is a copy that no row names: it is found and erased as such.
    const done = await Promise.race([work(store), late]).finally(() => enough.abort());
    if (done === null) await this.#away('it does not answer');
    return done;
  }

  async #try(): Promise<boolean> {
    const { open, isStill, log, name } = this.#parts;
    try {
      if (this.#store !== null && (await isStill())) return true;
      if (this.#store !== null) await this.#away('its folder is gone');
      this.#store = await open();
    } catch (cause) {
      log('warn', 'a chunk store cannot be opened', { store: name, cause: String(cause) });
    }
    if (this.#store !== null) log('info', 'a chunk store is there', { store: name });
    return this.#store !== null;
  }

  async #away(why: string): Promise<void> {
    const store = this.#store;
    this.#store = null;
    this.#looked = this.#now();
    if (store === null) return;
    this.#parts.log('warn', 'a chunk store is away', { store: this.#parts.name, why });
    // Not waited for: a disk that hangs would hold up whoever noticed.
    store.close().catch(() => {});
  }
}
