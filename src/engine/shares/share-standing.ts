/** What stands where a folder of a share should be: its own folder, another one, nothing, or nobody can say. */
import { folderOf } from '../../core/names/path-parts.ts';
import type { Engine } from '../engine.ts';
import type { DiskOutcome, Found, RelPath } from '../environment/disk.ts';

/**
 * `other`: something else, on the disk of the root. `covered`: another disk shows over it, or over a folder above, and hides
 * what stands there; a share is never on another disk than the root. `unknown`: the disk does not answer. In neither of the
 * two is anything gone.
 */
export type FolderStanding = 'ours' | 'other' | 'gone' | 'covered' | 'unknown';

export async function lookAtFolder(
  { parts }: Engine,
  path: RelPath,
  fileId: string | null,
): Promise<FolderStanding> {
  const { disk } = parts.env;
  const folders = ['', ...foldersAbove(path)];
  const first = await disk.lookMany([...folders, path]);
  // Again: another disk may have come or gone meanwhile.
  const looks = [...(await disk.lookMany(folders)), ...first];
  const [root] = looks;
  const last = first.at(-1);
  if (root?.kind !== 'found' || last === undefined) return 'unknown';
  if (looks.some((look) => look.kind === 'found' && look.stamp.device !== root.stamp.device))
    return 'covered';
  if (looks.some((look) => !isAnswer(look))) return 'unknown';
  if (last.kind === 'failed') return 'gone';
  return last.stamp.fileId === fileId ? 'ours' : 'other';
}

/** Can anything be said of this folder, and done in it? */
export async function isOpenFolder(main: Engine, path: RelPath): Promise<boolean> {
  const standing = await lookAtFolder(main, path, null);
  return standing !== 'covered' && standing !== 'unknown';
}

function isAnswer(look: DiskOutcome<Found>): boolean {
  return look.kind === 'found' || look.trouble === 'gone' || look.trouble === 'not-folder';
}

/** Without the root, from the nearest one up. */
function foldersAbove(path: RelPath): readonly RelPath[] {
  const above: RelPath[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) above.push(folder);
  return above;
}
