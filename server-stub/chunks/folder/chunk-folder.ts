/**
 * The folder store as one thread sees it: hash, seal, write, flush; read, unseal, verify. It owns its own segment and
 * large-file folder, and may read everybody's.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ChunkLocation,
  ChunkStat,
  HeapUse,
  PutOutcome,
  ReadOutcome,
  StoredChunk,
} from '../chunk-store.ts';
import { type ChunkPlace, locationOf, placeOf } from './chunk-place.ts';
import { readFully, systemCode, writeFully } from './durable-file.ts';
import { FolderListing } from './folder-listing.ts';
import { LargeFiles } from './large-files.ts';
import { pack, unpack } from './packing.ts';
import { RECORD_HEAD, readRecordHead, tenantHex, writeRecordHead } from './record.ts';
import { type RawRecord, RecordReader } from './record-reader.ts';
import { claimedSize, type DataKey, type Sealed, seal, unseal } from './sealing.ts';
import { reclaimIfEmpty, SegmentFiles, segmentName } from './segment-files.ts';

/** Chunks up to this size share segment files. */
export const SMALL_CHUNK = 256 * 1024;
export const SEGMENT_BYTES = 256 * 1024 * 1024;
const LARGE_AT_ONCE = 4;

export interface ChunkFolderOptions {
  readonly folder: string;
  readonly lane: string;
  readonly segmentBytes: number;
  /** One folder of a store takes all small chunks. */
  readonly appends: boolean;
  /** The chunk id of bytes. */
  readonly idOf: (bytes: Uint8Array) => string;
}

export interface KeyedChunk {
  readonly tenant: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

export class ChunkFolder {
  readonly #segmentFolder: string;
  readonly #largeFolder: string;
  readonly #appends: boolean;
  readonly #segments: SegmentFiles;
  readonly #large: LargeFiles;
  readonly #reader: RecordReader;
  readonly #listing: FolderListing;
  readonly #idOf: (bytes: Uint8Array) => string;
  readonly #keys = new Map<string, readonly DataKey[]>();

  constructor({ folder, lane, segmentBytes, appends, idOf }: ChunkFolderOptions) {
    this.#segmentFolder = join(folder, 'segments');
    this.#largeFolder = join(folder, 'large');
    this.#appends = appends;
    this.#segments = new SegmentFiles(this.#segmentFolder, segmentBytes);
    this.#large = new LargeFiles(this.#largeFolder, lane);
    this.#reader = new RecordReader(this.#segmentFolder, this.#largeFolder);
    this.#listing = new FolderListing(this.#segmentFolder, this.#largeFolder);
    this.#idOf = idOf;
  }

  async open(): Promise<void> {
    if (this.#appends) await this.#segments.open();
    await this.#large.open();
  }

  /** Oldest first; new chunks are sealed with the last. */
  setKeys(tenant: string, keys: readonly DataKey[]): void {
    this.#keys.set(tenant, keys);
  }

  async put(chunks: readonly KeyedChunk[]): Promise<readonly PutOutcome[]> {
    const outcomes = new Array<PutOutcome>(chunks.length).fill({ kind: 'wrong-hash' });
    const small: { readonly index: number; readonly sealed: Sealed }[] = [];
    const large: number[] = [];
    chunks.forEach((chunk, index) => {
      if (chunk.bytes.length > SMALL_CHUNK) large.push(index);
      else if (this.#matches(chunk)) small.push({ index, sealed: this.#seal(chunk) });
    });
    const writeLarge = async () => {
      for (let index = large.shift(); index !== undefined; index = large.shift()) {
        outcomes[index] = await this.#putLarge(chunks[index]!);
      }
    };
    await Promise.all([
      this.#putSmall(small, outcomes),
      ...Array.from({ length: Math.min(LARGE_AT_ONCE, large.length) }, writeLarge),
    ]);
    return outcomes;
  }

  async get(chunks: readonly StoredChunk[]): Promise<readonly ReadOutcome[]> {
    const places = chunks.map((chunk) => placeOf(chunk.location));
    const known = places.filter((place) => place !== null);
    const records = await this.#reader.read(known);
    let next = 0;
    return chunks.map((chunk, i): ReadOutcome => {
      const place = places[i];
      if (!place) return { kind: 'absent' };
      const record = records[next++] ?? null;
      if (record instanceof Error) return { kind: 'failed', why: 'disk-error', detail: record.message };
      return this.#open(chunk, place, record);
    });
  }

  async erase(chunks: readonly StoredChunk[]): Promise<void> {
    const touched = new Set<number>();
    for (const chunk of chunks) {
      const place = placeOf(chunk.location);
      if (place === null || (await this.#headAt(chunk, place)) === null) continue;
      if (place.kind === 'file') await this.#large.erase(place.path);
      else {
        await this.#wipe(place);
        touched.add(place.segment);
      }
    }
    for (const segment of touched) {
      if (segment === this.#segments.newest) continue;
      if (await reclaimIfEmpty(this.#segmentFolder, segment)) await this.#reader.forget(segment);
    }
  }

  async stat(chunk: StoredChunk): Promise<ChunkStat> {
    const place = placeOf(chunk.location);
    const found = place === null ? null : await this.#headAt(chunk, place);
    return found === null
      ? { kind: 'absent' }
      : { kind: 'present', size: found.size, storedBytes: RECORD_HEAD + found.head.length };
  }

  list(after: ChunkLocation | null, limit: number, heap?: string): Promise<readonly StoredChunk[]> {
    return this.#listing.list(after, limit, heap);
  }

  heaps(after: string | null, limit: number): Promise<readonly string[]> {
    return this.#listing.heaps(after, limit, this.#segments.newest);
  }

  heapUse(heap: string): Promise<HeapUse | null> {
    return this.#listing.heapUse(heap);
  }

  async close(): Promise<void> {
    await this.#segments.close();
    await this.#reader.close();
  }

  #matches(chunk: KeyedChunk): boolean {
    return this.#idOf(chunk.bytes) === chunk.id;
  }

  #seal(chunk: KeyedChunk): Sealed {
    const key = this.#keys.get(chunk.tenant)?.at(-1);
    if (key === undefined) throw new Error(`tenant ${chunk.tenant} has no key`);
    return seal(key, tenantHex(chunk.tenant), chunk.id, pack(chunk.bytes));
  }

  async #putSmall(
    small: readonly { readonly index: number; readonly sealed: Sealed }[],
    outcomes: PutOutcome[],
  ): Promise<void> {
    try {
      const places = await this.#segments.append(small.map(({ sealed }) => sealed));
      small.forEach(({ index, sealed }, i) => {
        const place: ChunkPlace = { kind: 'segment', ...places[i]!, length: sealed.head.length };
        outcomes[index] = { kind: 'stored', location: locationOf(place) };
      });
    } catch (cause) {
      for (const { index } of small) outcomes[index] = putFailure(cause);
    }
  }

  async #putLarge(chunk: KeyedChunk): Promise<PutOutcome> {
    if (!this.#matches(chunk)) return { kind: 'wrong-hash' };
    try {
      const sealed = this.#seal(chunk);
      const path = await this.#large.write(sealed);
      return { kind: 'stored', location: locationOf({ kind: 'file', path, length: sealed.head.length }) };
    } catch (cause) {
      return putFailure(cause);
    }
  }

  #open(chunk: StoredChunk, place: ChunkPlace, record: RawRecord): ReadOutcome {
    if (record === null) return { kind: 'absent' };
    const head = readRecordHead(record, 0);
    if (head === null) return { kind: 'damaged', why: 'its head is not readable' };
    if (head.state === 'erased') return { kind: 'absent' };
    if (head.tenant !== tenantHex(chunk.tenant) || head.id !== chunk.id)
      return { kind: 'damaged', why: 'it is another chunk' };
    if (head.length !== place.length || record.length !== RECORD_HEAD + head.length)
      return { kind: 'damaged', why: 'its length differs' };
    const dataKey = this.#keys.get(chunk.tenant)?.find(({ number }) => number === head.keyNumber);
    if (dataKey === undefined) return { kind: 'damaged', why: 'its key is gone' };
    // The seal binds the bytes to the id under which they were hashed when they came: hashing them again adds nothing.
    const payload = unseal(dataKey.key, head, record.subarray(RECORD_HEAD));
    if (payload === null) return { kind: 'damaged', why: 'its seal is broken' };
    const bytes = unpack(payload);
    return bytes === null
      ? { kind: 'damaged', why: 'it does not unpack to its size' }
      : { kind: 'ok', bytes };
  }

  #pathOf(place: ChunkPlace): { readonly path: string; readonly offset: number } {
    return place.kind === 'file'
      ? { path: join(this.#largeFolder, place.path), offset: 0 }
      : { path: join(this.#segmentFolder, segmentName(place.segment)), offset: place.offset };
  }

  /** The head of a live record, if it is this chunk's, and the size it claims. */
  async #headAt(chunk: StoredChunk, place: ChunkPlace) {
    const { path, offset } = this.#pathOf(place);
    const file = await openIfThere(path, 'r');
    if (file === null) return null;
    try {
      const bytes = Buffer.alloc(RECORD_HEAD + 4);
      const filled = await readFully(file, bytes, offset);
      const head = readRecordHead(bytes.subarray(0, filled), 0);
      if (head?.tenant !== tenantHex(chunk.tenant) || head.id !== chunk.id) return null;
      if (head.state === 'erased') return null;
      return { head, size: claimedSize(head, bytes.subarray(RECORD_HEAD, filled)) ?? 0 };
    } finally {
      await file.close();
    }
  }

  /** Overwrites a record of a segment; its head stays, marked, so that the segment can be walked. */
  async #wipe(place: Extract<ChunkPlace, { kind: 'segment' }>): Promise<void> {
    const file = await open(join(this.#segmentFolder, segmentName(place.segment)), 'r+');
    try {
      const bytes = Buffer.alloc(RECORD_HEAD + place.length);
      await readFully(file, bytes.subarray(0, RECORD_HEAD), place.offset);
      const head = readRecordHead(bytes, 0);
      if (head?.length !== place.length) return;
      const wiped = { nonce: Buffer.alloc(12), tag: Buffer.alloc(16) };
      writeRecordHead(bytes, 0, { ...head, state: 'erased', ...wiped });
      await writeFully(file, [bytes], place.offset);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

async function openIfThere(path: string, flags: string) {
  try {
    return await open(path, flags);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}

function putFailure(cause: unknown): PutOutcome {
  const code = systemCode(cause);
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'no-space' : 'disk-error';
  return { kind: 'failed', why, detail: cause instanceof Error ? cause.message : String(cause) };
}
