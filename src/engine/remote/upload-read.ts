/** Reading the chunks of files again on their way up: each verified by hash, each file looked at before and after. */
import type { ChunkId } from '../../protocol/ids.ts';
import type { Disk, OpenFile, Stamp } from '../environment/disk.ts';
import { type Hashing, SMALL_FILE } from '../environment/hashing.ts';
import { type Buffers, largestSize } from './buffers.ts';
import { isChunk } from './chunk-hash.ts';
import { sameStamp } from './disk-facts.ts';
import type { UploadSource } from './server.ts';

/** One chunk read again. */
export interface ReadChunk {
  readonly source: UploadSource;
  readonly id: ChunkId;
  readonly bytes: Uint8Array;
  /** The bytes are overwritten once the sink is done with them: what is to stay has to be copied. */
  readonly lent: boolean;
}

/** What takes the chunks; `false` ends the reading early. */
export type ChunkSink = (chunk: ReadChunk) => Promise<boolean>;

export interface ReadParts {
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly buffers: Buffers;
}

/** Small files are read so many, and so many bytes, in one go. */
const GROUP_FILES = 512;
const GROUP_BYTES = 4 * 1024 * 1024;

interface Loaded {
  readonly source: UploadSource;
  readonly bytes: Uint8Array | null;
  /** False when the small file could not be read as it was. */
  readonly unchanged: boolean;
}

/**
 * Hands those chunks of `sources` to `sink` for which `wants` says so, in order. Returns the keys of files that are no
 * longer what was hashed, or cannot be read: what is wrong with them is for the next scan to find out.
 */
export async function readChunks(
  parts: ReadParts,
  sources: readonly UploadSource[],
  wants: (id: ChunkId) => boolean,
  sink: ChunkSink,
): Promise<ReadonlySet<number>> {
  const changed = new Set<number>();
  for (const group of groupsOf(sources)) {
    const needed = group.filter((source) => source.manifest.chunks.some((chunk) => wants(chunk.id)));
    for (const { source, bytes, unchanged } of await loadSmall(parts.disk, needed)) {
      let outcome: Reading = 'changed';
      if (bytes !== null) outcome = await fromMemory(parts, source, bytes, wants, sink);
      else if (unchanged) outcome = await fromDisk(parts, source, wants, sink);
      if (outcome === 'changed') changed.add(source.key);
      if (outcome === 'ended') return changed;
    }
  }
  return changed;
}

type Reading = 'whole' | 'changed' | 'ended';

function* groupsOf(sources: readonly UploadSource[]): Generator<readonly UploadSource[]> {
  let group: UploadSource[] = [];
  let bytes = 0;
  for (const source of sources) {
    const size = isSmall(source) ? source.manifest.size : 0;
    if (group.length >= GROUP_FILES || bytes + size > GROUP_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(source);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

function isSmall(source: UploadSource): boolean {
  return source.bytes === null && source.manifest.size <= SMALL_FILE;
}

async function loadSmall(disk: Disk, sources: readonly UploadSource[]): Promise<readonly Loaded[]> {
  const small = sources.filter(isSmall);
  if (small.length === 0) return sources.map((source) => ({ source, bytes: source.bytes, unchanged: true }));
  const read = await disk.readSmall(
    small.map((source) => source.path),
    SMALL_FILE,
  );
  const found = new Map(small.map((source, i) => [source, read[i]]));
  return sources.map((source) => {
    if (!isSmall(source)) return { source, bytes: source.bytes, unchanged: true };
    const outcome = found.get(source);
    const same = outcome?.kind === 'read' && isSame(outcome.stamp, source);
    return { source, bytes: same ? outcome.bytes : null, unchanged: same };
  });
}

async function fromMemory(
  { hashing }: ReadParts,
  source: UploadSource,
  bytes: Uint8Array,
  wants: (id: ChunkId) => boolean,
  sink: ChunkSink,
): Promise<Reading> {
  let offset = 0;
  for (const chunk of source.manifest.chunks) {
    const part = bytes.subarray(offset, offset + chunk.size);
    offset += chunk.size;
    if (!wants(chunk.id)) continue;
    if (!isChunk(hashing, chunk.id, part)) return 'changed';
    if (!(await sink({ source, id: chunk.id, bytes: part, lent: false }))) return 'ended';
  }
  return 'whole';
}

async function fromDisk(
  parts: ReadParts,
  source: UploadSource,
  wants: (id: ChunkId) => boolean,
  sink: ChunkSink,
): Promise<Reading> {
  const opened = await parts.disk.open(source.path);
  if (opened.kind === 'failed') return 'changed';
  try {
    if (!(await unchanged(opened.file, source))) return 'changed';
    const reading = await fromOpenFile(parts, opened.file, source, wants, sink);
    if (reading !== 'whole') return reading;
    return (await unchanged(opened.file, source)) ? 'whole' : 'changed';
  } finally {
    await opened.file.close();
  }
}

async function fromOpenFile(
  { hashing, buffers }: ReadParts,
  file: OpenFile,
  source: UploadSource,
  wants: (id: ChunkId) => boolean,
  sink: ChunkSink,
): Promise<Reading> {
  const room = buffers.lease(largestSize(source.manifest.chunks));
  try {
    let offset = 0;
    for (const { id, size } of source.manifest.chunks) {
      const at = offset;
      offset += size;
      if (!wants(id)) continue;
      const read = await file.read(at, size, room);
      if (read.kind === 'failed' || !isChunk(hashing, id, read.bytes)) return 'changed';
      if (!(await sink({ source, id, bytes: read.bytes, lent: true }))) return 'ended';
    }
    return 'whole';
  } finally {
    buffers.release(room);
  }
}

function isSame(stamp: Stamp, source: UploadSource): boolean {
  return source.stamp !== null && sameStamp(stamp, source.stamp);
}

async function unchanged(file: OpenFile, source: UploadSource): Promise<boolean> {
  const found = await file.stamp();
  return found.kind === 'found' && isSame(found.stamp, source);
}
