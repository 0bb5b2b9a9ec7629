/** The cold store as requests see it: what is there cannot always be read at once, and whoever asks is told so. */
import type { ChunkId } from '../../src/protocol/ids.ts';
import type { StoredChunk } from '../chunks/chunk-store.ts';
import { type ChunkSites, siteOf } from '../chunks/sites.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';

/** While its disk is away nobody knows how long it takes; asking again after this is soon enough. */
const AWAY_MS = 60_000;

export interface Asleep {
  readonly ids: ReadonlySet<ChunkId>;
  /** Milliseconds until all of them can be read, as far as that is known. */
  readonly ms: number;
}

const ALL_AWAKE: Asleep = { ids: new Set(), ms: 0 };

export class ColdReading {
  readonly #sites: ChunkSites;
  readonly #delayMs: number;

  constructor(sites: ChunkSites, delayMs: number) {
    this.#sites = sites;
    this.#delayMs = delayMs;
  }

  isReachable(): Promise<boolean> {
    return this.#sites.reachable().then((sites) => sites.includes('cold'));
  }

  /** Those of them that cannot be read yet. Each is asked for from now on, durably and once: it comes back by itself. */
  async asleep(store: MetadataStore, chunks: readonly StoredChunk[], now: number): Promise<Asleep> {
    const cold = chunks.filter(({ location }) => siteOf(location) === 'cold');
    if (cold.length === 0) return ALL_AWAKE;
    const sites = await this.#sites.reachable();
    if (sites.includes('cold'))
      return this.#delayMs === 0 ? ALL_AWAKE : this.#thawing(store, cold, now, true);
    // What has a second copy is read there; of the rest nobody knows more than that it is away.
    const alone = sites.includes('replica') ? await withoutSecond(store, cold) : cold;
    return alone.length === 0 ? ALL_AWAKE : this.#thawing(store, alone, now, false);
  }

  async #thawing(
    store: MetadataStore,
    cold: readonly StoredChunk[],
    now: number,
    isThere: boolean,
  ): Promise<Asleep> {
    const since = await store.read((tx) => Promise.all(cold.map((chunk) => tx.thaw(chunk))));
    const unasked = cold.filter((_, i) => since[i] === null);
    if (unasked.length > 0)
      await store.write(async (tx) => {
        for (const chunk of unasked) await tx.askThaw(chunk, now);
      });
    const ids = new Set<ChunkId>();
    let ms = 0;
    for (const [i, { id }] of cold.entries()) {
      const left = isThere ? (since[i] ?? now) + this.#delayMs - now : AWAY_MS;
      if (left <= 0) continue;
      ids.add(id);
      ms = Math.max(ms, left);
    }
    return { ids, ms };
  }

  /** null: all is well. Otherwise what is wrong, in a few words. */
  async trouble(store: MetadataStore): Promise<string | null> {
    if (await this.isReachable()) return null;
    const { coldChunks } = await store.read(async (tx) => tx.tierFigures());
    return `the cold store cannot be reached; ${coldChunks} chunks are in it`;
  }
}

function withoutSecond(store: MetadataStore, cold: readonly StoredChunk[]): Promise<readonly StoredChunk[]> {
  return store.read(async (tx) => {
    const seconds = await Promise.all(cold.map((chunk) => tx.replica(chunk)));
    return cold.filter((_, i) => seconds[i] === null);
  });
}
