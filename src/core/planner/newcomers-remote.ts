/** Nodes without a base that the server has. */
import { sameContent } from '../../protocol/content.ts';
import { samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import type { Triple } from './decide.ts';
import type { Intent } from './intents.ts';
import { roomFor } from './room.ts';

/** New there, absent here: it comes down as soon as its folder is there and its name is free. */
export function arrive(view: TreeView, { node, remote }: Triple): Intent {
  if (!remote) throw new Error('arrive without a remote row');
  const occupant = view.localAt(remote.parent, remote.name);
  if (
    occupant &&
    !view.synced(occupant.node) &&
    occupant.condition === 'seen' &&
    !view.remote(occupant.node)
  ) {
    return {
      kind: 'wait',
      node,
      rule: 'created there × something new at its place here: that one is compared first',
    };
  }
  const blocked = roomFor(view, remote, null);
  if (blocked) return blocked;
  if (remote.kind === 'symlink' && !view.handlesSymlinks) {
    return {
      kind: 'hold',
      node,
      code: 'name-held',
      facts: { detail: 'this disk has no symbolic links' },
      rule: 'new there: this disk cannot hold it',
    };
  }
  if (remote.kind === 'folder') return { kind: 'make-folder', node, rule: 'new folder there: make it here' };
  return { kind: 'fetch', node, rule: 'new there: download' };
}

/**
 * Both sides have the id but never agreed: our own creation whose answer was lost, or an apply that a kill cut off
 * before the synced tree was written. Equal: adopt. Otherwise the local one becomes a node of its own: both are kept.
 */
export function returnOf(_: TreeView, { node, local, remote }: Triple): Intent {
  if (!local || !remote) throw new Error('return without rows');
  if (local.kind === 'folder' && remote.kind === 'folder') {
    if (!remote.live && samePlace(local, remote))
      return { kind: 'adopt', node, rule: 'folder here × tombstoned without a base: compared as known' };
    return { kind: 'adopt', node, rule: 'folder on both sides without a base: adopt' };
  }
  if (local.kind !== remote.kind)
    return { kind: 'separate', node, rule: 'other kinds under one id: two nodes' };
  if (local.content === null)
    return { kind: 'hash', node, rule: 'on both sides without a base: read it first' };
  if (remote.head && sameContent(local.content, remote.head.content)) {
    return { kind: 'adopt', node, rule: 'on both sides without a base, same content: adopt' };
  }
  return { kind: 'separate', node, rule: 'on both sides without a base, other content: both are kept' };
}
