/** Reads records back. Neighbours in a segment are fetched with one read: chunks stored together are read together. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkPlace } from './chunk-place.ts';
import { readFully, systemCode } from './durable-file.ts';
import { RECORD_HEAD } from './record.ts';
import { segmentName } from './segment-files.ts';

const GAP = 16 * 1024;
const SPAN = 1024 * 1024;
const OPEN_SEGMENTS = 32;

/** Head and what follows it; `null` where no such file or not as many bytes are. */
export type RawRecord = Buffer | null;

type SegmentPlace = Extract<ChunkPlace, { kind: 'segment' }>;
interface Wanted {
  readonly place: SegmentPlace;
  readonly index: number;
}

export class RecordReader {
  readonly #segments: string;
  readonly #large: string;
  readonly #open = new Map<number, { readonly handle: Promise<FileHandle>; users: number }>();

  constructor(segments: string, large: string) {
    this.#segments = segments;
    this.#large = large;
  }

  /** Results in order; one that cannot be read at all is an Error in its place. */
  async read(places: readonly ChunkPlace[]): Promise<readonly (RawRecord | Error)[]> {
    const results = new Array<RawRecord | Error>(places.length).fill(null);
    const bySegment = new Map<number, Wanted[]>();
    const jobs: Promise<void>[] = [];
    places.forEach((place, index) => {
      if (place.kind === 'segment') {
        const list = bySegment.get(place.segment) ?? [];
        bySegment.set(place.segment, list);
        list.push({ place, index });
      } else {
        jobs.push(
          this.#readFile(place.path, place.length).then(
            (raw) => {
              results[index] = raw;
            },
            (cause: unknown) => {
              results[index] = asError(cause);
            },
          ),
        );
      }
    });
    for (const [segment, wanted] of bySegment) jobs.push(this.#readSegment(segment, wanted, results));
    await Promise.all(jobs);
    return results;
  }

  async close(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    for (const { handle } of handles) await handle.then((file) => file.close()).catch(() => {});
  }

  /** Forgets a segment that was taken away. */
  async forget(segment: number): Promise<void> {
    const entry = this.#open.get(segment);
    if (entry === undefined) return;
    this.#open.delete(segment);
    if (entry.users === 0) await entry.handle.then((file) => file.close()).catch(() => {});
  }

  async #readSegment(segment: number, wanted: Wanted[], results: (RawRecord | Error)[]): Promise<void> {
    const entry = this.#acquire(segment);
    try {
      const file = await entry.handle;
      await Promise.all(spansOf(wanted).map((span) => readSpan(file, span, results)));
    } catch (cause) {
      const missing = systemCode(cause) === 'ENOENT';
      for (const { index } of wanted) results[index] = missing ? null : asError(cause);
      this.#open.delete(segment);
    } finally {
      await this.#release(segment, entry);
    }
  }

  #acquire(segment: number) {
    const known = this.#open.get(segment);
    const entry = known ?? {
      handle: open(join(this.#segments, segmentName(segment)), 'r'),
      users: 0,
    };
    entry.users += 1;
    // Most recently used last.
    this.#open.delete(segment);
    this.#open.set(segment, entry);
    return entry;
  }

  async #release(segment: number, entry: { readonly handle: Promise<FileHandle>; users: number }) {
    entry.users -= 1;
    if (this.#open.get(segment) !== entry && entry.users === 0) await closeQuietly(entry.handle);
    for (const [number, old] of this.#open) {
      if (this.#open.size <= OPEN_SEGMENTS) break;
      if (old.users > 0) continue;
      this.#open.delete(number);
      await closeQuietly(old.handle);
    }
  }

  async #readFile(path: string, length: number): Promise<RawRecord> {
    let file: FileHandle;
    try {
      file = await open(join(this.#large, path), 'r');
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return null;
      throw cause;
    }
    try {
      const buffer = Buffer.allocUnsafeSlow(RECORD_HEAD + length);
      const filled = await readFully(file, buffer, 0);
      return buffer.subarray(0, filled);
    } finally {
      await file.close();
    }
  }
}

interface Span {
  readonly start: number;
  end: number;
  readonly wanted: Wanted[];
}

function spansOf(wanted: Wanted[]): readonly Span[] {
  const spans: Span[] = [];
  for (const want of wanted.sort((a, b) => a.place.offset - b.place.offset)) {
    const end = want.place.offset + RECORD_HEAD + want.place.length;
    const last = spans.at(-1);
    if (last && want.place.offset - last.end <= GAP && end - last.start <= SPAN) {
      last.end = Math.max(last.end, end);
      last.wanted.push(want);
    } else {
      spans.push({ start: want.place.offset, end, wanted: [want] });
    }
  }
  return spans;
}

async function readSpan(file: FileHandle, span: Span, results: (RawRecord | Error)[]): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(span.end - span.start);
  const filled = await readFully(file, buffer, span.start);
  for (const { place, index } of span.wanted) {
    const from = place.offset - span.start;
    const to = Math.min(from + RECORD_HEAD + place.length, filled);
    results[index] = to > from ? buffer.subarray(from, to) : null;
  }
}

function closeQuietly(handle: Promise<FileHandle>): Promise<void> {
  return handle.then((file) => file.close()).catch(() => {});
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
