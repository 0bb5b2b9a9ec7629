/** Place, where both sides live: where the node went here against where it went there. */
import { type LocalNode, type RemoteNode, type SyncedNode, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import type { Intent } from './intents.ts';
import { roomFor } from './room.ts';

type Axis = 'same' | 'moved';
type Cell = (view: TreeView, local: LocalNode, remote: RemoteNode, synced: SyncedNode) => Intent | null;

export function placeHere(local: LocalNode, synced: SyncedNode): Axis {
  return local.parked || samePlace(local, synced) ? 'same' : 'moved';
}

export function placeThere(remote: RemoteNode, synced: SyncedNode): Axis {
  return samePlace(remote, synced) ? 'same' : 'moved';
}

const follow: Cell = (view, local, remote) =>
  roomFor(view, remote, local) ?? { kind: 'move-here', node: local.node, rule: 'same × moved: move here' };

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
    same: (_, { node }) => ({ kind: 'move', node, rule: 'moved × same: claim the move' }),
    moved: (_, local, remote) =>
      samePlace(local, remote)
        ? { kind: 'adopt', node: local.node, rule: 'moved × moved to the same place: adopt' }
        : { kind: 'drop-move', node: local.node, rule: "moved × moved elsewhere: the server's place wins" },
  },
};
