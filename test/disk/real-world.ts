/** Real disks on fresh folders, and a user who works with plain Node beside them. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RESERVED_FOLDER, type RelPath } from '../../src/engine/environment/disk.ts';
import { type NodeDisk, openNodeDisk } from '../../src/engine/local/node-disk.ts';
import { loadHelper } from '../../src/engine/local/node-helper.ts';
import type { DiskWorld, UserHands } from './disk-suite.ts';

export type CallKind = 'native' | 'fallback';

export const CALL_KINDS: readonly CallKind[] =
  loadHelper().kind === 'loaded' ? ['native', 'fallback'] : ['fallback'];

export interface RealWorld extends DiskWorld {
  readonly disk: NodeDisk;
  readonly root: string;
}

export async function freshFolder(base = tmpdir()): Promise<string> {
  return fs.mkdtemp(join(base, 'tidemark-disk-'));
}

export async function realWorld(calls: CallKind, base?: string): Promise<RealWorld> {
  const root = await freshFolder(base);
  const disk = await openNodeDisk({ root, forceFallback: calls === 'fallback' });
  return {
    disk,
    root,
    user: handsIn(root),
    close: async () => {
      await disk.close();
      await fs.rm(root, { recursive: true, force: true });
    },
  };
}

export function handsIn(root: string): UserHands {
  const at = (path: RelPath): string => join(root, path);
  return {
    write: async (path, content, executable = false) => {
      await fs.mkdir(dirname(at(path)), { recursive: true });
      await fs.writeFile(at(path), content);
      if (executable) await fs.chmod(at(path), 0o755);
    },
    read: (path) => fs.readFile(at(path), 'utf8'),
    hold: async (path, purpose) => {
      const descriptor = await fs.open(at(path), purpose === 'writing' ? 'r+' : 'r');
      return () => descriptor.close();
    },
    folder: async (path) => {
      await fs.mkdir(at(path), { recursive: true });
    },
    link: (path, target) => fs.symlink(target, at(path)),
    rename: (from, to) => fs.rename(at(from), at(to)),
    remove: (path) => fs.rm(at(path), { recursive: true }),
    names: async (path) => (await fs.readdir(at(path))).filter((name) => name !== RESERVED_FOLDER).sort(),
  };
}
