/** What stays online by the user's choice, by where it stands on the server. */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { IGNORE_FILE } from '../ignore/rules.ts';
import { type LocalNode, type SyncedNode, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { contentHere } from './content-axis.ts';
import type { Intent } from './intents.ts';

/** Does it stay online, by itself or with a folder above it there? */
export function isAway(view: TreeView, node: NodeId): boolean {
  if (!view.someStayOnline) return false;
  for (let at = node, steps = 0; at !== ROOT_NODE && steps < 1024; steps += 1) {
    if (view.staysOnline(at)) return true;
    const remote = view.remote(at);
    if (!remote) return false;
    at = remote.parent;
  }
  return false;
}

/** Others moved it to where nothing stands here, as that stays online: it goes there when it is what the server holds. */
export function followAway(view: TreeView, local: LocalNode, synced: SyncedNode): Intent {
  const { node } = local;
  const wait = {
    kind: 'wait',
    node,
    rule: 'moved to where all stays online: what was done to it here goes up first',
  } as const;
  if (!isClean(local, synced)) return wait;
  const open: NodeId[] = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const child of view.localChildren(at)) {
      if (child.condition === 'excluded') continue;
      if (child.condition === 'unseen')
        return {
          kind: 'rest',
          node,
          rule: 'moved to where all stays online: holds what could not be observed',
        };
      if (child.name === IGNORE_FILE)
        return {
          kind: 'rest',
          node,
          rule: 'moved to where all stays online: holds rules of its own, stays here',
        };
      const base = view.synced(child.node);
      const isBusy = view.inFlight(child.node) || view.isHeld(child.node) || child.parked;
      if (child.condition === 'seen' && (!base || isBusy || !isClean(child, base))) return wait;
      if (child.kind === 'folder') open.push(child.node);
    }
  }
  return { kind: 'leave', node, rule: 'same × moved to where all stays online: it leaves this disk' };
}

/** Stands as it was agreed on. */
export function isClean(local: LocalNode, synced: SyncedNode): boolean {
  if (!samePlace(local, synced) && !local.parked) return false;
  const here = contentHere(local, synced);
  return here === 'same' || here === 'touched';
}
