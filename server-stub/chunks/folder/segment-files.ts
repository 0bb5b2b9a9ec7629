/**
 * Small chunks live one after the other in segment files, so that 100,000 of them cost a few files and a few flushes.
 * A segment is only ever appended to. What a crash or a failed write left half done at its end was never answered
 * `stored`: the segment is sealed there and a new one begun, nothing is ever written over or cut off.
 */
import { type FileHandle, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder, readFully, writeFully } from './durable-file.ts';
import { GroupFlush } from './group-flush.ts';
import { RECORD_HEAD, type RecordHead, readRecordHead, writeRecordHead } from './record.ts';
import type { Sealed } from './sealing.ts';

const NAME = /^(\d{6,})\.seg$/;
const WALK_WINDOW = 4 * 1024 * 1024;

export interface SegmentPlace {
  readonly segment: number;
  readonly offset: number;
}

interface OpenSegment {
  readonly number: number;
  readonly file: FileHandle;
  readonly flush: GroupFlush;
  end: number;
  writing: number;
  sealed: boolean;
}

export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.seg`;
}

export async function segmentNumbers(folder: string): Promise<readonly number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => {
    const match = NAME.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return numbers.sort((a, b) => a - b);
}

export class SegmentFiles {
  readonly #folder: string;
  readonly #rollAt: number;
  #current: OpenSegment | null = null;
  #beginning: Promise<OpenSegment> | null = null;
  #last = 0;

  constructor(folder: string, rollAt: number) {
    this.#folder = folder;
    this.#rollAt = rollAt;
  }

  /** Finds where to go on. Only a segment that ends in a whole record is appended to. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const last = (await segmentNumbers(this.#folder)).at(-1);
    if (last === undefined) return;
    this.#last = last;
    const path = join(this.#folder, segmentName(last));
    const { size } = await stat(path);
    if (size >= this.#rollAt) return;
    const walked = await walkSegment(path, () => true);
    if (walked === size) this.#current = newSegment(last, await open(path, 'r+'), size);
  }

  /** Appends all, flushes once. Places in order. */
  async append(records: readonly Sealed[]): Promise<readonly SegmentPlace[]> {
    if (records.length === 0) return [];
    const segment = await this.#writable();
    const places: SegmentPlace[] = [];
    const buffers: Uint8Array[] = [];
    const heads = Buffer.allocUnsafe(RECORD_HEAD * records.length);
    const start = segment.end;
    records.forEach(({ head, body }, i) => {
      writeRecordHead(heads, i * RECORD_HEAD, head);
      places.push({ segment: segment.number, offset: segment.end });
      buffers.push(heads.subarray(i * RECORD_HEAD, (i + 1) * RECORD_HEAD), body);
      segment.end += RECORD_HEAD + body.length;
    });
    segment.writing += 1;
    try {
      await writeFully(segment.file, [Buffer.concat(buffers)], start);
      await segment.flush.done();
      return places;
    } catch (cause) {
      // What reached the disk is unknown, and a later flush may claim success for it: never append here again.
      segment.sealed = true;
      throw cause;
    } finally {
      segment.writing -= 1;
      await closeIfDone(segment);
    }
  }

  /** The segment being written; it is never taken away. */
  get newest(): number {
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#beginning?.catch(() => {});
    const segment = this.#current;
    this.#current = null;
    if (segment === null || segment.sealed) return;
    segment.sealed = true;
    await closeIfDone(segment);
  }

  async #writable(): Promise<OpenSegment> {
    const segment = this.#current;
    if (segment !== null && !segment.sealed && segment.end < this.#rollAt) return segment;
    if (segment !== null) {
      this.#current = null;
      segment.sealed = true;
      // What was in it is durable already; whether its handle closes well changes nothing.
      closeIfDone(segment).catch(() => {});
    }
    this.#beginning ??= this.#begin().finally(() => {
      this.#beginning = null;
    });
    return this.#beginning;
  }

  async #begin(): Promise<OpenSegment> {
    this.#last += 1;
    const file = await open(join(this.#folder, segmentName(this.#last)), 'wx', 0o600);
    await flushFolder(this.#folder);
    this.#current = newSegment(this.#last, file, 0);
    return this.#current;
  }
}

function newSegment(number: number, file: FileHandle, end: number): OpenSegment {
  return { number, file, flush: new GroupFlush(() => file.datasync()), end, writing: 0, sealed: false };
}

async function closeIfDone(segment: OpenSegment): Promise<void> {
  if (segment.sealed && segment.writing === 0) await segment.file.close();
}

/**
 * Visits the records from the start (or from one that begins at `start`), until one is answered with false; answers the
 * offset behind the last whole one that was visited.
 */
export async function walkSegment(
  path: string,
  visit: (offset: number, head: RecordHead) => boolean,
  start = 0,
): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const window = Buffer.allocUnsafe(Math.min(WALK_WINDOW, Math.max(size, RECORD_HEAD)));
    let from = start;
    let filled = 0;
    let at = start;
    for (;;) {
      if (at + RECORD_HEAD > from + filled) {
        from = at;
        filled = at + RECORD_HEAD > size ? 0 : await readFully(file, window, from);
        if (filled < RECORD_HEAD) return at;
      }
      const head = readRecordHead(window.subarray(0, filled), at - from);
      if (head === null || at + RECORD_HEAD + head.length > size) return at;
      const goOn = visit(at, head);
      at += RECORD_HEAD + head.length;
      if (!goOn) return at;
    }
  } finally {
    await file.close();
  }
}

/** Takes a segment away once nothing in it is alive and every byte of it is accounted for. */
export async function reclaimIfEmpty(folder: string, number: number): Promise<boolean> {
  const path = join(folder, segmentName(number));
  let live = 0;
  const { size } = await stat(path);
  const walked = await walkSegment(path, (_offset, head) => {
    if (head.state !== 'erased') live += 1;
    return true;
  });
  if (live > 0 || walked !== size) return false;
  await unlink(path);
  await flushFolder(folder);
  return true;
}
