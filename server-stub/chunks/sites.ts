/**
 * Several chunk stores as one. The first is where chunks arrive; the others stand beside it, and their locations begin
 * with their names. So a row that names a location says by itself where its bytes are, and erasing, reading and listing
 * find their way; which chunk belongs where is decided above.
 */
import { type ChunkLocation, type ChunkStore, parseChunkLocation, type StoredChunk } from './chunk-store.ts';

/** `hot`: where chunks arrive. `cold`: what only old versions use. `replica`: the second copies. */
export const SITES = ['hot', 'cold', 'replica'] as const;
export type SiteName = (typeof SITES)[number];
export type SideSite = Exclude<SiteName, 'hot'>;

/** A store that may be out of reach: a disk that is not there now. */
export interface SideStore extends ChunkStore {
  /** Tries, though not at every call. While it is false, reads and writes fail at once and nothing else may be asked. */
  isThere(): Promise<boolean>;
}

/** A store that is there for as long as the program runs. */
export function alwaysThere(store: ChunkStore): SideStore {
  return {
    isThere: () => Promise.resolve(true),
    put: (chunks) => store.put(chunks),
    get: (chunks) => store.get(chunks),
    erase: (chunks) => store.erase(chunks),
    stat: (chunk) => store.stat(chunk),
    list: (after, limit, heap) => store.list(after, limit, heap),
    heaps: (after, limit) => store.heaps(after, limit),
    heapUse: (heap) => store.heapUse(heap),
    close: () => store.close(),
  };
}

export type SideStores = Readonly<Partial<Record<SideSite, SideStore>>>;

/** As a store it keeps what is put in the hot one, and reads and erases wherever the location says. */
export interface ChunkSites extends ChunkStore {
  /** One of them alone, under the same locations; null: there is none. */
  at(site: SiteName): ChunkStore | null;
  /** Those that can be reached now. */
  reachable(): Promise<readonly SiteName[]>;
}

/** Of a location, or of a heap. */
export function siteOf(name: string): SiteName {
  return SITES.find((site) => site !== 'hot' && name.startsWith(`${site}/`)) ?? 'hot';
}

/** What a location is called in the store of its site. */
export function withinSite(location: ChunkLocation): ChunkLocation {
  const site = siteOf(location);
  return site === 'hot' ? location : parseChunkLocation(location.slice(site.length + 1));
}

export function chunkSites(hot: ChunkStore, sides: SideStores = {}): ChunkSites {
  return new Sites(hot, sides);
}

class Sites implements ChunkSites {
  readonly #stores: ReadonlyMap<SiteName, ChunkStore>;
  readonly #sides: SideStores;

  constructor(hot: ChunkStore, sides: SideStores) {
    this.#sides = sides;
    const stores = new Map<SiteName, ChunkStore>([['hot', hot]]);
    for (const site of ['cold', 'replica'] as const) {
      const side = sides[site];
      if (side !== undefined) stores.set(site, named(site, side));
    }
    this.#stores = stores;
  }

  at(site: SiteName): ChunkStore | null {
    return this.#stores.get(site) ?? null;
  }

  async reachable(): Promise<readonly SiteName[]> {
    const found: SiteName[] = [];
    for (const site of this.#stores.keys()) {
      if (site === 'hot' || (await this.#sides[site]?.isThere()) === true) found.push(site);
    }
    return found;
  }

  put(chunks: Parameters<ChunkStore['put']>[0]) {
    return this.#hot.put(chunks);
  }

  async get(chunks: readonly StoredChunk[]) {
    const bySite = Map.groupBy(chunks.entries(), ([, chunk]) => siteOf(chunk.location));
    const outcomes = new Array<Awaited<ReturnType<ChunkStore['get']>>[number]>(chunks.length);
    await Promise.all(
      [...bySite].map(async ([site, entries]) => {
        const store = this.#stores.get(site);
        const read = await store?.get(entries.map(([, chunk]) => chunk));
        entries.forEach(([index], i) => {
          const none = { kind: 'failed', why: 'disk-error', detail: `there is no ${site} store` } as const;
          outcomes[index] = read?.[i] ?? none;
        });
      }),
    );
    return outcomes;
  }

  async erase(chunks: readonly StoredChunk[]) {
    for (const [site, copies] of Map.groupBy(chunks, ({ location }) => siteOf(location)))
      await this.#required(site).erase(copies);
  }

  stat(chunk: StoredChunk) {
    return this.#required(siteOf(chunk.location)).stat(chunk);
  }

  /** One site after the other; what cannot be reached now is left out. */
  async list(after: ChunkLocation | null, limit: number, heap?: string) {
    const found: StoredChunk[] = [];
    const first = after === null ? 0 : SITES.indexOf(siteOf(after));
    const reachable = await this.reachable();
    for (const site of SITES.slice(first)) {
      if (!reachable.includes(site) || (heap !== undefined && siteOf(heap) !== site)) continue;
      const from = after !== null && siteOf(after) === site ? after : null;
      found.push(...(await this.#required(site).list(from, limit - found.length, heap)));
      if (found.length >= limit) break;
    }
    return found;
  }

  async heaps(after: string | null, limit: number) {
    const found: string[] = [];
    const first = after === null ? 0 : SITES.indexOf(siteOf(after));
    const reachable = await this.reachable();
    for (const site of SITES.slice(first)) {
      if (!reachable.includes(site)) continue;
      const from = after !== null && siteOf(after) === site ? after : null;
      found.push(...(await this.#required(site).heaps(from, limit - found.length)));
      if (found.length >= limit) break;
    }
    return found;
  }

  async heapUse(heap: string) {
    return (await this.at(siteOf(heap))?.heapUse(heap)) ?? null;
  }

  async close() {
    for (const store of this.#stores.values()) await store.close();
  }

  get #hot(): ChunkStore {
    return this.#required('hot');
  }

  #required(site: SiteName): ChunkStore {
    const store = this.#stores.get(site);
    if (store === undefined) throw new Error(`there is no ${site} store`);
    return store;
  }
}

/** The same store, its locations and heaps under the name of the site. */
function named(site: SideSite, store: ChunkStore): ChunkStore {
  const prefix = `${site}/`;
  const outer = (inner: string) => parseChunkLocation(`${prefix}${inner}`);
  const within = (chunk: StoredChunk) => ({ ...chunk, location: withinSite(chunk.location) });
  const heapWithin = (heap: string) => heap.slice(prefix.length);
  return {
    put: async (chunks) =>
      (await store.put(chunks)).map((outcome) =>
        outcome.kind === 'stored' ? { ...outcome, location: outer(outcome.location) } : outcome,
      ),
    get: (chunks) => store.get(chunks.map(within)),
    erase: (chunks) => store.erase(chunks.map(within)),
    stat: (chunk) => store.stat(within(chunk)),
    list: async (after, limit, heap) => {
      const inner = heap === undefined ? undefined : heapWithin(heap);
      const found = await store.list(after === null ? null : withinSite(after), limit, inner);
      return found.map((copy) => ({ ...copy, location: outer(copy.location) }));
    },
    heaps: async (after, limit) =>
      (await store.heaps(after === null ? null : heapWithin(after), limit)).map((heap) => outer(heap)),
    heapUse: (heap) => store.heapUse(heapWithin(heap)),
    close: () => store.close(),
  };
}
