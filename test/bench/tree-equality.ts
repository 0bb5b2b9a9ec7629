/** Are two trees the same: by names and sizes while the clock runs, by every byte once it has stopped. */
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../support/devices.ts';

const PIECE = 2 ** 20;
const FOLDER = -1;

/** True for names that a measured system puts into the trees for itself. */
export type Ignores = (name: string) => boolean;

/** Size by path below the root; folders have -1. What vanishes meanwhile is left out. */
export function sizesOf(root: string, ignores: Ignores): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const open = [''];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    for (const entry of entriesOf(join(root, below))) {
      if (ignores(entry.name)) continue;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      const size = entry.isDirectory()
        ? FOLDER
        : lstatSync(join(root, path), { throwIfNoEntry: false })?.size;
      if (size !== undefined) sizes.set(path, size);
    }
  }
  return sizes;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not there yet: whoever waits looks again.
    return [];
  }
}

function sameSizes(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean {
  if (left.size !== right.size) return false;
  for (const [path, size] of left) if (right.get(path) !== size) return false;
  return true;
}

/**
 * Looks until `b` has the names and sizes of `a` and `quick` agrees. Answers with the moment at which the look that
 * succeeded began, or null after `deadline`. Keeps itself below about a tenth of one core.
 */
export async function whenSameSizes(
  [a, b]: readonly [string, string],
  ignores: Ignores,
  deadline: number,
  quick: () => boolean,
): Promise<number | null> {
  const wanted = sizesOf(a, ignores);
  for (;;) {
    const began = performance.now();
    if (quick() && sameSizes(wanted, sizesOf(b, ignores))) return began;
    if (began > deadline) return null;
    await pause(Math.min(2000, Math.max(20, 9 * (performance.now() - began))));
  }
}

/** The paths at which two trees differ in any way, bytes included. */
export function differencesOf(a: string, b: string, ignores: Ignores): readonly string[] {
  const [left, right] = [sizesOf(a, ignores), sizesOf(b, ignores)];
  const paths = [...new Set([...left.keys(), ...right.keys()])];
  return paths.filter((path) => {
    const size = left.get(path);
    if (size !== right.get(path)) return true;
    return size !== FOLDER && !sameBytes(join(a, path), join(b, path));
  });
}

function sameBytes(left: string, right: string): boolean {
  const files: number[] = [];
  try {
    for (const path of [left, right]) files.push(openSync(path, 'r'));
    const [one, other] = files;
    if (one === undefined || other === undefined) return false;
    for (let at = 0; ; at += PIECE) {
      const [mine, theirs] = [readPiece(one, at), readPiece(other, at)];
      if (!mine.equals(theirs)) return false;
      if (mine.length === 0) return true;
    }
  } catch {
    return false;
  } finally {
    for (const file of files) closeSync(file);
  }
}

const room = new Map<number, Buffer>();

/** The bytes at one place, in a buffer that each descriptor number keeps. */
function readPiece(file: number, at: number): Buffer {
  const buffer = room.get(file) ?? Buffer.alloc(PIECE);
  room.set(file, buffer);
  return buffer.subarray(0, readSync(file, buffer, 0, PIECE, at));
}
