/** What we made or renamed on the disk, recorded: it stands here where the server has it. Each within one transaction. */
import type { NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { encodeStamp, sameBytesLikely } from '../state/stamps.ts';
import type { AgreedPlace } from '../state/synced-tree.ts';
import type { Context } from './context.ts';
import { folderDeed, movedDeed, placeBefore } from './deeds.ts';
import { vacate, vacateOldName } from './in-the-way.ts';

/** `rule`: why, for the ledger. */
export function agreeOnFolder(
  context: Context,
  node: NodeId,
  place: AgreedPlace,
  stamp: Stamp,
  rule: string,
): void {
  const { state } = context;
  vacate(context, node, place);
  state.local.put(node, place.parent, place.name, stamp, null);
  state.synced.putFolder(node, place, encodeStamp(stamp));
  context.record(node, 'folder made', rule, '', folderDeed(context.self, state.remote.get(node)));
}

interface Move {
  /** As it was known before. */
  readonly row: ObservedNode;
  /** As it stands now. */
  readonly stamp: Stamp;
  readonly place: AgreedPlace;
}

/**
 * What came along is what we moved: an edit between our look and the rename shows in the stamp and is read again. `aside`:
 * it was put down where it can stand for now, and nobody is told of that.
 */
export function agreeOnMove(context: Context, move: Move, rule: string, aside = false): void {
  const { state, self } = context;
  const { node } = move.row;
  const before = placeBefore(state, node);
  placeMoved(context, move);
  const deed = aside ? null : movedDeed(self, state, node, before, 'received');
  context.record(node, aside ? 'put down' : 'moved here', rule, before.from ?? '', deed);
}

/** The rows alone. */
export function placeMoved(context: Context, { row, stamp, place: { parent, name, entryRev } }: Move): void {
  const { state, scanner } = context;
  const { node } = row;
  const synced = state.synced.get(node);
  const clean = row.kind === 'folder' || sameBytesLikely(row.stamp, stamp);
  vacate(context, node, { parent, name });
  if (row.fileId !== stamp.fileId) {
    // Another object had the name by then: what it is now is seen, and what it was before.
    vacateOldName(context, node, stamp);
    if (row.kind === 'folder') scanner.listFolder(node);
  }
  state.local.put(node, parent, name, stamp, clean ? row.content : null, { condition: row.condition });
  if (synced) {
    const known = clean && synced.stamp === row.stamp;
    state.synced.put({ ...synced, parent, name, entryRev, stamp: known ? encodeStamp(stamp) : synced.stamp });
  }
  if (state.problems.count() > 0 && state.problems.get(node)?.code === 'in-the-way')
    state.problems.clear(node);
}
