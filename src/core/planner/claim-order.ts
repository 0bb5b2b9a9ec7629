/**
 * The order in which this device tells the server what it did: never a child before its parent, never "A into B" before
 * "B out of A", no name before it is free. What only makes sense together becomes one all-or-nothing rearrangement.
 */

import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { nfcKey } from '../names/fold.ts';
import type { TreeView } from '../tree/view.ts';
import type { ClaimIntent } from './intents.ts';

export interface ClaimOrder {
  readonly ready: readonly ClaimIntent[];
  /** Look again later: they depend on answers that are not in yet. */
  readonly waiting: readonly ClaimIntent[];
}

/** The server's tree as it will be once the claims emitted so far have succeeded. */
class Overlay {
  private readonly parents = new Map<NodeId, NodeId>();
  private readonly slots = new Map<string, NodeId | null>();
  private readonly view: TreeView;

  constructor(view: TreeView) {
    this.view = view;
  }

  occupant(parent: NodeId, name: string): NodeId | null {
    const overlaid = this.slots.get(slot(parent, name));
    return overlaid !== undefined ? overlaid : (this.view.remoteLiveAt(parent, name)?.node ?? null);
  }

  put(node: NodeId, parent: NodeId, name: string): void {
    this.vacate(node);
    this.parents.set(node, parent);
    this.slots.set(slot(parent, name), node);
  }

  vacate(node: NodeId): void {
    const remote = this.view.remote(node);
    if (remote?.live && this.occupant(remote.parent, remote.name) === node)
      this.slots.set(slot(remote.parent, remote.name), null);
  }

  /** Would `node` below `parent` lie inside itself? */
  isInside(parent: NodeId, node: NodeId): boolean {
    for (let at = parent, steps = 0; at !== ROOT_NODE && steps < 512; steps += 1) {
      if (at === node) return true;
      const up = this.parents.get(at) ?? this.view.remote(at)?.parent ?? this.view.local(at)?.parent;
      if (up === undefined) return false;
      at = up;
    }
    return false;
  }
}

function slot(parent: NodeId, name: string): string {
  return `${parent}/${nfcKey(name)}`;
}

/** Orders the claims of one plan. `intents` come parents first. */
export function orderClaims(view: TreeView, intents: readonly ClaimIntent[]): ClaimOrder {
  const overlay = new Overlay(view);
  const ready: ClaimIntent[] = [];
  const leaving = new Set(
    intents.filter((each) => each.kind === 'move' || each.kind === 'delete').map((each) => each.node),
  );
  const moved = new Set<NodeId>();
  let rest: readonly ClaimIntent[] = intents;
  for (let progress = true; progress && rest.length > 0; ) {
    const blocked: ClaimIntent[] = [];
    for (const intent of rest) {
      if (blocker(view, overlay, intent, leaving, moved) !== null) blocked.push(intent);
      else emit(view, overlay, intent, ready, moved);
    }
    progress = blocked.length < rest.length;
    rest = blocked;
  }
  const knot = untie(view, overlay, rest);
  if (knot) ready.push(knot);
  const tied = new Set(knot?.kind === 'rearrange' ? knot.steps.map((step) => step.node) : []);
  return { ready, waiting: rest.filter((each) => !tied.has(each.node)) };
}

function emit(
  view: TreeView,
  overlay: Overlay,
  intent: ClaimIntent,
  ready: ClaimIntent[],
  moved: Set<NodeId>,
): void {
  const local = view.local(intent.node);
  if ((intent.kind === 'create' || intent.kind === 'move') && local)
    overlay.put(intent.node, local.parent, local.name);
  if (intent.kind === 'delete') overlay.vacate(intent.node);
  moved.add(intent.node);
  ready.push(intent);
}

/** Why a claim cannot be sent yet, or `null`. */
function blocker(
  view: TreeView,
  overlay: Overlay,
  intent: ClaimIntent,
  leaving: ReadonlySet<NodeId>,
  moved: ReadonlySet<NodeId>,
): string | null {
  if (intent.kind === 'delete')
    return intent.leaving.length > 0 ? 'something is still to be moved out of it' : null;
  if (intent.kind !== 'create' && intent.kind !== 'move') return null;
  const local = view.local(intent.node);
  if (!local) return 'gone meanwhile';
  const parentKnown = view.remote(local.parent) !== null || moved.has(local.parent);
  if (!parentKnown) return 'its folder goes up first';
  if (overlay.isInside(local.parent, intent.node)) return 'its new folder is still inside it there';
  const occupant = overlay.occupant(local.parent, local.name);
  if (occupant !== null && occupant !== intent.node && leaving.has(occupant) && !moved.has(occupant))
    return 'its name is not free yet';
  return null;
}

/** Moves and deletes that block each other for good: one rearrangement, if every deletion in it frees what the moves need. */
function untie(view: TreeView, overlay: Overlay, rest: readonly ClaimIntent[]): ClaimIntent | null {
  const moves = rest.filter((each) => each.kind === 'move');
  const first = moves[0];
  if (!first) return null;
  const known = moves.filter((each) => {
    const local = view.local(each.node);
    return (
      local !== null &&
      (view.remote(local.parent) !== null || overlay.occupant(local.parent, local.name) !== null)
    );
  });
  const inKnot = new Set(known.map((each) => each.node));
  const deletes = rest.filter(
    (each) => each.kind === 'delete' && each.leaving.every((node) => inKnot.has(node)),
  );
  const steps = [...known, ...deletes];
  if (steps.length === 0) return null;
  return {
    kind: 'rearrange',
    node: first.node,
    steps,
    rule: 'swaps and rings of renames: together or not at all',
  };
}
