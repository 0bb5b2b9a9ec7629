/**
 * Folders that stay online by the user's choice. What is below one there is not fetched, and what is missing of it here
 * is never taken for deleted. What the user makes there again is synced like anything else and stays. What stands here
 * leaves only as long as it is exactly what the server holds.
 */
import type { LocalNode, RemoteNode, SyncedNode } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { isAway, isClean } from './away.ts';
import type { Triple } from './decide.ts';
import type { Intent } from './intents.ts';
import { putDown } from './place-axis.ts';

/** On its way out: as long as nothing was done to it. */
export function leavingNow(view: TreeView, local: LocalNode, remote: RemoteNode, synced: SyncedNode): Intent {
  const { node } = local;
  if (local.parked) return putDown(view, synced);
  if (!isAway(view, node))
    return { kind: 'stay', node, rule: 'was to leave × no longer stays online: stays' };
  if (!isClean(local, synced)) return { kind: 'stay', node, rule: 'was to leave × changed here: stays' };
  if (remote.kind !== 'folder')
    return { kind: 'trash', node, rule: 'stays online by choice: into the trash of this device' };
  const inside = view.localChildren(node).filter(({ condition }) => condition !== 'excluded');
  if (inside.length === 0)
    return { kind: 'remove-folder', node, rule: 'stays online by choice: remove the empty folder' };
  if (inside.every((each) => view.isLeaving(each.node)))
    return { kind: 'wait', node, rule: 'stays online by choice: what is in it goes first' };
  return { kind: 'stay', node, rule: 'was to leave × holds something that stays: stays' };
}

/** Only what is not synced remains in a folder here that lives there: one folder, unless that one stays online. */
export function leftover(view: TreeView, { node }: Triple): Intent {
  return isAway(view, node)
    ? { kind: 'nothing', node, rule: 'leftover folder × stays online by choice: only unsynced things remain' }
    : { kind: 'adopt', node, rule: 'leftover folder × live again: one folder' };
}
