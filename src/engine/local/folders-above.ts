/**
 * The folders above paths that show nothing: is it still the disk of the root that they lie on? A disk that was mounted
 * over one of them hides what stands there, and looks exactly as if it had been deleted.
 */
import { folderOf } from '../../core/names/path-parts.ts';
import type { Disk, RelPath } from '../environment/disk.ts';

export class FoldersAbove {
  private readonly disk: Disk;
  /** Each with all that lie above it, the root included. */
  private readonly folders: readonly RelPath[];
  /** Those that are, or just were, on another disk than the root. */
  private readonly elsewhere = new Set<RelPath>();

  constructor(disk: Disk, paths: readonly (RelPath | null)[]) {
    const folders = new Set<RelPath>(['']);
    for (const path of paths) for (const folder of foldersAbove(path ?? '')) folders.add(folder);
    this.disk = disk;
    this.folders = [...folders];
  }

  async look(): Promise<void> {
    const looks = await this.disk.lookMany(this.folders);
    const [root] = looks;
    const device = root?.kind === 'found' ? root.stamp.device : null;
    this.folders.forEach((folder, i) => {
      const look = looks[i];
      if (look?.kind === 'found' && look.stamp.device !== device) this.elsewhere.add(folder);
    });
  }

  /** The uppermost folder above this path that is on another disk. */
  otherDisk(path: RelPath): RelPath | null {
    return foldersAbove(path).findLast((folder) => this.elsewhere.has(folder)) ?? null;
  }
}

/** From the nearest one up, without the root. */
function foldersAbove(path: RelPath): RelPath[] {
  const folders: RelPath[] = [];
  for (let folder = path === '' ? '' : folderOf(path); folder !== ''; folder = folderOf(folder))
    folders.push(folder);
  return folders;
}
