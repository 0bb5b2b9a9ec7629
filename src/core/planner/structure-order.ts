/**
 * The order of renames, folders and removals on this disk. What stands in the way of something and is itself to leave
 * goes first; knots are cut by parking one node under a reserved name (content follows identity, no bytes move).
 */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { foldKey, nfcKey } from '../names/fold.ts';
import { type LocalNode, type Place, samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import type { StructureIntent } from './intents.ts';
import { putDown } from './place-axis.ts';

export interface StructureOrder {
  readonly ready: readonly StructureIntent[];
  readonly waiting: readonly StructureIntent[];
}

/** The disk as it will be once the operations emitted so far are done. */
class Overlay {
  private readonly view: TreeView;
  private readonly slots = new Map<string, NodeId | null>();
  private readonly parents = new Map<NodeId, NodeId>();

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
  }

  /** The way up from a node on disk, itself included. It ends short of the root if it leads through a parked folder. */
  *upFrom(node: NodeId): Generator<NodeId> {
    let at: NodeId | null = node;
    while (at !== null) {
      yield at;
      if (at === ROOT_NODE) return;
      const local: LocalNode | null = this.view.local(at);
      at = this.parents.get(at) ?? (local && !local.parked ? local.parent : null);
    }
  }

  /** Can operations reach it by a path? */
  stands(node: NodeId): boolean {
    for (const at of this.upFrom(node)) if (at === ROOT_NODE) return true;
    return false;
  }

  isInside(node: NodeId, folder: NodeId): boolean {
    for (const at of this.upFrom(node)) if (at === folder) return true;
    return false;
  }
}

export function orderStructure(view: TreeView, intents: readonly StructureIntent[]): StructureOrder {
  const overlay = new Overlay(view);
  const ready: StructureIntent[] = [];
  const waiting: StructureIntent[] = [];
  let rest: StructureIntent[] = [];
  for (const intent of intents) {
    if (targetOf(view, intent)) rest.push(intent);
    else if (!overlay.stands(intent.node)) waiting.push(intent);
    else {
      overlay.vacate(intent.node);
      ready.push(intent);
    }
  }
  for (let before = -1; rest.length !== before; ) {
    before = rest.length;
    rest = rest.filter((intent) => !place(view, overlay, intent, ready));
  }
  const knot = parkable(view, overlay, rest);
  if (knot) ready.push({ kind: 'park', node: knot, rule: 'names in the way of each other: one steps aside' });
  else if (ready.length === 0) ready.push(...putDownOne(view, overlay, [...waiting, ...rest]));
  return { ready, waiting: [...waiting, ...rest] };
}

/**
 * Nothing can go on, and something is parked: its place is not to be had, or what is in it has to leave it first. What is
 * only busy for a while is waited for.
 */
function putDownOne(
  view: TreeView,
  overlay: Overlay,
  blocked: readonly StructureIntent[],
): readonly StructureIntent[] {
  const waits = new Waits(view, overlay, blocked);
  const isBusy = (node: NodeId) => view.inFlight(node) || view.isDeferred(node);
  for (const { node } of blocked) {
    const base = view.synced(node);
    const remote = view.remote(node);
    if (!base || !remote || !view.local(node)?.parked) continue;
    const holds = [remote.parent, ...blocked.map((each) => each.node)].some(
      (each) => each !== node && overlay.isInside(each, node),
    );
    const occupant = overlay.occupant(remote.parent, remote.name);
    const all = waits.allFrom(node);
    const isStuck = occupant !== null || all.some((each) => waits.isOutside(each));
    if (holds || (isStuck && !all.some(isBusy))) return [putDown(view, base)];
  }
  return [];
}

/** Where an operation puts its node; `null`: nowhere. */
export function targetOf(view: TreeView, intent: StructureIntent): Place | null {
  if (intent.kind === 'unpark') return intent.at;
  return intent.kind === 'make-folder' || intent.kind === 'move-here' ? view.remote(intent.node) : null;
}

function place(view: TreeView, overlay: Overlay, intent: StructureIntent, ready: StructureIntent[]): boolean {
  const target = targetOf(view, intent);
  if (!target || !overlay.stands(target.parent) || overlay.isInside(target.parent, intent.node)) return false;
  if (intent.kind === 'move-here' && !view.local(intent.node)?.parked && !overlay.stands(intent.node))
    return false;
  const occupant = overlay.occupant(target.parent, target.name);
  if (occupant !== null && occupant !== intent.node) return false;
  overlay.put(intent.node, target.parent, target.name);
  ready.push(intent);
  return true;
}

/**
 * A node that is to move and is part of a knot: things that wait for each other in a circle. What waits for something
 * outside (the answer to a claim, a busy or a held file) is waited for where it stands: a parked file is out of sight.
 */
function parkable(view: TreeView, overlay: Overlay, blocked: readonly StructureIntent[]): NodeId | null {
  const waits = new Waits(view, overlay, blocked);
  const movers = blocked
    .filter((each) => each.kind === 'move-here' && overlay.stands(each.node))
    .map((each) => each.node);
  for (const { node } of blocked) {
    const [first, ...others] = waits.circleFrom(node);
    const found = [...others, ...(first === undefined ? [] : [first])].find((each) => movers.includes(each));
    if (found !== undefined && !waits.allFrom(found).some((each) => waits.isOutside(each)))
      return innermost(overlay, found, movers);
  }
  return null;
}

/** What waits for what, of the things that could not be placed and the folders that are to go. */
class Waits {
  private readonly view: TreeView;
  private readonly overlay: Overlay;
  private readonly targets: ReadonlyMap<NodeId, Place | null>;

  constructor(view: TreeView, overlay: Overlay, blocked: readonly StructureIntent[]) {
    this.view = view;
    this.overlay = overlay;
    this.targets = new Map(blocked.map((each) => [each.node, targetOf(view, each)]));
  }

  /** No plan moves it now: whatever waits for it waits for something that is yet to happen. */
  isOutside(node: NodeId): boolean {
    return !this.targets.has(node) && !isGoing(this.view, node);
  }

  private for(node: NodeId): readonly NodeId[] {
    const target = this.targets.get(node);
    if (target) {
      const blockers = blockersOf(this.overlay, node, target);
      const moving = blockers.filter((each) => this.targets.has(each));
      return moving.length > 0 ? moving : blockers;
    }
    if (!isGoing(this.view, node)) return [];
    // What is not synced stays in a folder that goes, and keeps nobody waiting.
    const inside = this.view
      .localChildren(node)
      .filter(({ condition }) => condition === 'seen' || condition === 'unseen');
    return inside.map((each) => each.node).filter((each) => this.overlay.isInside(each, node));
  }

  /** A node, and all that it waits for. */
  allFrom(start: NodeId): readonly NodeId[] {
    const all = new Set([start]);
    for (const node of all) for (const next of this.for(node)) all.add(next);
    return [...all];
  }

  /** The first circle met on the ways from a node, or nothing. */
  circleFrom(start: NodeId): readonly NodeId[] {
    const done = new Set<NodeId>();
    const path: NodeId[] = [];
    const visit = (node: NodeId): readonly NodeId[] => {
      const met = path.indexOf(node);
      if (met >= 0) return path.slice(met);
      if (done.has(node)) return [];
      done.add(node);
      path.push(node);
      for (const next of this.for(node)) {
        const circle = visit(next);
        if (circle.length > 0) return circle;
      }
      path.pop();
      return [];
    };
    return visit(start);
  }
}

/** A folder deleted there, and not moved here, goes as soon as everything has left it. */
function isGoing(view: TreeView, node: NodeId): boolean {
  const local = view.local(node);
  const base = view.synced(node);
  return view.remote(node)?.live === false && local !== null && base !== null && samePlace(local, base);
}

/** What has to go, or to come, before the node can have its place. */
function blockersOf(overlay: Overlay, node: NodeId, target: Place): readonly NodeId[] {
  const way = [...overlay.upFrom(target.parent)];
  const inside = way.indexOf(node);
  if (inside >= 0) return way.slice(0, inside);
  if (way.at(-1) !== ROOT_NODE) return way.slice(-1);
  const occupant = overlay.occupant(target.parent, target.name);
  return occupant === null || occupant === node ? [] : [occupant];
}

/** What is parked cannot be reached: whatever is to leave a folder has left it before the folder is parked. */
function innermost(overlay: Overlay, node: NodeId, movers: readonly NodeId[]): NodeId {
  const inner = movers.find((each) => each !== node && overlay.isInside(each, node));
  return inner === undefined ? node : innermost(overlay, inner, movers);
}
