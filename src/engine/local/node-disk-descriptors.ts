/** Work on open descriptors, the same over the compiled helper and without it. */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { Bytes, DiskOutcome, Done, Found } from '../environment/disk.ts';
import { failedWith } from './node-disk-errors.ts';
import type { StampMaker } from './node-disk-stamps.ts';

export const openDescriptor = promisify(fs.open);
export const truncateDescriptor = promisify(fs.ftruncate);
export const chmodDescriptor = promisify(fs.fchmod);
export const touchDescriptor = promisify(fs.futimes);
export const flushDescriptor = promisify(fs.fsync);
const close = promisify(fs.close);
const read = promisify(fs.read);
const write = promisify(fs.write);

export async function closeDescriptor(fd: number): Promise<void> {
  // What close reports (a delayed write error) was asked for by the flush before; the descriptor is gone either way.
  await close(fd).catch(() => undefined);
}

export function statDescriptor(fd: number): Promise<fs.BigIntStats> {
  return new Promise((resolve, reject) => {
    fs.fstat(fd, { bigint: true }, (error, stats) => {
      if (error === null) resolve(stats);
      else reject(error);
    });
  });
}

export async function stampOf(fd: number, stamps: StampMaker, label: string): Promise<DiskOutcome<Found>> {
  try {
    return { kind: 'found', stamp: stamps.fromStats(await statDescriptor(fd)) };
  } catch (error) {
    return failedWith(error, label);
  }
}

/** Up to `length` bytes; fewer at the end of the file. `into` is used where it is large enough. */
export async function readAt(
  fd: number,
  offset: number,
  length: number,
  label: string,
  into?: Uint8Array,
): Promise<DiskOutcome<Bytes>> {
  const bytes = into !== undefined && into.length >= length ? into : Buffer.allocUnsafeSlow(length);
  let done = 0;
  try {
    while (done < length) {
      const { bytesRead } = await read(fd, bytes, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
  } catch (error) {
    return failedWith(error, label);
  }
  return { kind: 'bytes', bytes: bytes.subarray(0, done) };
}

export async function writeAt(
  fd: number,
  offset: number,
  bytes: Uint8Array,
  label: string,
): Promise<DiskOutcome<Done>> {
  let done = 0;
  try {
    while (done < bytes.length) {
      const { bytesWritten } = await write(fd, bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
  } catch (error) {
    return failedWith(error, label);
  }
  return { kind: 'done' };
}

/** A time as Node takes it: seconds in a double, good to about a microsecond; before 1970 only a Date is taken. */
export function timeOf(ns: bigint): number | Date {
  return ns < 0n ? new Date(Number(ns / 1_000_000n)) : Number(ns / 1000n) / 1e6;
}
