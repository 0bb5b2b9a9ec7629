/**
 * What a plan must want, said without the planner's tables: nothing without need, nothing twice. Need is
 * - to move a node here: it stands elsewhere than there; to claim a move: it stands elsewhere than was agreed;
 * - to fetch: no such node here; to replace: other bytes here than the head's; to claim an edit: other bytes than agreed,
 *   or agreed only because a copy held them that is gone;
 * - to claim a deletion: nobody above it speaks for it; to trash: it is dead there and stands here as agreed;
 * - to park: a circle of nodes that wait for each other's names or for each other to leave.
 */
import type { ClaimIntent, ContentIntent, StructureIntent } from '../../src/core/planner/intents.ts';
import type { Plan } from '../../src/core/planner/plan.ts';
import { type SyncedNode, samePlace } from '../../src/core/tree/nodes.ts';
import { sameContent } from '../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { labelOf, type MemoryTrees } from './memory-trees.ts';
import type { ModelDevice } from './model-device.ts';

export function checkPlan({ trees }: ModelDevice, plan: Plan): void {
  const moved = new Set<NodeId>();
  for (const intent of plan.structure) {
    once(moved, intent);
    if (!isNeededHere(trees, intent)) throw new Error(`without need: ${intent.kind} ${labelOf(intent.node)}`);
  }
  if (plan.structure.some(({ kind }) => kind === 'park') && !isKnotted(trees, plan))
    throw new Error('parks without a knot');
  const claimed = new Set<NodeId>();
  for (const intent of plan.claims) {
    const steps = intent.kind === 'rearrange' ? intent.steps : [intent];
    for (const step of steps) {
      once(claimed, step);
      if (!isNeededThere(trees, step, claimedDeletions(plan)))
        throw new Error(`without need: claim ${step.kind} ${labelOf(step.node)}`);
    }
    if (intent.kind === 'rearrange' && steps.length < 2) throw new Error('a rearrangement of one step');
  }
  const worked = new Set<NodeId>();
  for (const intent of plan.contents) {
    once(worked, intent);
    if (!isNeededContent(trees, intent))
      throw new Error(`without need: ${intent.kind} ${labelOf(intent.node)}`);
  }
}

function once(seen: Set<NodeId>, { node, kind }: { readonly node: NodeId; readonly kind: string }): void {
  if (seen.has(node)) throw new Error(`${labelOf(node)} is planned twice, at last: ${kind}`);
  seen.add(node);
}

function isNeededHere(trees: MemoryTrees, intent: StructureIntent): boolean {
  const local = trees.local(intent.node);
  const remote = trees.remote(intent.node);
  const base = trees.synced(intent.node);
  switch (intent.kind) {
    case 'make-folder':
      return local === null && remote?.live === true;
    case 'move-here':
      return local !== null && remote?.live === true && (local.parked || !samePlace(local, remote));
    case 'park':
      return local !== null && !local.parked && base !== null;
    case 'unpark':
      return local?.parked === true;
    case 'trash':
      return remote?.live === false && base !== null && sameContent(local?.content ?? null, base.content);
    case 'remove-folder':
      return remote?.live === false && local?.kind === 'folder' && !trees.hasLocalChildren(intent.node);
  }
}

function hasLostItsCopy(trees: MemoryTrees, { lent, content }: SyncedNode): boolean {
  const copy = lent ? trees.local(lent) : null;
  return lent != null && !sameContent(copy?.content ?? null, content);
}

function isNeededThere(trees: MemoryTrees, intent: ClaimIntent, deletions: ReadonlySet<NodeId>): boolean {
  const local = trees.local(intent.node);
  const remote = trees.remote(intent.node);
  const base = trees.synced(intent.node);
  switch (intent.kind) {
    case 'create':
      return local !== null && base === null && !isTwinThere(trees, intent.node);
    case 'edit':
      return (
        local !== null &&
        base !== null &&
        local.content !== null &&
        (!sameContent(local.content, base.content) || hasLostItsCopy(trees, base)) &&
        (remote?.live !== true || !sameContent(local.content, remote.head?.content ?? null))
      );
    case 'move':
      return local !== null && base !== null && !samePlace(local, base) && !isThere(trees, intent.node);
    case 'delete':
      return local === null && remote?.live === true && !(base !== null && deletions.has(base.parent));
    case 'rearrange':
      return false;
  }
}

function isThere(trees: MemoryTrees, node: NodeId): boolean {
  const local = trees.local(node);
  const remote = trees.remote(node);
  return local !== null && remote?.live === true && samePlace(local, remote);
}

function claimedDeletions(plan: Plan): ReadonlySet<NodeId> {
  return new Set(plan.claims.filter(({ kind }) => kind === 'delete').map(({ node }) => node));
}

/** Would creating it send bytes that stand at its place already, in a node that this disk does not have? */
function isTwinThere(trees: MemoryTrees, node: NodeId): boolean {
  const local = trees.local(node);
  const there = local && trees.remoteLiveAt(local.parent, local.name);
  if (!local || !there || there.node === node || trees.local(there.node) || trees.synced(there.node))
    return false;
  if (trees.inFlight(there.node)) return false;
  return local.kind === 'folder'
    ? there.kind === 'folder'
    : sameContent(there.head?.content ?? null, local.content);
}

function isNeededContent(trees: MemoryTrees, intent: ContentIntent): boolean {
  const local = trees.local(intent.node);
  const head = trees.remote(intent.node)?.head ?? null;
  switch (intent.kind) {
    case 'hash':
      return local !== null && local.content === null;
    case 'fetch':
      return local === null && head !== null;
    case 'replace':
      return local !== null && head !== null && !sameContent(local.content, head.content);
  }
}

/** Does anything wait for itself: for who stands at its name, for who is to leave its own inside, or what it holds? */
function isKnotted(trees: MemoryTrees, plan: Plan): boolean {
  const waits = new Map<NodeId, readonly NodeId[]>();
  const waitsOf = (node: NodeId): readonly NodeId[] => {
    const known = waits.get(node);
    if (known) return known;
    const found = blockersOf(trees, node);
    waits.set(node, found);
    return found;
  };
  return (
    plan.waiting.some((start) => reaches(start, waitsOf)) ||
    parkedOf(plan).some((node) => reaches(node, waitsOf))
  );
}

function parkedOf(plan: Plan): readonly NodeId[] {
  return plan.structure.filter(({ kind }) => kind === 'park').map(({ node }) => node);
}

/** Is there a circle among all that a node waits for? */
function reaches(start: NodeId, waitsOf: (node: NodeId) => readonly NodeId[]): boolean {
  const done = new Set<NodeId>();
  const open = new Set<NodeId>();
  const visit = (node: NodeId): boolean => {
    if (open.has(node)) return true;
    if (done.has(node)) return false;
    done.add(node);
    open.add(node);
    const circle = waitsOf(node).some(visit);
    open.delete(node);
    return circle;
  };
  return visit(start);
}

function blockersOf(trees: MemoryTrees, node: NodeId): readonly NodeId[] {
  const remote = trees.remote(node);
  const local = trees.local(node);
  if (!remote) return [];
  // Dead there: it goes when what is in it has gone.
  if (!remote.live) return local ? trees.localChildren(node).map((each) => each.node) : [];
  if (local && samePlace(local, remote) && !local.parked) return [];
  const blockers: NodeId[] = [];
  const occupant = trees.localAt(remote.parent, remote.name);
  if (occupant && occupant.node !== node) blockers.push(occupant.node);
  // Its new folder is to come or to move first; one that still lies inside it has to come out.
  for (let at = remote.parent; at !== ROOT_NODE; ) {
    const folder = trees.local(at);
    if (at !== node) blockers.push(at);
    else blockers.push(...insides(trees, remote.parent, node));
    if (!folder || at === node) break;
    at = folder.parent;
  }
  return blockers;
}

function insides(trees: MemoryTrees, from: NodeId, until: NodeId): readonly NodeId[] {
  const way: NodeId[] = [];
  for (let at = from; at !== until && at !== ROOT_NODE; at = trees.local(at)?.parent ?? ROOT_NODE)
    way.push(at);
  return way;
}
