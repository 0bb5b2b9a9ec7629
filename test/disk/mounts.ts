/** Small file systems of our own, where the machine lets us mount. */
import { spawnSync } from 'node:child_process';
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

/** A file system in a file, or null where it cannot be made or mounted. */
export async function mountImage(kind: 'btrfs' | 'xfs'): Promise<Mount | null> {
  const folder = await freshFolder();
  const image = join(folder, 'image');
  await fs.writeFile(image, '');
  await fs.truncate(image, 350 * 1024 * 1024);
  const made = spawnSync(`mkfs.${kind}`, ['-q', image]).status === 0;
  const mount = made ? await mountAt((path) => ['-o', 'loop', image, path]) : null;
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

async function mountAt(options: (path: string) => readonly string[]): Promise<Mount | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = await freshFolder();
  if (spawnSync('mount', [...options(path)]).status !== 0) {
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
