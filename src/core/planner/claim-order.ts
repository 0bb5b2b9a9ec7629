/**
 * The order in which this device tells the server what it did: never a child before its parent, never "A into B" before
 * "B out of A", no name before it is free. What only makes sense together becomes one all-or-nothing rearrangement.
 */

import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { nfcKey } from '../names/fold.ts';
import { samePlace } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import {
  type ClaimIntent,
  type CreateIntent,
  claimedName,
  type DeleteIntent,
  type MoveIntent,
} from './intents.ts';

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

  /** The way up from a folder, itself included; of those that go `together` as if they had gone. */
  *upFrom(folder: NodeId, together: Together): Generator<NodeId> {
    for (let at = folder, steps = 0; at !== ROOT_NODE && steps < 512; steps += 1) {
      yield at;
      const gone = together.has(at) ? this.view.local(at)?.parent : this.parents.get(at);
      const up = gone ?? this.view.remote(at)?.parent;
      if (up === undefined) return;
      at = up;
    }
  }
}

function slot(parent: NodeId, name: string): string {
  return `${parent}/${nfcKey(name)}`;
}

type Step = MoveIntent | DeleteIntent;

function isStep(intent: ClaimIntent): intent is Step {
  return intent.kind === 'move' || intent.kind === 'delete';
}

/** Not in this plan: only an answer, or something done on this disk, ends the wait. */
const OUTSIDE = 'outside';
type Blockers = readonly NodeId[] | typeof OUTSIDE;
/** What is to be looked at as if it had gone already. */
type Together = Pick<ReadonlySet<NodeId>, 'has'>;
const ALONE: Together = new Set();

/** Orders the claims of one plan. */
export function orderClaims(view: TreeView, intents: readonly ClaimIntent[]): ClaimOrder {
  const line = new ClaimLine(view, intents);
  line.advance();
  while (line.untie()) line.advance();
  return { ready: line.ready, waiting: line.rest };
}

class ClaimLine {
  readonly ready: ClaimIntent[] = [];
  rest: readonly ClaimIntent[];
  private readonly view: TreeView;
  private readonly overlay: Overlay;
  private readonly byNode: ReadonlyMap<NodeId, ClaimIntent>;
  private readonly emitted = new Set<NodeId>();

  constructor(view: TreeView, intents: readonly ClaimIntent[]) {
    this.view = view;
    this.overlay = new Overlay(view);
    this.byNode = new Map(intents.map((each) => [each.node, each]));
    this.rest = intents;
  }

  /** Emits all that nothing blocks. */
  advance(): void {
    for (let before = -1; this.rest.length !== before; ) {
      before = this.rest.length;
      this.rest = this.rest.filter((intent) => {
        if (this.blockers(intent).length > 0) return true;
        this.place(intent);
        this.ready.push(intent);
        return false;
      });
    }
  }

  private place(intent: ClaimIntent): void {
    const local = this.view.local(intent.node);
    if ((intent.kind === 'create' || intent.kind === 'move') && local)
      this.overlay.put(intent.node, local.parent, local.name);
    if (intent.kind === 'delete') this.overlay.vacate(intent.node);
    this.emitted.add(intent.node);
  }

  /** What has to be claimed before: claims of this plan, or something outside of it. */
  private blockers(intent: ClaimIntent, together = ALONE): Blockers {
    if (intent.kind === 'edit' || intent.kind === 'rearrange') return [];
    if (intent.kind === 'delete') return this.within(intent.leaving);
    const { parent } = intent.at;
    const name = claimedName(intent);
    if (!this.isKnown(parent)) return this.within([parent]);
    if (this.view.isClaimed(parent, name)) return OUTSIDE;
    const way = this.onTheWay(intent, together);
    // Contents travel in a lane of their own: for them only a name that is free already is free.
    const isContent = intent.kind === 'create' && !this.isNewFolder(intent);
    const occupant = isContent
      ? (this.view.remoteLiveAt(parent, name)?.node ?? null)
      : this.overlay.occupant(parent, name);
    if (occupant === null || occupant === intent.node || !this.isLeaving(occupant)) return this.within(way);
    return this.within([...way, occupant]);
  }

  /**
   * Above its new folder there: one whose own move has no answer yet may be inside this one already. And if the new folder
   * still is inside it: who is to leave it. When nobody is, the server refuses the move, and it is undone.
   */
  private onTheWay(intent: CreateIntent | MoveIntent, together: Together): readonly NodeId[] {
    if (intent.kind === 'create' || !this.isFolder(intent)) return [];
    const path = [...this.overlay.upFrom(intent.at.parent, together)];
    const inside = path.indexOf(intent.node);
    return path.filter(
      (node, at) =>
        this.view.inFlight(node) || (at < inside && this.isLeaving(node) && !this.wentAlong(node)),
    );
  }

  /** A deletion waits for the answers to all moves out of it; only a rearrangement takes both together. */
  private within(nodes: readonly NodeId[]): Blockers {
    return nodes.some((node) => !this.byNode.has(node) || this.emitted.has(node)) ? OUTSIDE : nodes;
  }

  /** Deleted with the folder it is in there: whatever came out of it is waited for, and it has no claim of its own. */
  private wentAlong(node: NodeId): boolean {
    const folder = this.view.remote(node)?.parent;
    return (
      !this.byNode.has(node) && !this.view.local(node) && folder !== undefined && !this.view.local(folder)
    );
  }

  /** Has the user taken the node away from where it stands there? */
  private isLeaving(node: NodeId): boolean {
    if (this.view.isHeld(node)) return false;
    if (this.view.inFlight(node)) return true;
    const base = this.view.synced(node);
    const local = this.view.local(node);
    return base !== null && (local === null || (!local.parked && !samePlace(local, base)));
  }

  /** Solves one knot, if there is one: as a rearrangement, or by making a new folder aside of the name it waits for. */
  untie(): boolean {
    const closed = this.closed(isStep);
    for (const first of closed) {
      const steps = this.goingWith(first, closed);
      if (steps.length === 0) continue;
      this.rest = this.rest.filter((each) => !(isStep(each) && steps.includes(each)));
      for (const each of steps) this.place(each);
      this.ready.push({
        kind: 'rearrange',
        node: first.node,
        steps,
        rule: 'swaps and rings of renames: together or not at all',
      });
      return true;
    }
    const made = this.closed((each) => isStep(each) || this.isNewFolder(each)).find(
      (each) => this.isNewFolder(each) && this.isKnown(each.at.parent),
    );
    if (made?.kind !== 'create') return false;
    this.rest = this.rest.filter((each) => each !== made);
    const aside: CreateIntent = {
      ...made,
      aside: true,
      rule: 'a new folder whose name waits for what is to move into it: made aside',
    };
    this.place(aside);
    this.ready.push(aside);
    return true;
  }

  private isFolder(intent: ClaimIntent): boolean {
    return this.view.local(intent.node)?.kind === 'folder';
  }

  private isNewFolder(intent: ClaimIntent): intent is CreateIntent {
    return intent.kind === 'create' && this.isFolder(intent);
  }

  private isKnown(folder: NodeId): boolean {
    return this.view.remote(folder) !== null || this.emitted.has(folder);
  }

  /** The claims that are blocked by nothing but each other. */
  private closed<Kind extends ClaimIntent>(
    concerns: (intent: ClaimIntent) => intent is Kind,
  ): readonly Kind[] {
    let left = this.rest.filter(concerns);
    for (let before = -1; left.length !== before; ) {
      before = left.length;
      const nodes = new Set(left.map((each) => each.node));
      left = left.filter((each) => {
        const blockers = this.blockers(each);
        return blockers !== OUTSIDE && blockers.every((node) => nodes.has(node));
      });
    }
    return left;
  }

  /**
   * All that has to go with it: what blocks it, and who is to leave a circle that they would close together. Nothing, if one
   * of these cannot go now.
   */
  private goingWith(first: Step, closed: readonly Step[]): readonly Step[] {
    const found = new Map([[first.node, first]]);
    for (const step of found.values()) {
      const blockers = this.blockers(step, found);
      if (blockers === OUTSIDE) return [];
      for (const node of blockers) {
        const other = closed.find((each) => each.node === node);
        if (!other) return [];
        found.set(node, other);
      }
    }
    return [...found.values()];
  }
}
