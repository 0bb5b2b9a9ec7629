/**
 * A folder that was deleted elsewhere and stayed here, as things lay in it that are not synced, is empty by now. What it
 * stayed for is gone, and it goes as it would have gone then: it is agreed on once more, as it stands, and so removed.
 */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { State } from '../state/state.ts';

/** With it go the folders above that stayed for it alone; what else lies in one keeps it once more. */
export function letGoOfEmptied(state: State, folder: NodeId): void {
  for (let at = folder; at !== ROOT_NODE; ) {
    const row = state.local.get(at);
    const there = state.remote.get(at);
    if (row?.condition !== 'leftover' || row.parked || there?.live !== false) return;
    const { parent, name, stamp } = row;
    const { entryRev } = there;
    state.transaction(() => {
      state.synced.putFolder(row.node, { parent, name, entryRev }, stamp);
      state.local.setCondition(row.node, 'seen');
    });
    at = parent;
  }
}
