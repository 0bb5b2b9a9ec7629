/** What stands, or was thought to stand, where we want to put something. */
import type { NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import { isDisplaced } from '../state/local-tree.ts';
import type { Context } from './context.ts';

/** What stands there is looked at after the first try: an ordinary file would be known by the second. */
const TRIES = 2;

/** A name that is taken by what never becomes a node: a pipe, another disk. No look at it will ever explain it. */
export function isStrangersPlace(
  { operations, view }: Context,
  node: NodeId,
  place: { readonly parent: NodeId; readonly name: string },
): boolean {
  return operations.triesOf(node) >= TRIES && view.localAt(place.parent, place.name) === null;
}

/**
 * Our object has this name now, so what we thought stood there had left it unseen: its node is looked for. It must not
 * keep the name, or ours would pass for an edit of it.
 */
export function vacate(
  { state, scanner }: Context,
  node: NodeId,
  place: { readonly parent: NodeId; readonly name: string },
): void {
  const other = state.local.at(place.parent, place.name);
  if (other === null || other.node === node) return;
  state.local.displace(other.node, other.parent);
  scanner.lookFor(other.node);
}

/**
 * Our operation took along an object that we knew under another name: somebody had put it there just before. Its old
 * name is looked at again, and where it does not show it any more, its node is looked for: no object is two nodes.
 */
export function vacateOldName({ state, scanner }: Context, node: NodeId, { fileId }: Stamp): void {
  for (const other of state.local.byFile(fileId)) {
    if (other.node !== node && !other.parked && !isDisplaced(other.name)) {
      state.local.displace(other.node, other.parent);
      scanner.lookFor(other.node);
      scanner.lookAt(other.parent, other.name);
    }
  }
}

/** It, or a folder above, stands nowhere for the moment: decided again at once, it would be planned without end. */
export function standsNowhere({ operations }: Context, node: NodeId): null {
  operations.defer(node);
  return null;
}
