/**
 * What a kill left between the trash and its list: moved there, and nobody wrote it down; or gone from there, and still
 * listed. Runs at every start, before the first scan.
 */
import { type NodeId, parseNodeId } from '../protocol/ids.ts';
import type { DiskEntry, RelPath, Stamp } from './environment/disk.ts';
import type { Context } from './executor/context.ts';
import { isNodeId } from './executor/staging.ts';
import { sameBytesLikely } from './state/stamps.ts';

/** Why it lies in the trash, as far as it can be told. */
export const UNLISTED = 'found in the trash after a stop';

interface Unlisted {
  readonly name: string;
  readonly stamp: Stamp;
  readonly node: NodeId;
  readonly path: RelPath;
}

export async function settleTrash(context: Context): Promise<void> {
  const { state, env } = context;
  const listed = state.trash.names();
  const unlisted: Unlisted[] = [];
  for (const entry of await env.disk.listTrash()) {
    if (entry.name !== null && listed.delete(entry.name)) continue;
    const item = ofOurs(context, entry);
    if (item !== null && !(await wentBack(context, item))) unlisted.push(item);
  }
  if (listed.size === 0 && unlisted.length === 0) return;
  state.transaction(() => {
    for (const name of listed) state.trash.remove(name);
    for (const { name, stamp, node, path } of unlisted) {
      const isOurDoing = isAgreed(context, node, stamp);
      const version = isOurDoing ? (state.synced.get(node)?.version ?? null) : null;
      const why = UNLISTED;
      const kind = stamp.kind === 'other' ? 'file' : stamp.kind;
      state.trash.add({ name, node, path, kind, version, why, at: env.clock.now() });
      if (isOurDoing) forget(context, node);
    }
  });
}

/**
 * The very object that was agreed on went by our hand: it is not missed. Should the node live again by now, its absence
 * would pass for the user's, and would be a delete for everybody.
 */
function forget({ state }: Context, node: NodeId): void {
  state.local.remove(node);
  state.synced.remove(node);
  state.reviews.forgetApproval(node);
}

/** A name as we give them; whatever else somebody put there is left alone. */
function ofOurs({ state }: Context, { name, stamp }: DiskEntry): Unlisted | null {
  const id = name?.slice(-36) ?? '';
  if (name === null || !isNodeId(id) || !/^[0-9a-z]+-.{36}$/.test(name)) return null;
  const node = parseNodeId(id);
  return { name, stamp, node, path: state.pathOf(node) ?? state.nameOf(node) };
}

function isAgreed({ state }: Context, node: NodeId, stamp: Stamp): boolean {
  const synced = state.synced.get(node);
  return synced !== null && sameBytesLikely(synced.stamp, stamp);
}

/**
 * Saved by the user in front of our removal, and the kill came before that was looked at: it goes back to its place,
 * where it is an edit. What was removed as it was known stays, and so does what has something else at its place.
 */
async function wentBack(context: Context, { name, stamp, node, path }: Unlisted): Promise<boolean> {
  const { state, env } = context;
  const row = state.local.get(node);
  if (row?.kind !== 'file' || row.parked || state.pathOf(node) === null) return false;
  if (sameBytesLikely(row.stamp, stamp)) return false;
  return (await env.disk.fromTrash(name, path)).kind === 'found';
}
