/** Requests to the compiled helper and its answers, packed; the other end is native-helpers/disk/src/wire.hh. */
import { isUtf8 } from 'node:buffer';
import type { DiskEntry, DiskOutcome, Found, Listing, RelPath } from '../environment/disk.ts';
import { codeOf, failed } from './node-disk-errors.ts';
import {
  recordError,
  STAMP_BYTES,
  type StampMaker,
  type StampRecords,
  stampRecords,
} from './node-disk-stamps.ts';

/** Bytes before an operation's own answer: [u32 errno of the batch][u32 0]. */
export const ANSWER_HEAD = 8;

/** Entries decoded before the event loop gets a turn: some milliseconds of work. */
const DECODE_SLICE = 4096;

/** [u32 count][u32 length][NUL-terminated paths], with room for `tail` more bytes at the returned offset. */
export function packPaths(
  paths: readonly RelPath[],
  tail: number,
): { readonly bytes: Buffer; readonly at: number } {
  const text = paths.length === 0 ? '' : `${paths.join('\0')}\0`;
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(8 + length + tail);
  bytes.writeUInt32LE(paths.length, 0);
  bytes.writeUInt32LE(length, 4);
  bytes.write(text, 8);
  return { bytes, at: 8 + length };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function batchError(answer: Uint8Array): number {
  return viewOf(answer).getUint32(0, true);
}

export function foundAt(
  records: StampRecords,
  index: number,
  path: RelPath,
  stamps: StampMaker,
): DiskOutcome<Found> {
  const error = recordError(records, index);
  return error === 0
    ? { kind: 'found', stamp: stamps.fromRecord(records, index) }
    : failed(codeOf(error), path);
}

/** Stamps for each path, or the batch's own failure for all. */
export function decodeStamps(
  answer: Uint8Array,
  paths: readonly RelPath[],
  stamps: StampMaker,
): readonly DiskOutcome<Found>[] {
  const error = batchError(answer);
  if (error !== 0) return paths.map((path) => failed(codeOf(error), path));
  const records = stampRecords(answer, ANSWER_HEAD, paths.length);
  return paths.map((path, index) => foundAt(records, index, path, stamps));
}

/** [u32 count][u32 0][folder stamp][stamps][names, each followed by '/'] */
export async function decodeListing(
  answer: Uint8Array,
  folder: RelPath,
  stamps: StampMaker,
): Promise<DiskOutcome<Listing>> {
  const error = batchError(answer);
  if (error !== 0) return failed(codeOf(error), folder);
  const count = viewOf(answer).getUint32(ANSWER_HEAD, true);
  const records = stampRecords(answer, ANSWER_HEAD + 8, count + 1);
  const names = decodeNames(answer.subarray(ANSWER_HEAD + 8 + (count + 1) * STAMP_BYTES), count);
  const entries: DiskEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    entries.push({ name: names[i] ?? null, stamp: stamps.fromRecord(records, i + 1) });
    if (i % DECODE_SLICE === DECODE_SLICE - 1) await new Promise(setImmediate);
  }
  return { kind: 'listed', folder: stamps.fromRecord(records, 0), entries };
}

/** '/' cannot be part of a name, so the joined names are valid UTF-8 exactly if each is. */
function decodeNames(joined: Uint8Array, count: number): readonly (string | null)[] {
  const bytes = Buffer.from(joined.buffer, joined.byteOffset, joined.byteLength);
  if (isUtf8(bytes)) {
    const names = bytes.toString('utf8').split('/');
    names.pop();
    return names;
  }
  const names: (string | null)[] = [];
  for (let start = 0; names.length < count; ) {
    const end = bytes.indexOf(0x2f, start);
    names.push(strictUtf8(bytes.subarray(start, end)));
    start = end + 1;
  }
  return names;
}

/** Null when the bytes are not valid UTF-8: such a name is never touched, because it could not be written back. */
export function strictUtf8(bytes: Uint8Array): string | null {
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    : null;
}
