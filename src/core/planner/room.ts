/** Can a remote node stand on this disk at its place, now? */

import type { NodeId } from '../../protocol/ids.ts';
import { foldKey, nfcKey } from '../names/fold.ts';
import type { LocalNode, RemoteNode } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { isAway } from './away.ts';
import type { Intent } from './intents.ts';

/**
 * `null` when the parent folder is on disk, or comes with this plan, and nothing that stays is in the way. Names that are
 * about to be vacated do not count here: the order of disk operations (or a temporary hop) sees to them.
 */
export function roomFor(view: TreeView, remote: RemoteNode, self: LocalNode | null): Intent | null {
  const { node, parent, name } = remote;
  const trouble = view.nameTrouble(name);
  if (trouble !== null)
    return {
      kind: 'hold',
      node,
      code: 'name-held',
      facts: { detail: trouble },
      rule: 'the name cannot exist on this disk',
    };
  const folder = view.local(parent);
  const blocked = folder ? standingFolder(folder, node) : comingFolder(view, parent, node);
  if (blocked) return blocked;
  const twin = caseTwin(view, remote);
  if (twin)
    return {
      kind: 'hold',
      node,
      code: 'case-twin',
      facts: { other: twin.name },
      rule: 'a case twin stands there and this disk folds case',
    };
  const occupant = view.localAt(parent, name);
  if (!occupant || occupant.node === self?.node) return null;
  return inTheWay(view, occupant, node);
}

function inTheWay(view: TreeView, occupant: LocalNode, node: NodeId): Intent | null {
  switch (occupant.condition) {
    case 'seen':
      if (view.synced(occupant.node)) return null;
      return { kind: 'wait', node, rule: 'its name is taken by something new here: that is compared first' };
    case 'unseen':
      // Nothing names this node when that one goes, or is read: it is looked at again whenever something happened.
      return { kind: 'wait', node, rule: 'what stands at its name could not be observed: waits, reported' };
    case 'excluded':
    case 'leftover':
      return {
        kind: 'hold',
        node,
        code: 'in-the-way',
        facts: {},
        rule: 'something that is not synced stands at its name',
      };
  }
}

function standingFolder({ condition }: LocalNode, node: NodeId): Intent | null {
  if (condition === 'unseen')
    return { kind: 'rest', node, rule: 'its folder could not be observed: waits, reported' };
  if (condition === 'excluded')
    return { kind: 'nothing', node, rule: 'its folder is excluded here: left alone' };
  return null;
}

/** A folder that is new here is made in the same plan, unless something keeps it away, and then also what is in it. */
function comingFolder(view: TreeView, folder: NodeId, node: NodeId): Intent | null {
  const remote = view.remote(folder);
  if (isAway(view, folder)) return { kind: 'rest', node, rule: 'its folder stays online by choice' };
  if (!remote?.live || view.synced(folder))
    return { kind: 'wait', node, rule: 'its folder is not on this disk yet' };
  const room = roomFor(view, remote, null);
  if (room === null) return null;
  return room.kind === 'wait'
    ? { kind: 'wait', node, rule: 'its folder is not on this disk yet' }
    : { kind: 'rest', node, rule: 'its folder is held: it comes with it' };
}

/**
 * On a disk that folds case: the live sibling whose name differs only by case and that has the place, as it stands there
 * already or came earlier. The other one is held (RULES 14).
 */
function caseTwin(view: TreeView, remote: RemoteNode): RemoteNode | null {
  if (!view.foldsCase) return null;
  const key = foldKey(remote.name);
  const own = nfcKey(remote.name);
  const standing = view.localAt(remote.parent, remote.name)?.node;
  for (const sibling of view.remoteLiveChildren(remote.parent)) {
    if (sibling.node === remote.node || foldKey(sibling.name) !== key || nfcKey(sibling.name) === own)
      continue;
    if (isAway(view, sibling.node) && !view.local(sibling.node)) continue;
    if (sibling.node === standing || (standing !== remote.node && sibling.entrySeq < remote.entrySeq))
      return sibling;
  }
  return null;
}
