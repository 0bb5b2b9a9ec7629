/** Where the share stands on a simulated computer, and what is on which side of its border. */
import { RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import type { Machine } from '../machine.ts';
import { below, isOurs } from '../sim-user.ts';
import type { SimNode } from '../volume-node.ts';

/** The folder that carries the mark of a share; null: there is none now. */
export function shareFolderOf({ volume }: Pick<Machine, 'volume'>): string | null {
  for (const node of below(volume.root).slice(1)) {
    if (node.kind !== 'folder' || volume.childOf(node, RESERVED_FOLDER) === undefined) continue;
    const path = volume.pathOf(node);
    if (!isOurs(path)) return path;
  }
  return null;
}

export function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Everything that a user sees there, with its path. */
export function shownOn({ volume }: Machine): readonly (readonly [string, SimNode])[] {
  return below(volume.root)
    .slice(1)
    .map((node) => [volume.pathOf(node), node] as const)
    .filter(([path]) => !isOurs(path));
}
