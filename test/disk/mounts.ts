/** Small file systems of our own, where the machine lets us mount. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { freshFolder } from './real-world.ts';

export interface Mount {
  readonly path: string;
  /** False when something still uses it. */
  unmount(): boolean;
  close(): Promise<void>;
}

/** Null where mounting is not allowed. */
export function mountTmpfs(size: string): Promise<Mount | null> {
  return mountAt((path) => ['-t', 'tmpfs', '-o', `size=${size}`, 'tidemark-test', path]);
}

export type ImageKind = 'btrfs' | 'xfs' | 'ntfs';

/** Of NTFS, as Windows has it: names fold case, and those that Windows refuses are refused. */
const RECIPES: Readonly<
  Record<ImageKind, { readonly make: readonly string[]; readonly mount: readonly string[] }>
> = {
  btrfs: { make: ['mkfs.btrfs', '-q'], mount: ['mount', '-o', 'loop'] },
  xfs: { make: ['mkfs.xfs', '-q'], mount: ['mount', '-o', 'loop'] },
  ntfs: { make: ['mkfs.ntfs', '-q', '-F', '-f'], mount: ['lowntfs-3g', '-o', 'ignore_case,windows_names'] },
};

/** What makes file systems is not in the path of everybody who may run it. */
const WITH_ADMIN_TOOLS = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** A file system in a file, or null where it cannot be made or mounted. */
export async function mountImage(kind: ImageKind): Promise<Mount | null> {
  const folder = await freshFolder();
  const image = join(folder, 'image');
  await fs.writeFile(image, '');
  await fs.truncate(image, 350 * 1024 * 1024);
  const { make, mount: how } = RECIPES[kind];
  const [maker = '', ...words] = make;
  const [mounter = '', ...options] = how;
  const made = spawnSync(maker, [...words, image], { env: WITH_ADMIN_TOOLS }).status === 0;
  const mount = made ? await mountAt((path) => [...options, image, path], mounter) : null;
  if (mount === null) {
    await fs.rm(folder, { recursive: true });
    return null;
  }
  const close = async (): Promise<void> => {
    await mount.close();
    await fs.rm(folder, { recursive: true });
  };
  return { ...mount, close };
}

async function mountAt(
  options: (path: string) => readonly string[],
  mounter = 'mount',
): Promise<Mount | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = await freshFolder();
  if (spawnSync(mounter, [...options(path)], { env: WITH_ADMIN_TOOLS }).status !== 0) {
    await fs.rmdir(path);
    return null;
  }
  let there = true;
  const unmount = (): boolean => {
    if (there) there = spawnSync('umount', [path]).status !== 0;
    return !there;
  };
  return {
    path,
    unmount,
    close: async () => {
      if (!unmount()) spawnSync('umount', ['-l', path]);
      await fs.rmdir(path);
    },
  };
}

/** The user's own doing: takes the last byte of the disk. */
export function fill(file: string): void {
  const bytes = Buffer.alloc(64 * 1024);
  try {
    for (;;) appendFileSync(file, bytes);
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC', String(error));
  }
}
