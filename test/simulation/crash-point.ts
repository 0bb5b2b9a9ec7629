/** Where a server loses its power: before a write of its stores is begun, or when it is committed and nobody knows yet. */
import type { ChunkStore } from '../../server-stub/chunks/chunk-store.ts';
import type { MetadataStore } from '../../server-stub/metadata/metadata-store.ts';
import type { Domain } from './clock.ts';

export class CrashPoint {
  readonly #crash: () => void;
  #writes = 0;
  #isBefore = false;

  constructor(crash: () => void) {
    this.#crash = crash;
  }

  /** At the n-th write from now. */
  arm(writes: number, isBefore: boolean): void {
    this.#writes = writes;
    this.#isBefore = isBefore;
  }

  disarm(): void {
    this.#writes = 0;
  }

  async around<T>(domain: Domain, write: () => Promise<T>): Promise<T> {
    if (domain.dead) return never();
    const isNow = this.#writes === 1;
    this.#writes = Math.max(0, this.#writes - 1);
    if (isNow && this.#isBefore) return this.#die();
    const result = await write();
    if (isNow && !domain.dead) return this.#die();
    return domain.dead ? never() : result;
  }

  #die(): Promise<never> {
    // Not at once: this may be a write of the start itself, and what it starts anew must come after it.
    queueMicrotask(() => this.#crash());
    return never();
  }
}

/** What code of a dead process waits for. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

export function mortalStore(store: MetadataStore, domain: Domain, crash: CrashPoint): MetadataStore {
  return {
    write: (fn, durable) => crash.around(domain, () => store.write(fn, durable)),
    read: async (fn) => (domain.dead ? never() : store.read(fn)),
    close: () => store.close(),
  };
}

export function mortalChunks(chunks: ChunkStore, domain: Domain, crash: CrashPoint): ChunkStore {
  return {
    put: (items) => crash.around(domain, () => chunks.put(items)),
    get: (items) => chunks.get(items),
    erase: (items) => crash.around(domain, () => chunks.erase(items)),
    stat: (chunk) => chunks.stat(chunk),
    list: (after, limit, heap) => chunks.list(after, limit, heap),
    heaps: (after, limit) => chunks.heaps(after, limit),
    heapUse: (heap) => chunks.heapUse(heap),
    close: () => chunks.close(),
  };
}
