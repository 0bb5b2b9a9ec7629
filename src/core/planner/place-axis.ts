/** Place, where both sides live: where the node went here against where it went there. */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { type LocalNode, type RemoteNode, type SyncedNode, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { followAway, isAway } from './away.ts';
import type { Intent, StructureIntent } from './intents.ts';
import { roomFor } from './room.ts';

type Axis = 'same' | 'moved';
type Cell = (view: TreeView, local: LocalNode, remote: RemoteNode, synced: SyncedNode) => Intent | null;

export function placeHere(local: LocalNode, synced: SyncedNode): Axis {
  return local.parked || samePlace(local, synced) ? 'same' : 'moved';
}

export function placeThere(remote: RemoteNode, synced: SyncedNode): Axis {
  return samePlace(remote, synced) ? 'same' : 'moved';
}

const follow: Cell = (view, local, remote, synced) => {
  if (!local.parked && view.local(remote.parent) === null && isAway(view, remote.parent))
    return followAway(view, local, synced);
  const blocked = roomFor(view, remote, local);
  if (blocked === null) return { kind: 'move-here', node: local.node, rule: 'same × moved: move here' };
  return local.parked && blocked.kind !== 'wait' ? putDown(view, synced) : blocked;
};

/** What is parked must not stay hidden when it cannot go on: back to where it came from, or near it. */
export function putDown(view: TreeView, { node, parent, name }: SyncedNode): StructureIntent {
  const folder = nearestStanding(view, parent);
  let free = name;
  for (let number = 2; view.localAt(folder, free); number += 1) free = `${name} (${number})`;
  return {
    kind: 'unpark',
    node,
    at: { parent: folder, name: free },
    rule: 'parked, and its place cannot be had: put down',
  };
}

/** The folder, or the first above it, that stays where it is, with all above it: nobody there has to step aside again. */
function nearestStanding(view: TreeView, folder: NodeId): NodeId {
  let found: NodeId = ROOT_NODE;
  for (let at = folder; at !== ROOT_NODE; ) {
    const row = view.local(at);
    const remote = view.remote(at);
    if (!row || row.parked) return ROOT_NODE;
    const stays = row.condition === 'seen' && remote?.live === true && samePlace(row, remote);
    if (!stays) found = ROOT_NODE;
    else if (found === ROOT_NODE) found = at;
    at = row.parent;
  }
  return found;
}

export function claimMove(view: TreeView, local: LocalNode, { entryRev }: RemoteNode, rule: string): Intent {
  const rejoin = rejoinFolder(view, local.parent);
  if (rejoin !== null) return rejoin;
  return { kind: 'move', node: local.node, at: { parent: local.parent, name: local.name }, entryRev, rule };
}

/** The server has nothing to say of a left-over folder that it forgot: with something to be told in it, it goes up anew. */
export function rejoinFolder(view: TreeView, folder: NodeId): Intent | null {
  if (view.local(folder)?.condition !== 'leftover' || view.remote(folder) !== null) return null;
  return { kind: 'rejoin', node: folder, rule: 'leftover folder × unknown, something new in it: new again' };
}

export const PLACE: Readonly<Record<Axis, Readonly<Record<Axis, Cell>>>> = {
  same: {
    same: (view, local, remote, synced) => {
      if (local.parked) return follow(view, local, remote, synced);
      if (remote.entryRev === synced.entryRev) return null;
      return { kind: 'adopt', node: local.node, rule: 'moved there and back: adopt' };
    },
    moved: follow,
  },
  moved: {
    same: (view, local, remote) => claimMove(view, local, remote, 'moved × same: claim the move'),
    moved: (_, local, remote) =>
      samePlace(local, remote)
        ? { kind: 'adopt', node: local.node, rule: 'moved × moved to the same place: adopt' }
        : { kind: 'drop-move', node: local.node, rule: "moved × moved elsewhere: the server's place wins" },
  },
};
