/**
 * I12: absence needs evidence. A device claims a delete only of what its own user removed or put something else in the
 * place of: an unreadable folder, a disk that is not there or a half of a rename is no such thing.
 */
import { decodeStamp } from '../../../src/engine/state/stamps.ts';
import type { Claim } from '../../../src/protocol/claims.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { Machine } from '../machine.ts';
import { contentNameOf } from '../server-fold.ts';

/** Nodes that a claim says its device deleted, and put nothing in the place of. */
function deletedBy(claim: Claim): readonly NodeId[] {
  switch (claim.op) {
    case 'delete':
      return claim.successor === null ? [claim.node] : [];
    case 'rearrange':
      return claim.steps.flatMap((step) =>
        step.op === 'delete' && step.successor === null ? [step.node] : [],
      );
    default:
      return [];
  }
}

export function unfoundedDeletes(machine: Machine, claim: Claim, isByVerb: boolean): string[] {
  const state = machine.device?.engine.state;
  if (state === undefined || isByVerb) return [];
  const { diary } = machine;
  return deletedBy(claim).flatMap((node) => {
    const synced = state.synced.get(node);
    const path = state.syncedPathOf(node);
    const who = `I12 ${machine.name} claims the delete of ${path ?? synced?.name ?? ''} (${node}, key ${claim.key})`;
    if (synced === null) return [`${who}, which it never had`];
    const fileId = decodeStamp(synced.stamp)?.fileId;
    const paths = [path, state.remotePathOf(node)].filter((each) => each !== null);
    if (diary.mayHaveFallen(node) || diary.didRemove(fileId === undefined ? [] : [fileId], paths)) return [];
    // Gone before the server answered that it is there: no object was ever agreed on.
    const isUnseen = fileId === undefined && synced.content !== null;
    if (isUnseen && diary.didTakeBack(contentNameOf(synced.content))) return [];
    const folder = state.local.get(synced.parent);
    if (folder !== null && diary.didRemoveIn(folder.fileId, synced.name)) return [];
    return [`${who}, which nobody removed there`];
  });
}
