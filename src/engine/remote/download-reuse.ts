/** Local files whose bytes may stand for parts of a file to fetch: where to copy from, and what deltas may refer to. */
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Disk, OpenFile, RelPath } from '../environment/disk.ts';
import type { Hashing } from '../environment/hashing.ts';
import { isChunk } from './chunk-hash.ts';
import { Neighbourhood } from './nearby.ts';
import type { DownloadItem } from './server.ts';

interface Source {
  readonly path: RelPath;
  readonly offset: number;
  readonly size: number;
}

/** Neighbouring places of the new file that stand next to each other in one old file too, or (`null`) in none. */
export interface Run<Place> {
  readonly source: Source | null;
  readonly places: readonly Place[];
}

/** Copies longer than this are made in parts, so that other work gets its turn. */
const LONGEST_COPY = 64 * 1024 * 1024;
/** Old chunks offered for each new one, and their bytes for all of one request: the server has to read them. */
const NEAR = 3;
const NEARBY_BYTES = 48 * 1024 * 1024;
/** Old files that are searched for neighbours of missing chunks. */
const COMPARED = 2;

export class ReusedFiles {
  readonly #disk: Disk;
  readonly #hashing: Hashing;
  readonly #sources = new Map<ChunkId, Source>();
  readonly #neighbourhoods: readonly Neighbourhood[];
  /** The one old file that is open for reading sources. */
  #open: { readonly path: RelPath; readonly file: OpenFile } | null = null;

  constructor(disk: Disk, hashing: Hashing, reuse: DownloadItem['reuse'], manifest: Manifest) {
    this.#disk = disk;
    this.#hashing = hashing;
    for (const { path, manifest: old } of reuse) {
      let offset = 0;
      for (const { id, size } of old.chunks) {
        if (!this.#sources.has(id)) this.#sources.set(id, { path, offset, size });
        offset += size;
      }
    }
    this.#neighbourhoods = reuse
      .slice(0, COMPARED)
      .map((old) => new Neighbourhood(manifest.chunks, old.manifest.chunks));
  }

  get any(): boolean {
    return this.#sources.size > 0;
  }

  /** All places in order, cut into runs that one copy serves. */
  *runs<Place extends { readonly id: ChunkId; readonly offset: number; readonly size: number }>(
    places: readonly Place[],
  ): Generator<Run<Place>> {
    let run: { source: Source; places: Place[]; length: number } | null = null;
    const others: Place[] = [];
    for (const place of places) {
      const source = this.#sources.get(place.id);
      if (source === undefined) {
        others.push(place);
        continue;
      }
      const before: Place | undefined = run?.places.at(-1);
      const joins =
        run !== null &&
        before !== undefined &&
        before.offset + before.size === place.offset &&
        run.source.path === source.path &&
        run.source.offset + run.length === source.offset &&
        run.length + place.size <= LONGEST_COPY;
      if (run !== null && joins) {
        run.places.push(place);
        run.length += place.size;
        continue;
      }
      if (run !== null) yield run;
      run = { source, places: [place], length: place.size };
    }
    if (run !== null) yield run;
    if (others.length > 0) yield { source: null, places: others };
  }

  /** Old chunks that the new ones at these indexes were probably made from: the likeliest of each before the second of any. */
  nearby(indexes: readonly number[]): ReadonlyMap<ChunkId, number> {
    const lists = indexes.flatMap((index) => this.#neighbourhoods.map((old) => old.near(index, NEAR)));
    const found = new Map<ChunkId, number>();
    let bytes = 0;
    for (let rank = 0; rank < NEAR; rank += 1) {
      for (const list of lists) {
        const id = list[rank];
        if (id === undefined || found.has(id) || found.size >= LIMITS.deltaSources) continue;
        const { size } = this.#sources.get(id)!;
        if (bytes + size > NEARBY_BYTES) continue;
        found.set(id, size);
        bytes += size;
      }
    }
    return found;
  }

  /** The bytes of an old chunk, if they are still what they were. */
  async read(id: ChunkId): Promise<Uint8Array | null> {
    const source = this.#sources.get(id);
    if (source === undefined) return null;
    const file = await this.#opened(source.path);
    const read = await file?.read(source.offset, source.size);
    return read?.kind === 'bytes' && isChunk(this.#hashing, id, read.bytes) ? read.bytes : null;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.file.close();
  }

  /** One at a time: callers come one by one, since deltas are rebuilt one by one. */
  async #opened(path: RelPath): Promise<OpenFile | null> {
    if (this.#open?.path === path) return this.#open.file;
    await this.close();
    const opened = await this.#disk.open(path);
    if (opened.kind === 'failed') return null;
    this.#open = { path, file: opened.file };
    return opened.file;
  }
}
