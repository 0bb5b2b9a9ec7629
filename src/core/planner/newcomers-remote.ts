/** Nodes without a base that the server has. */
import { sameContent } from '../../protocol/content.ts';
import type { TreeView } from '../tree/view.ts';
import { isAway } from './away.ts';
import type { Triple } from './decide.ts';
import type { Intent } from './intents.ts';
import { claimCreate } from './newcomers-local.ts';
import { roomFor } from './room.ts';

/** New there, absent here: it comes down as soon as there is room for it. */
export function arrive(view: TreeView, { node, remote }: Triple): Intent {
  if (!remote) throw new Error('arrive without a remote row');
  if (isAway(view, node)) return { kind: 'nothing', node, rule: 'stays online by choice: not fetched' };
  const occupant = view.localAt(remote.parent, remote.name);
  if (occupant?.condition === 'leftover' && remote.kind === 'folder')
    return {
      kind: 'bind',
      node: occupant.node,
      to: node,
      rule: 'new folder there × a leftover one here: one folder',
    };
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
 * Both sides have the id but never agreed: our own creation whose answer was lost. Equal: adopt, and what was done to it
 * since differs from that base. Otherwise it is claimed again: the server knows whether an earlier claim of ours made it
 * (then this is an edit of that) or whether the id is taken by accident (then ours gets a fresh one).
 */
export function returnOf(_: TreeView, { node, local, remote }: Triple): Intent {
  if (!local || !remote) throw new Error('return without rows');
  if (local.kind === 'folder' && remote.kind === 'folder') {
    return { kind: 'adopt', node, rule: 'folder on both sides without a base: adopt' };
  }
  if (local.kind !== 'folder' && local.content === null)
    return { kind: 'hash', node, rule: 'on both sides without a base: read it first' };
  if (remote.head && sameContent(local.content, remote.head.content)) {
    return { kind: 'adopt', node, rule: 'on both sides without a base, same content: adopt' };
  }
  return claimCreate(local, 'on both sides without a base, other content: claimed once more');
}
