/** Edits: inside a large file (W3), and single small ones (W5). */
import { closeSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pause, until } from '../support/devices.ts';
import type { BenchRun } from './bench-run.ts';
import { Meter } from './meter.ts';
import { ByteStream, plantMany, plantOne } from './trees.ts';

const KIB = 1024;
const MIB = 2 ** 20;
const EDITS = 12;

function bytesAt(path: string, at: number, count: number): Buffer {
  const buffer = Buffer.alloc(count);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, count, at));
  } finally {
    closeSync(file);
  }
}

/** 200 MiB: twelve edits of 1 KiB in place, one byte in front (saved as a new file), 1 MiB at the end. */
export async function largeFileEdits(run: BenchRun): Promise<void> {
  const size = run.scaled(200 * MIB, 16 * MIB);
  const [path, copy] = [join(run.a, 'large.bin'), join(run.b, 'large.bin')];
  await run.firstSync((root) => plantOne(join(root, 'large.bin'), size, 8));
  const fresh = new ByteStream(9);
  const same = (at: number, count: number) => bytesAt(path, at, count).equals(bytesAt(copy, at, count));

  await run.rest();
  const places = Array.from({ length: EDITS }, (_, index) => Math.floor((index * size) / EDITS / KIB) * KIB);
  const file = openSync(path, 'r+');
  for (const place of places) writeSync(file, fresh.take(KIB), 0, KIB, place);
  closeSync(file);
  await run.measure({ step: '12 × 1 KiB', quick: () => places.every((place) => same(place, KIB)) });

  await run.rest();
  const beside = join(run.a, '..', 'large.new');
  insertInFront(path, beside);
  renameSync(beside, path);
  await run.measure({ step: '1 byte in front', quick: () => same(0, KIB) });

  await run.rest();
  const end = openSync(path, 'a');
  writeSync(end, fresh.take(MIB));
  closeSync(end);
  await run.measure({ step: '1 MiB appended', quick: () => same(size + 1, MIB) });
}

function insertInFront(from: string, to: string): void {
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w')];
  writeSync(target, '!');
  const buffer = Buffer.alloc(MIB);
  for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer))
    writeSync(target, buffer, 0, read);
  closeSync(source);
  closeSync(target);
}

/** 1,000 files of 10 KiB; one of them is written anew, again and again, each time once the last edit has arrived. */
export async function smallEdits(run: BenchRun): Promise<void> {
  const forest = { files: run.scaled(1000), folders: run.scaled(10), size: 10 * KIB, seed: 10 };
  await run.firstSync((root) => plantMany(root, forest));
  await run.rest();
  const perFolder = Math.ceil(forest.files / forest.folders);
  const fresh = new ByteStream(11);
  const meter = new Meter(run.system);
  const took: number[] = [];
  for (let edit = 0; edit < run.settings.edits; edit += 1) {
    const name = join('d0000', `f${String(edit % perFolder).padStart(6, '0')}.bin`);
    const bytes = fresh.take(10 * KIB);
    writeFileSync(join(run.a, name), bytes, { flag: 'r+' });
    const start = performance.now();
    took.push((await arrival(join(run.b, name), bytes, run.settings.timeout)) - start);
    await pause(1000);
  }
  const reading = meter.stop();
  const sorted = took.toSorted((one, other) => one - other);
  for (const share of [50, 95, 99]) {
    const milliseconds = sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? 0;
    const note = share === 50 ? `${sorted.length} edits; CPU, memory and wire are of all of them` : '';
    run.emit({
      ...reading,
      step: `one small edit, p${share}`,
      wallSeconds: milliseconds / 1000,
      equal: true,
      note,
    });
  }
}

/** The moment at which a file has these bytes, to 2 ms. */
async function arrival(path: string, bytes: Buffer, timeout: number): Promise<number> {
  const end = performance.now() + timeout * 1000;
  for (;;) {
    try {
      if (readFileSync(path).equals(bytes)) return performance.now();
    } catch {
      // Between two names: looked at again.
    }
    if (performance.now() > end) throw new Error(`an edit of ${path} did not arrive in ${timeout} s`);
    await pause(2);
  }
}

/** Waits for the system's own word that all is done. */
export function whenUpToDate(run: BenchRun): Promise<true> {
  const look = async () => (await run.system.isUpToDate()) || null;
  return until('up to date', look, run.settings.timeout * 1000);
}
