/** Stamps from what the system reports, equal whether they come packed from the compiled helper or from Node. */
import type { BigIntStats } from 'node:fs';
import type { DiskKind, FileId, Stamp } from '../environment/disk.ts';

/** Bytes of one packed stamp; the layout is `StampRecord` in native-helpers/disk/src/stamp.hh. */
export const STAMP_BYTES = 64;

const FORMAT = 0o170000;
const KINDS: ReadonlyMap<number, DiskKind> = new Map<number, DiskKind>([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);
const OWNER_EXECUTES = 0o100;
const HIGH = 2 ** 32;

/** Packed records as two views of the same memory: 32-bit and 64-bit fields. */
export interface StampRecords {
  readonly words: Uint32Array;
  readonly longs: BigInt64Array;
}

export function stampRecords(bytes: Uint8Array, offset: number, count: number): StampRecords {
  const length = count * STAMP_BYTES;
  let start = bytes.byteOffset + offset;
  let { buffer } = bytes;
  if (start % 8 !== 0) {
    buffer = bytes.slice(offset, offset + length).buffer;
    start = 0;
  }
  return {
    words: new Uint32Array(buffer, start, length / 4),
    longs: new BigInt64Array(buffer, start, length / 8),
  };
}

/** The errno of a packed record, 0 when it holds a stamp. */
export function recordError(records: StampRecords, index: number): number {
  return records.words[index * 16]!;
}

/** Turns reports into stamps. One per disk, since whether birth times identify is a property of the file system. */
export class StampMaker {
  /** False once the probe has found that birth times are missing or move: they are then no part of the id. */
  birthTimes = true;
  /** False where every file would show the same bit, or none. */
  executableBits = true;
  #deviceLow = -1;
  #deviceHigh = -1;
  #deviceText = '';

  fromRecord(records: StampRecords, index: number): Stamp {
    const { words, longs } = records;
    const at = index * 16;
    const mode = words[at + 1]!;
    const low = words[at + 6]!;
    const high = words[at + 7]!;
    const device = this.#device(words[at + 2]!, words[at + 3]!);
    const trusted = this.birthTimes && (low !== 0 || high !== 0);
    const birth = trusted ? hex(low, high) : '0';
    const kind = KINDS.get(mode & FORMAT) ?? 'other';
    return {
      kind,
      fileId: `${device}:${hex(words[at + 4]!, words[at + 5]!)}:${birth}` as FileId,
      trusted,
      device,
      size: kind === 'file' || kind === 'symlink' ? words[at + 8]! + words[at + 9]! * HIGH : 0,
      mtimeNs: longs[index * 8 + 5]!,
      ctimeNs: longs[index * 8 + 6]!,
      executable: this.executableBits && kind === 'file' && (mode & OWNER_EXECUTES) !== 0,
      links: words[at + 14]!,
    };
  }

  fromStats(stats: BigIntStats): Stamp {
    const mode = Number(stats.mode);
    const kind = KINDS.get(mode & FORMAT) ?? 'other';
    const trusted = this.birthTimes && stats.birthtimeNs !== 0n;
    const device = stats.dev.toString(16);
    const birth = trusted ? BigInt.asUintN(64, stats.birthtimeNs).toString(16) : '0';
    return {
      kind,
      fileId: `${device}:${stats.ino.toString(16)}:${birth}` as FileId,
      trusted,
      device,
      size: kind === 'file' || kind === 'symlink' ? Number(stats.size) : 0,
      mtimeNs: stats.mtimeNs,
      ctimeNs: stats.ctimeNs,
      executable: this.executableBits && kind === 'file' && (mode & OWNER_EXECUTES) !== 0,
      links: Number(stats.nlink),
    };
  }

  #device(low: number, high: number): string {
    if (low !== this.#deviceLow || high !== this.#deviceHigh) {
      this.#deviceLow = low;
      this.#deviceHigh = high;
      this.#deviceText = hex(low, high);
    }
    return this.#deviceText;
  }
}

function hex(low: number, high: number): string {
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}

/** Nothing about content, metadata or identity differs. */
export function sameState(a: Stamp, b: Stamp): boolean {
  return a.fileId === b.fileId && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
