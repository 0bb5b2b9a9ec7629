/** What the scanners ask about folders of shares: recognised by their object wherever they stand, or by their place. */
import type { NamespaceId, NodeId } from '../../protocol/ids.ts';
import type { SharePlace } from '../../protocol/shares.ts';
import type { Boundaries } from '../local/boundaries.ts';
import type { RootMarker } from '../root-marker.ts';
import type { MountsTable } from '../state/mounts-table.ts';

export interface Seen {
  readonly namespace: NamespaceId;
  readonly place: SharePlace;
}

/** For the engine of the root: `onSeen` hears of a folder that stands at another place than it should. */
export function bordersOfRoot(
  mounts: () => MountsTable,
  own: { readonly namespace: NamespaceId; readonly serverId: string },
  onSeen: (seen: Seen) => void,
): Boundaries {
  return {
    holds: (parent, name, stamp) => {
      const byObject = mounts()
        .list()
        .find(({ fileId }) => fileId === stamp.fileId);
      if (byObject) {
        const { namespace, place } = byObject;
        if (place.parent !== parent || place.name !== name) onSeen({ namespace, place: { parent, name } });
        return true;
      }
      return mounts()
        .list()
        .some(({ place }) => isAt(place, parent, name));
    },
    isLost: ({ namespace, serverId }: RootMarker) =>
      serverId === own.serverId &&
      namespace !== own.namespace &&
      mounts()
        .list()
        .every((each) => each.namespace !== namespace || !each.marked),
  };
}

function isAt(place: SharePlace, parent: NodeId, name: string): boolean {
  return place.parent === parent && place.name === name;
}

/** For the engine of a share: what somebody moved into it is not its own either. */
export function bordersOfShare(mounts: MountsTable): Boundaries {
  return {
    holds: (_parent, _name, stamp) => mounts.list().some(({ fileId }) => fileId === stamp.fileId),
    isLost: () => false,
  };
}
