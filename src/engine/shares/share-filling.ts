/**
 * What is in a folder of the user's own moves into the folder of a share, name by name, as if they had moved it there
 * themselves: a stop between any two names leaves each of them in one of both. The share then takes the folder's place.
 */
import { baseName, folderOf, pathIn } from '../../core/names/path-parts.ts';
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import type { NamespaceId, NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { RESERVED_FOLDER, type RelPath } from '../environment/disk.ts';
import { codeOfTrouble } from '../local/disk-problems.ts';
import type { ShareKeeper } from './share-keeper.ts';
import { pathOfPlace } from './share-places.ts';

/** A folder that was just made, or has just gone, is known to be much sooner. */
const WAIT_MS = 20_000;
const LOOK_MS = 50;

/** A folder whose contents may become those of a share: the user's own, here, with no share in it. */
export function ownFolder({ main }: ShareKeeper, path: RelPath): Answer<NodeId> {
  const { state } = main;
  const node = state.nodeAt(path);
  const isHere = node !== null && state.synced.get(node)?.kind === 'folder' && state.local.get(node) !== null;
  const holdsOne = state.mounts
    .list()
    .map((mount) => pathOfPlace(main, mount.place))
    .some((place) => place === path || place?.startsWith(`${path}/`));
  return isHere && !holdsOne ? ok(node) : refused('no-such-folder', { file: path });
}

/** Answers with where the share stands afterwards. */
export async function fillFrom(
  keeper: ShareKeeper,
  namespace: NamespaceId,
  { path, node }: { readonly path: RelPath; readonly node: NodeId },
): Promise<Answer<RelPath>> {
  const { main } = keeper;
  const { disk } = main.parts.env;
  const into = await folderOfShare(keeper, namespace);
  if (into === null) return refused('share-missing', { share: baseName(path), file: baseName(path) });
  if (!(await main.context.rootIsOurs())) return refused('root-gone', { file: main.parts.account.folder });
  const listing = await disk.list(path);
  if (listing.kind === 'failed')
    return refused(codeOfTrouble(listing.trouble), { file: path, detail: listing.detail });
  mayLeave(main, node);
  for (const { name } of listing.entries) {
    if (name === null || name === RESERVED_FOLDER) continue;
    const [moved] = await disk.move([{ from: pathIn(path, name), to: pathIn(into, name) }]);
    // Gone: the user was quicker, and knows where it is.
    if (moved?.kind === 'failed' && moved.trouble !== 'gone')
      return refused(codeOfTrouble(moved.trouble), { file: pathIn(path, name), detail: moved.detail });
  }
  await disk.flushFolders([into, path]);
  const place = await takePlace(keeper, namespace, { path, node, into });
  return ok(place);
}

/** The user asked for it: what leaves their own files by it is no accident to be asked about. */
function mayLeave({ state, parts }: Engine, node: NodeId): void {
  const at = parts.env.clock.now();
  const nodes = [node, ...state.synced.below(node).map((row) => row.node)];
  state.transaction(() => state.reviews.approve(nodes, 'delete', at));
}

async function folderOfShare(keeper: ShareKeeper, namespace: NamespaceId): Promise<RelPath | null> {
  const { main, running } = keeper;
  const mountNow = () => main.state.mounts.get(namespace);
  const isThere = () => mountNow()?.marked === true && running.has(namespace);
  const mount = (await soon(main, isThere)) ? mountNow() : null;
  return mount && pathOfPlace(main, mount.place);
}

/** False: it has not come about within a time in which it usually does. */
async function soon(main: Engine, isSo: () => boolean): Promise<boolean> {
  const { clock } = main.parts.env;
  const end = clock.monotonic() + WAIT_MS;
  while (!isSo()) {
    if (main.stopping || clock.monotonic() > end) return false;
    await clock.sleep(LOOK_MS);
  }
  return true;
}

interface Emptied {
  readonly path: RelPath;
  readonly node: NodeId;
  readonly into: RelPath;
}

/** Where something stayed behind, the share stays where it is: nothing is wrong with that. */
async function takePlace(
  keeper: ShareKeeper,
  namespace: NamespaceId,
  { path, node, into }: Emptied,
): Promise<RelPath> {
  const { main } = keeper;
  const { disk } = main.parts.env;
  const parent = main.state.local.get(node)?.parent;
  if (parent === undefined || (await disk.removeFolder(path)).kind === 'failed') return into;
  main.scanner.listFolder(parent);
  // Only once it is known to be gone: what stands at its name before would be taken for it, left out by a rule.
  if (!(await soon(main, () => main.state.local.get(node) === null))) return into;
  const [moved] = await disk.move([{ from: into, to: path }]);
  if (moved?.kind !== 'found') return into;
  await disk.flushFolders([folderOf(path), folderOf(into)]);
  keeper.noteSeen({ namespace, place: { parent, name: baseName(path) } });
  return path;
}
