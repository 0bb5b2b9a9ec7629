/** Which files are fetched whole and packed, and which are assembled chunk by chunk. Pure. */
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { SMALL_FILE } from '../environment/hashing.ts';
import { FETCH_BYTES } from './download-chunks.ts';
import type { DownloadItem } from './server.ts';

export interface PlannedFile {
  readonly item: DownloadItem;
  readonly manifest: Manifest;
}

/** Files of one and the same chunk: fetched once, staged as often as it is named. */
export interface SharedChunk {
  readonly id: ChunkId;
  readonly size: number;
  readonly files: readonly PlannedFile[];
}

export interface DownloadPlan {
  /** Files without bytes. */
  readonly empty: readonly PlannedFile[];
  /** Small files whose only chunk stands in a small local file. */
  readonly local: readonly PlannedFile[];
  readonly packed: readonly PlannedFile[];
  readonly assembled: readonly PlannedFile[];
}

/** A file up to this size is held in memory whole. */
const WHOLE_FILE = 1024 * 1024;
/** From here on the difference to an old local content is worth a look. */
const WORTH_DELTA = 64 * 1024;
/** Files and bytes that one request may put into staging, however few chunks it fetches. */
const GROUP_FILES = 2048;
const GROUP_STAGED = 2 * FETCH_BYTES;

export function planDownload(files: readonly PlannedFile[]): DownloadPlan {
  const empty: PlannedFile[] = [];
  const local: PlannedFile[] = [];
  const packed: PlannedFile[] = [];
  const assembled: PlannedFile[] = [];
  for (const file of files) {
    const { chunks, size } = file.manifest;
    if (chunks.length === 0) empty.push(file);
    else if (chunks.length > 1 || size > WHOLE_FILE) assembled.push(file);
    else if (placeInSmallFile(file) !== null) local.push(file);
    else if (size > WORTH_DELTA && file.item.reuse.length > 0) assembled.push(file);
    else packed.push(file);
  }
  return { empty, local, packed, assembled };
}

/** Where the only chunk of a small file stands in a local file that is small too. */
export function placeInSmallFile({
  item,
  manifest,
}: PlannedFile): { readonly reuse: number; readonly offset: number } | null {
  const wanted = manifest.chunks[0]!.id;
  for (const [reuse, old] of item.reuse.entries()) {
    if (old.manifest.size > SMALL_FILE) continue;
    let offset = 0;
    for (const chunk of old.manifest.chunks) {
      if (chunk.id === wanted) return { reuse, offset };
      offset += chunk.size;
    }
  }
  return null;
}

/** Requests for small files: each chunk asked for once, however many files are made of it. */
export function* packedGroups(
  files: readonly PlannedFile[],
  most: number,
): Generator<readonly SharedChunk[]> {
  const byChunk = new Map<ChunkId, PlannedFile[]>();
  for (const file of files) {
    const { id } = file.manifest.chunks[0]!;
    const same = byChunk.get(id);
    if (same === undefined) byChunk.set(id, [file]);
    else same.push(file);
  }
  let group: SharedChunk[] = [];
  let fetched = 0;
  let staged = 0;
  let count = 0;
  for (const [id, all] of byChunk) {
    const { size } = all[0]!.manifest;
    for (const same of slices(all, Math.max(1, Math.min(GROUP_FILES, Math.floor(GROUP_STAGED / size))))) {
      const bytes = same.length * size;
      const full = fetched + size > FETCH_BYTES || staged + bytes > GROUP_STAGED;
      if (group.length > 0 && (full || group.length >= most || count + same.length > GROUP_FILES)) {
        yield group;
        group = [];
        fetched = 0;
        staged = 0;
        count = 0;
      }
      group.push({ id, size, files: same });
      fetched += size;
      staged += bytes;
      count += same.length;
    }
  }
  if (group.length > 0) yield group;
}

function* slices<T>(items: readonly T[], length: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += length) yield items.slice(at, at + length);
}
