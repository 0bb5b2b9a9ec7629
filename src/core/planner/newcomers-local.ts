/** Nodes that only this disk has. */
import { sameContent } from '../../protocol/content.ts';
import { nfcKey } from '../names/fold.ts';
import { type LocalNode, type RemoteNode, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import type { Triple } from './decide.ts';
import type { Intent } from './intents.ts';
import { rejoinFolder } from './place-axis.ts';

/** Created here: it becomes one with an equal newcomer at the same place there, or goes up. */
export function comeUp(view: TreeView, { node, local }: Triple): Intent {
  if (!local) throw new Error('come up without a local row');
  const parent = view.local(local.parent);
  if (!parent || parent.condition === 'excluded')
    return { kind: 'wait', node, rule: 'created in a folder that is not synced: waits' };
  if (local.content === null && local.kind !== 'folder')
    return { kind: 'hash', node, rule: 'created here: read it first' };
  const rejoin = rejoinFolder(view, local.parent);
  if (rejoin !== null) return rejoin;
  const there = view.remoteLiveAt(local.parent, local.name);
  if (there && !view.synced(there.node) && !view.local(there.node) && !view.inFlight(there.node)) {
    const bind = { kind: 'bind', node, to: there.node } as const;
    if (there.kind === 'folder' && local.kind === 'folder')
      return { ...bind, rule: 'created at P × another node at P, both folders: merge' };
    if (there.head && sameContent(there.head.content, local.content))
      return { ...bind, rule: 'created at P × another node at P, same content: one node' };
  }
  if (there?.kind === local.kind && isPutBack(view, there))
    return { kind: 'bind', node, to: there.node, rule: 'put back while its deletion is held: the same node' };
  if (!view.synced(local.parent)) {
    const known = view.remote(local.parent);
    if (!known && local.kind !== 'folder')
      return { kind: 'wait', node, rule: 'created here: its folder goes up first' };
    if (view.inFlight(local.parent))
      return { kind: 'wait', node, rule: 'created here: its folder is going up' };
  }
  if (!there) return claimCreate(local, 'created × nothing there: upload');
  if (isComing(view, there)) {
    return claimCreate(
      local,
      'created at P × a node of this disk moved to P: never the same, the later is renamed',
      true,
    );
  }
  if (isSpelledAlike(view, local, there)) {
    return claimCreate(
      local,
      'created at P × a node that stands here at P in another spelling: never the same, the later is renamed',
      true,
    );
  }
  return claimCreate(local, 'created at P × another node at P: the later is renamed, attributed');
}

/** Deleted here, and the deletion waits for the user's yes: what comes back at its place answers the question. */
function isPutBack(view: TreeView, there: RemoteNode): boolean {
  return view.isHeld(there.node) && view.synced(there.node) !== null && view.local(there.node) === null;
}

/** Does it stand on this disk too, but still where it was before it was moved there, or aside? */
function isComing(view: TreeView, there: RemoteNode): boolean {
  const base = view.synced(there.node);
  const local = view.local(there.node);
  return base !== null && local !== null && (local.parked || !samePlace(base, there));
}

/**
 * A name and its twin (NFC, NFD) both stand on this disk, and the server has one name for both: asked for under that name,
 * the newcomer would be taken for the node that it is not, again and again.
 */
function isSpelledAlike(view: TreeView, local: LocalNode, there: RemoteNode): boolean {
  const twin = view.local(there.node);
  return (
    twin !== null && !twin.parked && twin.parent === local.parent && nfcKey(twin.name) === nfcKey(local.name)
  );
}

export function claimCreate({ node, parent, name }: LocalNode, rule: string, aside = false): Intent {
  return { kind: 'create', node, at: { parent, name }, aside, rule };
}
