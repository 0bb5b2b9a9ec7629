/** Small file systems of our own, where the machine lets us mount. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { freshFolder } from './real-world.ts';

export interface Mount {
  readonly path: string;
  /** False when something still uses it. */
  unmount(): boolean;
  close(): Promise<void>;
}

/** Null where mounting is not allowed. */
export async function mountTmpfs(size: string): Promise<Mount | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = await freshFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tidemark-test', path]);
  if (mounted.status !== 0) {
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
