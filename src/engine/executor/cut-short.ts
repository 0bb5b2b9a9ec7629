/**
 * After the power was cut, a file may be empty, shorter than what was agreed on, or no longer what was read of it: its
 * bytes never reached the disk. That is no edit: it is fetched again, never uploaded, and what is there goes to this
 * device's trash (RULES 20).
 */
import { folderOf } from '../../core/names/path-parts.ts';
import type { SyncedNode } from '../../core/tree/nodes.ts';
import { sameContent } from '../../protocol/content.ts';
import type { ManifestId, NodeId } from '../../protocol/ids.ts';
import type { DiskFailure, RelPath, Stamp } from '../environment/disk.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { encodeStamp, isOnlyName, sameBytesLikely } from '../state/stamps.ts';
import type { State } from '../state/state.ts';
import type { Context } from './context.ts';
import { trashName } from './keep-in-trash.ts';

export const CUT_SHORT = 'shorter than what was synced, after the power was cut';
const TORN = 'no longer what was read of it, after the power was cut';

/** What is known when files are looked at after a cut. */
export interface AfterCut {
  /** Their bytes were never said to be on the disk. */
  readonly unflushed: ReadonlySet<NodeId>;
  /** What was read of edits before the cut, where their rows do not tell it any more. */
  readonly read: ReadonlyMap<NodeId, ReadBefore>;
  /** When this device started after the cut, in ms: what changed since then is an edit. Null while nothing can have. */
  readonly startedAt: number | null;
}

/** An edit that nobody else has: what was read of it, and under which stamp. */
export interface ReadBefore {
  readonly manifest: ManifestId;
  readonly stamp: string;
}

export interface SetAside {
  readonly found: number;
  /** Could not be looked at, read or set aside, and why. */
  readonly unseen: ReadonlyMap<NodeId, DiskFailure>;
  /** What was read of those before the cut. */
  readonly read: ReadonlyMap<NodeId, ReadBefore>;
}

interface Known {
  readonly row: ObservedNode;
  readonly synced: SyncedNode;
  readonly path: RelPath;
  readonly edit: ReadBefore | null;
}

interface Unseen extends Known {
  readonly failure: DiskFailure;
}

interface Hurt extends Known {
  readonly name: string;
  readonly stamp: Stamp;
  readonly why: string;
}

/** Looks at these files; what the cut hurt is set aside, so that it comes down again. */
export async function setAside(
  context: Context,
  files: readonly SyncedNode[],
  cut: AfterCut,
): Promise<SetAside> {
  const { state, env } = context;
  const { hurt, unseen } = await findHurt(context, files, cut);
  const moved = await env.disk.toTrash(hurt);
  if (hurt.length > 0) await env.disk.flushFolders([...new Set(hurt.map(({ path }) => folderOf(path)))]);
  const taken: Hurt[] = [];
  for (const [i, each] of hurt.entries()) {
    const outcome = moved[i];
    if (outcome?.kind === 'failed' && !isGone(outcome)) unseen.push({ ...each, failure: outcome });
    if (outcome?.kind !== 'found') continue;
    // Saved between our look and the rename: that goes back to its place, and is an edit.
    const isSaved = !sameBytesLikely(encodeStamp(each.stamp), outcome.stamp);
    if (isSaved && (await env.disk.fromTrash(each.name, each.path)).kind !== 'failed') continue;
    taken.push(each);
  }
  state.transaction(() => {
    for (const { row, synced, path, name, stamp, why } of taken) {
      state.trash.add({ name, node: row.node, path, kind: 'file', version: null, why, at: env.clock.now() });
      context.record(row.node, 'kept', why, `${stamp.size} of ${sizeOf(synced)} bytes`);
      state.local.remove(row.node);
      state.synced.remove(row.node);
    }
  });
  const read = new Map(unseen.flatMap(({ row, edit }) => (edit ? [[row.node, edit] as const] : [])));
  return {
    found: taken.length,
    unseen: new Map(unseen.map(({ row, failure }) => [row.node, failure])),
    read,
  };
}

async function findHurt(
  context: Context,
  files: readonly SyncedNode[],
  cut: AfterCut,
): Promise<{ readonly hurt: readonly Hurt[]; readonly unseen: Unseen[] }> {
  const { state, env } = context;
  const known = files.flatMap((synced): Known[] => {
    const row = state.local.get(synced.node);
    const path = row?.kind === 'file' && row.condition !== 'excluded' ? state.pathOf(row.node) : null;
    return row && path !== null ? [knownAs(row, synced, path, cut)] : [];
  });
  const looks = await env.disk.lookMany(known.map(({ path }) => path));
  const hurt: Hurt[] = [];
  const unseen: Unseen[] = [];
  const unsent: Hurt[] = [];
  for (const [i, there] of known.entries()) {
    const look = looks[i];
    // Also what is gone: another disk may show over its folder, and it comes back as the cut left it.
    if (look?.kind === 'failed') unseen.push({ ...there, failure: look });
    if (look?.kind !== 'found' || look.stamp.kind !== 'file' || isYounger(look.stamp, cut)) continue;
    const { stamp } = look;
    const each = whoseObject(state, there, stamp, cut);
    const name = trashName(env, each.row.node);
    const { row, edit } = each;
    const isRead = edit
      ? edit.stamp === encodeStamp(stamp)
      : row.content !== null && row.stamp === encodeStamp(stamp);
    // Its bytes were never said to be on the disk: what stands there may be any of them, under any stamp.
    if (cut.unflushed.has(row.node) && edit === null) hurt.push({ ...each, name, stamp, why: CUT_SHORT });
    else if (isRead && edit) unsent.push({ ...each, name, stamp, why: TORN });
    // Read before the cut exactly as it is now: nothing was lost.
    else if (!isRead && stamp.size < sizeOf(each.synced)) hurt.push({ ...each, name, stamp, why: CUT_SHORT });
  }
  const torn = await readAgain(context, unsent);
  return { hurt: [...hurt, ...torn.hurt], unseen: [...unseen, ...torn.unread] };
}

function knownAs(row: ObservedNode, synced: SyncedNode, path: RelPath, { read }: AfterCut): Known {
  return { row, synced, path, edit: read.get(row.node) ?? editOf(row, synced) };
}

/**
 * What stands at the path of one may be the object of another: moved there while nobody looked, or before what the state
 * forgot. It is judged as that one's, and says nothing of the one whose path it is.
 */
function whoseObject(state: State, there: Known, stamp: Stamp, cut: AfterCut): Known {
  if (stamp.fileId === there.row.fileId || !isOnlyName(stamp)) return there;
  const row = state.local.byFile(stamp.fileId).find((each) => each.kind === 'file' && !each.parked);
  const synced = row && state.synced.get(row.node);
  // What nobody had agreed on may be what was saved here, by way of a temporary name.
  return row && synced && row.condition !== 'excluded' ? knownAs(row, synced, there.path, cut) : there;
}

/**
 * Edits that were read before the cut, and that nothing had flushed yet: they are read again, as their stamps tell nothing
 * of the bytes under them. Believed, they would be agreed on as what somebody else has whole.
 */
async function readAgain(
  { state, env }: Context,
  unsent: readonly Hurt[],
): Promise<{ readonly hurt: readonly Hurt[]; readonly unread: readonly Unseen[] }> {
  const hurt: Hurt[] = [];
  const unread: Unseen[] = [];
  if (unsent.length === 0) return { hurt, unread };
  const prints = await env.hashing.fingerprint(
    unsent.map(({ path, stamp }) => ({ path, size: stamp.size, wantSignature: false })),
  );
  for (const [i, each] of unsent.entries()) {
    const print = prints[i];
    if (print?.kind === 'fingerprint' && encodeStamp(print.stamp) === each.edit?.stamp) {
      if (print.manifestId !== each.edit.manifest) hurt.push(each);
    } else if (print?.kind === 'failed' && !isGone(print)) unread.push({ ...each, failure: print });
    // Saved meanwhile.
    else state.local.unhash(each.row.node);
  }
  return { hurt, unread };
}

export function isGone({ trouble }: DiskFailure): boolean {
  return trouble === 'gone' || trouble === 'not-folder';
}

/** It changed after this device was started anew. No program can set back that time of a file. */
function isYounger({ ctimeNs }: Stamp, { startedAt }: AfterCut): boolean {
  return startedAt !== null && ctimeNs > BigInt(Math.floor(startedAt)) * 1_000_000n;
}

/** What was read and is not agreed on. */
function editOf({ content, stamp }: ObservedNode, synced: SyncedNode): ReadBefore | null {
  if (content?.kind !== 'file' || sameContent(content, synced.content)) return null;
  return { manifest: content.manifest, stamp };
}

function sizeOf(synced: SyncedNode): number {
  return synced.content?.kind === 'file' ? synced.content.size : 0;
}
