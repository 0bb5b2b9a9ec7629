/**
 * Moves and deletes that only make sense together: all or nothing. Everything that can stop them is looked at before
 * anything is written, in the tree as the moves leave it. Then the names are freed, the moves come from the top of that
 * tree downwards (so that no reader, row by row, ever sees a circle or a child before its folder), and the deletes after
 * them, so that nothing dies that one of the moves takes away. Each step does what the claim of that kind alone would do:
 * a folder that is gone returns, a taken name becomes an attributed one, what a deletion had not seen survives it.
 */
import { nfcKey } from '../../../src/core/names/fold.ts';
import type { DeleteClaim, MoveClaim, RearrangeClaim } from '../../../src/protocol/claims.ts';
import { type ConflictId, type NodeId, ROOT_NODE } from '../../../src/protocol/ids.ts';
import { LIMITS } from '../../../src/protocol/limits.ts';
import type { NodeRow } from '../rows.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { kill, knownSuccessor, staleDelete } from './delete.ts';
import { type Earlier, earlierOf } from './earlier.ts';
import { place } from './move.ts';
import { nameFault } from './names.ts';
import type { Scope } from './scope.ts';
import { fateOf, Places } from './survivors.ts';

type Step = RearrangeClaim['steps'][number];
type MoveStep = Pick<MoveClaim, 'node' | 'baseEntryRev' | 'parent' | 'name'>;
type DeleteStep = Pick<
  DeleteClaim,
  'node' | 'base' | 'baseEntryRev' | 'observedSeq' | 'unapplied' | 'successor'
>;

interface PlannedMove {
  readonly id: NodeId;
  readonly kind: NodeRow['kind'];
  readonly parent: NodeId;
  readonly name: string;
}

interface Plan {
  readonly moves: Map<NodeId, PlannedMove>;
  readonly deletes: Map<NodeId, DeleteStep>;
}

export async function rearrange(scope: Scope, claim: RearrangeClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const plan: Plan = { moves: new Map(), deletes: new Map() };
  const node = await scope.meant(claim.node);
  for (const step of claim.steps) {
    const bad = await planStep(scope, step, plan, earlier);
    if (bad !== null) return { ...bad, node };
  }
  const parents = new Map([...plan.moves.values()].map(({ id, parent }) => [id, parent]));
  const places = new Places(scope, parents);
  const order = await topDown(plan, places);
  if (order.kind === 'none') return { ...order.why, node };
  return carryOut(scope, node, plan, places, order.moves, claim.editedAt);
}

async function planStep(scope: Scope, step: Step, plan: Plan, earlier: Earlier): Promise<Decision | null> {
  const node = await scope.node(step.node);
  if (node === null) return refused(step.node, 'unknown-node', 'no such node');
  if (node.id === ROOT_NODE || plan.moves.has(node.id) || plan.deletes.has(node.id)) {
    return refused(node.id, 'bad-request', 'a step names the root, or a node twice');
  }
  if (step.op === 'move') return planMove(scope, node, step, plan, earlier);
  if (staleDelete(node, step, earlier) !== null) return dropped(node.id, 'steps-stale');
  plan.deletes.set(node.id, step);
  return null;
}

async function planMove(
  scope: Scope,
  node: NodeRow,
  step: MoveStep,
  plan: Plan,
  earlier: Earlier,
): Promise<Decision | null> {
  const fault = nameFault(step.name);
  if (fault !== null) return refused(node.id, 'bad-name', fault);
  const parent = await scope.node(step.parent);
  if (parent === null || parent.kind !== 'folder') {
    return refused(node.id, 'unknown-parent', 'no such folder');
  }
  const expected = !node.live || node.rev === step.baseEntryRev || earlier.madeRev(node.id, node.rev);
  if (!expected) return dropped(node.id, 'steps-stale');
  plan.moves.set(node.id, { id: node.id, kind: node.kind, parent: parent.id, name: step.name });
  return null;
}

type Order =
  | { readonly kind: 'order'; readonly moves: readonly PlannedMove[] }
  | { readonly kind: 'none'; readonly why: Decision };

/** The moves by the depth they lead to; no order if the tree they leave has a circle or is too deep. */
async function topDown(plan: Plan, places: Places): Promise<Order> {
  const found: { readonly move: PlannedMove; readonly depth: number }[] = [];
  for (const move of plan.moves.values()) {
    const above = new Set<NodeId>([move.id]);
    for (let at = await places.parentOf(move.id); at !== null; at = await places.parentOf(at)) {
      if (above.has(at)) return { kind: 'none', why: dropped(move.id, 'cycle') };
      above.add(at);
    }
    // The root counts for none.
    const depth = above.size - 1;
    if (move.kind === 'folder' && depth >= LIMITS.pathDepth) {
      const why = refused(move.id, 'bad-name', `more than ${LIMITS.pathDepth} folders deep`);
      return { kind: 'none', why };
    }
    found.push({ move, depth });
  }
  return { kind: 'order', moves: found.sort((a, b) => a.depth - b.depth).map(({ move }) => move) };
}

async function carryOut(
  scope: Scope,
  claimed: NodeId,
  plan: Plan,
  places: Places,
  moves: readonly PlannedMove[],
  editedAt: number,
): Promise<Decision> {
  const { survivors, dying } = await fateOf(scope, plan.deletes, places);
  await freeNames(scope, [...plan.moves.keys(), ...dying.map(({ id }) => id)]);
  let left = moves.length + dying.length;
  let renamed = false;
  let conflict: ConflictId | null = null;
  for (const { id, parent, name } of moves) {
    left -= 1;
    // Read now: with a folder that returned, a step before may have brought it back.
    const node = await known(scope, id);
    const done = await place(scope, node, parent, name, editedAt, { more: left > 0 });
    renamed ||= done.renamed;
    conflict ??= done.conflict?.id ?? null;
  }
  for (const { id } of dying) {
    left -= 1;
    const node = await known(scope, id);
    const successor = await knownSuccessor(scope, plan.deletes.get(id)?.successor ?? null);
    await kill(scope, { ...node, nameKey: nfcKey(node.name) }, { successor, more: left > 0 });
  }
  // What lives on has to be told, and only this answer has room for it; names are told by the events of either.
  if (renamed && survivors.length === 0) return { kind: 'renamed', node: claimed, conflict };
  return committed(claimed, [...survivors]);
}

/** Names are taken anew by what is moved, and given up by what dies. Placeholders contain what no name may contain. */
async function freeNames(scope: Scope, ids: readonly NodeId[]): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const node = await known(scope, id);
    if (node.live) await scope.tx.updateNode(scope.ns, { ...node, nameKey: `/${index}` });
  }
}

async function known(scope: Scope, id: NodeId): Promise<NodeRow> {
  const node = await scope.tx.node(scope.ns, id);
  if (node === null) throw new Error(`node ${id} was there a moment ago`);
  return node;
}
