/** A name that is taken by what never becomes a node: a pipe, another disk. No look at it will ever explain it. */
import type { NodeId } from '../../protocol/ids.ts';
import type { Context } from './context.ts';

/** What stands there is looked at after the first try: an ordinary file would be known by the second. */
const TRIES = 2;

export function isStrangersPlace(
  { operations, view }: Context,
  node: NodeId,
  place: { readonly parent: NodeId; readonly name: string },
): boolean {
  return operations.triesOf(node) >= TRIES && view.localAt(place.parent, place.name) === null;
}
