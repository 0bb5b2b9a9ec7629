/** What a folder holds, and how two folders differ: names, kinds, bytes, program bits and link targets. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathIn } from '../../core/names/path-parts.ts';

export type Thing =
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly size: number; readonly executable: boolean; readonly hash: string }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'other' };

/** By path below the folder, sorted. Our own reserved folder at the top is left out. */
export type Picture = ReadonlyMap<string, Thing>;

const RESERVED = '.tidemark';

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

async function thingAt(path: string): Promise<Thing | null> {
  try {
    const stat = await lstat(path);
    if (stat.isDirectory()) return { kind: 'folder' };
    if (stat.isSymbolicLink()) return { kind: 'symlink', target: await readlink(path) };
    if (!stat.isFile()) return { kind: 'other' };
    return { kind: 'file', size: stat.size, executable: (stat.mode & 0o100) !== 0, hash: await hashOf(path) };
  } catch (error) {
    // It went away while we looked: whoever compares looks again.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export async function pictureOf(folder: string): Promise<Picture> {
  const things = new Map<string, Thing>();
  const walk = async (below: string): Promise<void> => {
    const names = await readdir(join(folder, below)).catch(() => []);
    for (const name of names.sort()) {
      const path = pathIn(below, name);
      if (path === RESERVED) continue;
      const thing = await thingAt(join(folder, path));
      if (thing === null) continue;
      things.set(path, thing);
      if (thing.kind === 'folder') await walk(path);
    }
  };
  await walk('');
  return things;
}

export function describeThing(thing: Thing | undefined): string {
  if (thing === undefined) return 'nothing';
  switch (thing.kind) {
    case 'file':
      return `a ${thing.executable ? 'program' : 'file'} of ${thing.size} bytes (${thing.hash.slice(0, 8)})`;
    case 'symlink':
      return `a link to ${thing.target}`;
    case 'folder':
      return 'a folder';
    case 'other':
      return 'something else';
  }
}

export interface Difference {
  readonly path: string;
  readonly left: string;
  readonly right: string;
}

/** Empty when both are equal in everything that is synced. */
export function differences(left: Picture, right: Picture): Difference[] {
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  const rows = paths.map((path) => ({
    path,
    left: describeThing(left.get(path)),
    right: describeThing(right.get(path)),
    same: JSON.stringify(left.get(path)) === JSON.stringify(right.get(path)),
  }));
  return rows
    .filter(({ same }) => !same)
    .map(({ path, left: one, right: other }) => ({ path, left: one, right: other }));
}
