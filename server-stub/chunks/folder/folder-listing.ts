/** What stands in a chunk folder: every copy in order, and how much of each segment is wanted. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseChunkId } from '../../../src/protocol/ids.ts';
import type { ChunkLocation, HeapUse, StoredChunk } from '../chunk-store.ts';
import { type ChunkPlace, locationOf, placeOf } from './chunk-place.ts';
import { readFully, systemCode } from './durable-file.ts';
import { RECORD_HEAD, type RecordHead, readRecordHead, tenantOf } from './record.ts';
import { segmentName, segmentNumbers, walkSegment } from './segment-files.ts';

const LARGE_FOLDER = /^\d{6,}-[a-z0-9]{1,4}$/;
const HEAP = /^\d{1,15}$/;

export class FolderListing {
  readonly #segments: string;
  readonly #large: string;
  /** A segment that was not written to since it was walked need not be walked again. */
  readonly #walked = new Map<number, HeapUse & { readonly mtimeMs: number }>();

  constructor(segments: string, large: string) {
    this.#segments = segments;
    this.#large = large;
  }

  /** Segments by number and offset, then large files by name. */
  async list(after: ChunkLocation | null, limit: number, heap?: string): Promise<readonly StoredChunk[]> {
    const place = after === null ? null : placeOf(after);
    const found: StoredChunk[] = [];
    if (place?.kind !== 'file') {
      for (const number of await segmentNumbers(this.#segments)) {
        if (found.length >= limit) return found;
        if (number < (place?.segment ?? 0) || (heap !== undefined && String(number) !== heap)) continue;
        await this.#fromSegment(number, place?.segment === number ? place.offset : null, limit, found);
      }
    }
    if (heap === undefined) await this.#fromFiles(place?.kind === 'file' ? place.path : '', limit, found);
    return found;
  }

  /** All but the segment that is being filled. */
  async heaps(after: string | null, limit: number, filling: number): Promise<readonly string[]> {
    const behind = after === null ? -1 : Number(after);
    const numbers = await segmentNumbers(this.#segments);
    return numbers
      .filter((number) => number > behind && number !== filling)
      .slice(0, limit)
      .map(String);
  }

  async heapUse(heap: string): Promise<HeapUse | null> {
    if (!HEAP.test(heap)) return null;
    const number = Number(heap);
    const path = join(this.#segments, segmentName(number));
    const found = await ifThere(stat(path));
    if (found === null) {
      this.#walked.delete(number);
      return null;
    }
    const known = this.#walked.get(number);
    if (known?.mtimeMs === found.mtimeMs) return known;
    let liveBytes = 0;
    const end = await walkSegment(path, (_offset, head) => {
      if (head.state !== 'erased') liveBytes += RECORD_HEAD + head.length;
      return true;
    });
    // What stands behind a head that cannot be read is nobody's to give up.
    const use = { bytes: found.size, liveBytes: liveBytes + found.size - end, mtimeMs: found.mtimeMs };
    this.#walked.set(number, use);
    return use;
  }

  async #fromSegment(number: number, after: number | null, limit: number, found: StoredChunk[]) {
    const path = join(this.#segments, segmentName(number));
    const visit = (offset: number, head: RecordHead): boolean => {
      if (head.state !== 'erased' && offset !== after)
        found.push(copyAt({ kind: 'segment', segment: number, offset, length: head.length }, head));
      return found.length < limit;
    };
    await ifThere(walkSegment(path, visit, after ?? 0));
  }

  async #fromFiles(after: string, limit: number, found: StoredChunk[]): Promise<void> {
    const folders = (await readdir(this.#large)).filter((name) => LARGE_FOLDER.test(name)).sort();
    for (const folder of folders) {
      if (folder < after.split('/')[0]!) continue;
      for (const name of (await readdir(join(this.#large, folder))).sort()) {
        if (found.length >= limit) return;
        const path = `${folder}/${name}`;
        const head = path > after ? await headOf(join(this.#large, path)) : null;
        if (head !== null) found.push(copyAt({ kind: 'file', path, length: head.length }, head));
      }
    }
  }
}

function copyAt(place: ChunkPlace, head: RecordHead): StoredChunk {
  return { tenant: tenantOf(head.tenant), id: parseChunkId(head.id), location: locationOf(place) };
}

async function headOf(path: string): Promise<RecordHead | null> {
  const file = await ifThere(open(path, 'r'));
  if (file === null) return null;
  try {
    const bytes = Buffer.alloc(RECORD_HEAD);
    const filled = await readFully(file, bytes, 0);
    return readRecordHead(bytes.subarray(0, filled), 0);
  } finally {
    await file.close();
  }
}

async function ifThere<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}
