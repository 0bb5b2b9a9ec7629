/** Where shares stand: which names are free, and whose word counts when device and server say different things. */
import { foldKey } from '../../core/names/fold.ts';
import { pathIn } from '../../core/names/path-parts.ts';
import { checkName, isReservedName } from '../../core/names/valid-name.ts';
import { type NamespaceId, type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { SharePlace } from '../../protocol/shares.ts';
import type { Engine } from '../engine.ts';
import type { RelPath } from '../environment/disk.ts';

export function samePlace(a: SharePlace | null, b: SharePlace | null): boolean {
  return a?.parent === b?.parent && a?.name === b?.name;
}

/** Null: the folder above is not on this disk. */
export function pathOfPlace({ state }: Engine, { parent, name }: SharePlace): RelPath | null {
  const folder = state.pathOf(parent);
  return folder === null ? null : pathIn(folder, name);
}

/** Of a share whose members chose any name at all. */
export function folderNameOf(shareName: string): string {
  const name = shareName.replaceAll(/[/\0]/g, '-');
  return checkName(name).kind === 'ok' ? name : isReservedName(name) ? `Shared ${name.slice(1)}` : 'Shared';
}

/** Is this folder here, to stand in? */
export function isHere({ state }: Engine, parent: NodeId): boolean {
  return (
    parent === ROOT_NODE || (state.local.get(parent)?.kind === 'folder' && state.pathOf(parent) !== null)
  );
}

/** Known to the server under this id: others can find it by it. */
export function isAgreed({ state }: Engine, parent: NodeId): boolean {
  return parent === ROOT_NODE || state.synced.get(parent) !== null;
}

/** The name, or "name (2)" where something has it: here, at the server, or a share. */
export async function freePlace(
  engine: Engine,
  namespace: NamespaceId,
  { parent, name }: SharePlace,
): Promise<SharePlace> {
  for (let number = 1; ; number += 1) {
    const place = { parent, name: number === 1 ? name : `${name} (${number})` };
    if (await isFree(engine, namespace, place)) return place;
  }
}

async function isFree(engine: Engine, namespace: NamespaceId, place: SharePlace): Promise<boolean> {
  return (await standingAt(engine, namespace, place)) === 'free';
}

/** `going`: what has the name is about to leave it, here or at the server. */
export type Standing = 'free' | 'going' | 'stays';

/** What has this name beside the share itself: here, at the server, on the disk, or another share. */
export async function standingAt(
  engine: Engine,
  namespace: NamespaceId,
  place: SharePlace,
): Promise<Standing> {
  const { state, parts } = engine;
  const { parent, name } = place;
  const key = foldKey(name);
  const others = state.mounts.list().filter((each) => each.namespace !== namespace);
  if (others.some((each) => each.place.parent === parent && foldKey(each.place.name) === key)) return 'stays';
  const here = state.local.atFolded(parent, name);
  const there = state.remote.children(parent).filter((each) => each.live && foldKey(each.name) === key);
  if (here !== null || there.length > 0) {
    const isLeaving =
      (here === null || leavesHere(engine, here.node, place)) &&
      there.every(({ node }) => leavesThere(engine, node, place));
    return isLeaving ? 'going' : 'stays';
  }
  const path = pathOfPlace(engine, place);
  // Its folder has gone meanwhile: that shows when it is made.
  if (path === null) return 'free';
  const look = await parts.env.disk.look(path);
  if (look.kind === 'failed') return look.trouble === 'gone' ? 'free' : 'stays';
  // On a disk that folds case it may be the share itself, under another spelling.
  return look.stamp.fileId === state.mounts.get(namespace)?.fileId ? 'free' : 'stays';
}

/** Deleted or moved at the server, and not yet on this disk. */
function leavesHere({ state }: Engine, node: NodeId, { parent, name }: SharePlace): boolean {
  if (state.synced.get(node) === null) return false;
  const row = state.remote.get(node);
  return !row?.live || row.parent !== parent || foldKey(row.name) !== foldKey(name);
}

/** Deleted or moved on this disk, and not yet at the server. */
function leavesThere({ state }: Engine, node: NodeId, { parent, name }: SharePlace): boolean {
  if (state.synced.get(node) === null) return false;
  const row = state.local.get(node);
  return row?.parent !== parent || foldKey(row.name) !== foldKey(name);
}
