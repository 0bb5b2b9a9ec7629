/**
 * The order of renames, folders and removals on this disk. What stands in the way of something and is itself to leave
 * goes first; knots are cut by parking one node under a reserved name (content follows identity, no bytes move).
 */

import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { foldKey, nfcKey } from '../names/fold.ts';
import type { TreeView } from '../tree/view.ts';
import type { StructureIntent } from './intents.ts';

export interface StructureOrder {
  readonly ready: readonly StructureIntent[];
  readonly waiting: readonly StructureIntent[];
}

/** The disk as it will be once the operations emitted so far are done. */
class Overlay {
  private readonly view: TreeView;
  private readonly slots = new Map<string, NodeId | null>();
  private readonly parents = new Map<NodeId, NodeId>();
  private readonly made = new Set<NodeId>();

  constructor(view: TreeView) {
    this.view = view;
  }

  private slot(parent: NodeId, name: string): string {
    return `${parent}/${this.view.foldsCase ? foldKey(name) : nfcKey(name)}`;
  }

  occupant(parent: NodeId, name: string): NodeId | null {
    const overlaid = this.slots.get(this.slot(parent, name));
    return overlaid !== undefined ? overlaid : (this.view.localAt(parent, name)?.node ?? null);
  }

  vacate(node: NodeId): void {
    const local = this.view.local(node);
    if (local && !local.parked && this.occupant(local.parent, local.name) === node)
      this.slots.set(this.slot(local.parent, local.name), null);
  }

  put(node: NodeId, parent: NodeId, name: string): void {
    this.vacate(node);
    this.slots.set(this.slot(parent, name), node);
    this.parents.set(node, parent);
    this.made.add(node);
  }

  has(folder: NodeId): boolean {
    return (
      this.made.has(folder) ||
      this.view.local(folder)?.condition === 'seen' ||
      this.view.local(folder)?.condition === 'leftover'
    );
  }

  isInside(parent: NodeId, node: NodeId): boolean {
    for (let at = parent, steps = 0; at !== ROOT_NODE && steps < 512; steps += 1) {
      if (at === node) return true;
      const up = this.parents.get(at) ?? this.view.local(at)?.parent;
      if (up === undefined) return false;
      at = up;
    }
    return false;
  }
}

export function orderStructure(view: TreeView, intents: readonly StructureIntent[]): StructureOrder {
  const overlay = new Overlay(view);
  const ready: StructureIntent[] = [];
  for (const intent of intents) {
    if (intent.kind !== 'trash' && intent.kind !== 'remove-folder') continue;
    overlay.vacate(intent.node);
    ready.push(intent);
  }
  let rest: readonly StructureIntent[] = intents.filter(
    (each) => each.kind === 'make-folder' || each.kind === 'move-here',
  );
  while (rest.length > 0) {
    const blocked = pass(view, overlay, rest, ready);
    if (blocked.length === rest.length) {
      const knot = parkable(view, overlay, blocked);
      if (!knot) break;
      ready.push({ kind: 'park', node: knot, rule: 'names in the way of each other: one steps aside' });
      overlay.vacate(knot);
      return { ready, waiting: blocked };
    }
    rest = blocked;
  }
  return { ready, waiting: rest };
}

function pass(
  view: TreeView,
  overlay: Overlay,
  rest: readonly StructureIntent[],
  ready: StructureIntent[],
): StructureIntent[] {
  const blocked: StructureIntent[] = [];
  for (const intent of rest) {
    const remote = view.remote(intent.node);
    if (!remote) continue;
    const occupant = overlay.occupant(remote.parent, remote.name);
    const free = occupant === null || occupant === intent.node;
    if (!free || !overlay.has(remote.parent) || overlay.isInside(remote.parent, intent.node)) {
      blocked.push(intent);
      continue;
    }
    overlay.put(intent.node, remote.parent, remote.name);
    ready.push(intent);
  }
  return blocked;
}

/** A node that is to move anyway and stands (or holds what stands) in another one's way. */
function parkable(view: TreeView, overlay: Overlay, blocked: readonly StructureIntent[]): NodeId | null {
  const movers = new Set(blocked.filter((each) => each.kind === 'move-here').map((each) => each.node));
  for (const intent of blocked) {
    const remote = view.remote(intent.node);
    if (!remote) continue;
    const occupant = overlay.occupant(remote.parent, remote.name);
    if (
      occupant !== null &&
      occupant !== intent.node &&
      movers.has(occupant) &&
      !view.local(occupant)?.parked
    )
      return occupant;
    const stuck = intent.kind === 'move-here' && !view.local(intent.node)?.parked;
    const dying = occupant !== null && view.remote(occupant)?.live === false;
    if (
      stuck &&
      occupant !== intent.node &&
      dying &&
      overlay.isInside(view.local(intent.node)?.parent ?? ROOT_NODE, occupant)
    )
      return intent.node;
    if (stuck && overlay.isInside(remote.parent, intent.node)) {
      const lifted = moverBetween(view, remote.parent, intent.node, movers);
      if (lifted) return lifted;
    }
  }
  return null;
}

/** On the way up from `from` to `top`: a folder that has to move too, so that lifting it out breaks the inversion. */
function moverBetween(view: TreeView, from: NodeId, top: NodeId, movers: ReadonlySet<NodeId>): NodeId | null {
  for (let at = from, steps = 0; at !== top && at !== ROOT_NODE && steps < 512; steps += 1) {
    const local = view.local(at);
    if (!local) return null;
    if (movers.has(at) && !local.parked) return at;
    at = local.parent;
  }
  return null;
}
