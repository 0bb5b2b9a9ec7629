/** Nodes with a base that are gone on one side. */
import { sameContent } from '../../protocol/content.ts';
import type { NodeId } from '../../protocol/ids.ts';
import { ROOT_NODE } from '../../protocol/ids.ts';
import { type LocalNode, type SyncedNode, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import type { Triple } from './decide.ts';
import type { Intent } from './intents.ts';

/** Tombstoned there, still here. A tombstone's head is never older than our base, so ancestry holds by itself. */
export function deletedThere(view: TreeView, { node, local, synced }: Triple): Intent {
  if (!local || !synced) throw new Error('deleted there without rows');
  if (local.kind !== 'folder') {
    if (local.content === null)
      return { kind: 'hash', node, rule: 'tombstoned there, changed here: read it first' };
    if (!sameContent(local.content, synced.content)) {
      return { kind: 'edit', node, rule: 'edited × tombstoned: the edit wins, the node returns' };
    }
  }
  if (!local.parked && !samePlace(local, synced))
    return { kind: 'move', node, rule: 'moved × tombstoned: it returns at my place' };
  if (movingAncestor(view, local))
    return {
      kind: 'wait',
      node,
      rule: 'tombstoned there, but a folder above was moved here: that goes first',
    };
  if (local.kind !== 'folder')
    return { kind: 'trash', node, rule: 'same × tombstoned: into the trash of this device' };
  if (view.hasLocalChildren(node))
    return { kind: 'wait', node, rule: 'folder tombstoned: what is in it goes first' };
  return { kind: 'remove-folder', node, rule: 'same × tombstoned: remove the empty folder' };
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
  if (!samePlace(remote, synced))
    return { kind: 'drop-delete', node, rule: 'deleted × moved: the move wins, the delete is dropped' };
  if (goneAbove(view, synced))
    return { kind: 'nothing', node, rule: 'deleted with its folder: the folder speaks for it' };
  if (synced.kind !== 'folder') {
    if (remote.head && remote.head.version !== synced.version) {
      return { kind: 'drop-delete', node, rule: 'deleted × new head: the edit wins, the delete is dropped' };
    }
    return {
      kind: 'delete',
      node,
      leaving: [],
      unapplied: [],
      files: 1,
      rule: 'deleted × same: delete with base',
    };
  }
  const below = survey(view, node);
  if (below.busy) return { kind: 'wait', node, rule: 'deleted: something below is still under way' };
  return {
    kind: 'delete',
    node,
    leaving: below.leaving,
    unapplied: below.unapplied,
    files: below.files,
    rule: 'deleted folder × same: delete what was seen below',
  };
}

/** True when a folder above was deleted here too and still stands where it was there, so that its claim covers this node. */
function goneAbove(view: TreeView, synced: SyncedNode): boolean {
  if (synced.parent === ROOT_NODE || view.local(synced.parent)) return false;
  const base = view.synced(synced.parent);
  const remote = view.remote(synced.parent);
  return base !== null && remote !== null && remote.live;
}

interface Below {
  /** Nodes that were moved out here but still are below it there. */
  readonly leaving: NodeId[];
  /** Live nodes below that never were on this disk as they are now. */
  readonly unapplied: NodeId[];
  files: number;
  busy: boolean;
}

/** Looks at what is live below, but not into what leaves or stays anyway: that goes with the folder it is in. */
function survey(
  view: TreeView,
  folder: NodeId,
  below: Below = { leaving: [], unapplied: [], files: 0, busy: false },
): Below {
  for (const remote of view.remoteLiveChildren(folder)) {
    const base = view.synced(remote.node);
    const head = remote.head?.version ?? null;
    if (view.inFlight(remote.node)) below.busy = true;
    if (!base || !samePlace(base, remote) || (!view.local(remote.node) && head !== base.version))
      below.unapplied.push(remote.node);
    else if (view.local(remote.node)) below.leaving.push(remote.node);
    else if (remote.kind === 'folder') survey(view, remote.node, below);
    else below.files += 1;
  }
  return below;
}
