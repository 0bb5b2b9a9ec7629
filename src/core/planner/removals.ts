/** Nodes with a base that are gone on one side. */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { type LocalNode, type SyncedNode, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { isAway } from './away.ts';
import { contentHere } from './content-axis.ts';
import type { Triple } from './decide.ts';
import type { Intent } from './intents.ts';
import { claimMove, putDown } from './place-axis.ts';

/** Tombstoned there, still here. A tombstone's head is never older than our base, so ancestry holds by itself. */
export function deletedThere(view: TreeView, { node, local, remote, synced }: Triple): Intent {
  if (!local || !remote || !synced) throw new Error('deleted there without rows');
  if (local.parked) return putDown(view, synced);
  // The place first: an edit brings the node back where it was, perhaps into a folder that is being deleted.
  if (!samePlace(local, synced))
    return claimMove(view, local, remote, 'moved × tombstoned: it returns at my place');
  if (movingAncestor(view, local))
    return {
      kind: 'wait',
      node,
      rule: 'tombstoned there, but a folder above was moved here: that goes first',
    };
  switch (contentHere(local, synced)) {
    case 'unhashed':
      return { kind: 'hash', node, rule: 'tombstoned there, changed here: read it first' };
    case 'edited':
      return { kind: 'edit', node, rule: 'edited × tombstoned: the edit wins, the node returns' };
    case 'touched':
      return { kind: 'adopt', node, rule: 'touched × tombstoned, same content: only the stamp is new' };
    case 'same':
  }
  if (local.kind !== 'folder')
    return { kind: 'trash', node, rule: 'same × tombstoned: into the trash of this device' };
  if (view.hasLocalChildren(node))
    return { kind: 'wait', node, rule: 'folder tombstoned: what is in it goes first' };
  return { kind: 'remove-folder', node, rule: 'same × tombstoned: remove the empty folder' };
}

/** Unknown there since a resync, still here: neither sent again nor deleted without a yes (RULES 26). */
export function forgotten(view: TreeView, { node, local, synced }: Triple): Intent {
  if (!local || !synced) throw new Error('forgotten there without rows');
  // What the user is asked about can be looked at: a question waits for days.
  return local.parked
    ? putDown(view, synced)
    : { kind: 'review', node, rule: 'known here × unknown after a resync: the user is asked' };
}

function movingAncestor(view: TreeView, local: LocalNode): boolean {
  for (let at = local.parent; at !== ROOT_NODE; ) {
    const folder = view.local(at);
    if (!folder) return false;
    const base = view.synced(at);
    if (base && !folder.parked && !samePlace(folder, base)) return true;
    at = folder.parent;
  }
  return false;
}

/** Deleted here, live there. Only the topmost deleted folder speaks for all that went with it. */
export function deletedHere(view: TreeView, { node, remote, synced }: Triple): Intent {
  if (!remote || !synced) throw new Error('deleted here without rows');
  if (view.isLeaving(node) || isAway(view, node))
    return { kind: 'forget', node, rule: 'gone here × stays online by choice: never a delete' };
  if (!samePlace(remote, synced))
    return { kind: 'drop-delete', node, rule: 'deleted × moved: the move wins, the delete is dropped' };
  if (goneAbove(view, synced))
    return { kind: 'nothing', node, rule: 'deleted with its folder: the folder speaks for it' };
  const seen = {
    kind: 'delete',
    node,
    entryRev: remote.entryRev,
    observedSeq: view.cursorSeq,
    leaving: [],
    unapplied: [],
  } as const;
  if (synced.kind !== 'folder') {
    if (remote.head && remote.head.version !== synced.version) {
      return { kind: 'drop-delete', node, rule: 'deleted × new head: the edit wins, the delete is dropped' };
    }
    return { ...seen, files: 1, rule: 'deleted × same: delete with base' };
  }
  const below = survey(view, node);
  if (noteReturns(view, node, below))
    return { kind: 'wait', node, rule: 'deleted: something below is still under way' };
  return { ...seen, ...below, rule: 'deleted folder × same: delete what was seen below' };
}

/** Deleted with a folder above that speaks for it: by its claim, or it is dead there already and the journal will tell. */
function goneAbove(view: TreeView, { parent }: SyncedNode): boolean {
  if (parent === ROOT_NODE || view.local(parent)) return false;
  const remote = view.remote(parent);
  return remote !== null && (!remote.live || view.synced(parent) !== null);
}

/**
 * What was below when both sides agreed, and is there still, may come back: what is dead there and was moved out here counts
 * as leaving. True if something is on its way whose answer may put things into the folder.
 */
function noteReturns(view: TreeView, folder: NodeId, { leaving }: Below): boolean {
  if (view.hasClaimsIn(folder)) return true;
  for (const row of view.syncedBelow(folder)) {
    const isBusy = view.inFlight(row.node) || (row.kind === 'folder' && view.hasClaimsIn(row.node));
    const here = view.local(row.node);
    const isOut = here !== null && !here.parked && !samePlace(here, row);
    const isReturning = isOut && view.remote(row.node)?.live === false;
    if (!(isBusy || isReturning) || !isBelowThere(view, row.node, folder)) continue;
    if (isBusy) return true;
    leaving.push(row.node);
  }
  return false;
}

/** Dead or alive, with all that is between them. */
function isBelowThere(view: TreeView, node: NodeId, folder: NodeId): boolean {
  for (let at: NodeId | undefined = node; at !== undefined && at !== ROOT_NODE; at = view.remote(at)?.parent)
    if (at === folder) return true;
  return false;
}

interface Below {
  /** Nodes that were moved out here but still are below it there. */
  readonly leaving: NodeId[];
  /** Live nodes below that never were on this disk as they are now. */
  readonly unapplied: NodeId[];
  files: number;
}

/** Looks at what is live below, but not into what leaves or stays anyway: that goes with the folder it is in. */
function survey(
  view: TreeView,
  folder: NodeId,
  below: Below = { leaving: [], unapplied: [], files: 0 },
): Below {
  for (const remote of view.remoteLiveChildren(folder)) {
    const base = view.synced(remote.node);
    const here = view.local(remote.node);
    const isKept = view.staysOnline(remote.node) || view.isLeaving(remote.node);
    if (!base || isKept || !samePlace(base, remote) || here?.parked) below.unapplied.push(remote.node);
    else if (here) below.leaving.push(remote.node);
    else if ((remote.head?.version ?? null) !== base.version) below.unapplied.push(remote.node);
    else if (remote.kind === 'folder') survey(view, remote.node, below);
    else below.files += 1;
  }
  return below;
}
