/**
 * Moves and deletes that only make sense together: all or nothing. Everything is checked against the tree as the steps
 * leave it before anything is written; then the names are freed, the moves come in the order given but never before a
 * folder they end up in (so that no reader ever sees a circle), and the deletes after them, so that nothing dies that one
 * of the moves takes away.
 */
import { nfcKey } from '../../../src/core/names/fold.ts';
import type { DeleteClaim, MoveClaim, RearrangeClaim } from '../../../src/protocol/claims.ts';
import { type NodeId, ROOT_NODE } from '../../../src/protocol/ids.ts';
import type { NodeRow } from '../rows.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { kill, knownSuccessor, staleDelete, survivorsOf } from './delete.ts';
import { type Earlier, earlierOf } from './earlier.ts';
import { nameFault } from './names.ts';
import type { Scope } from './scope.ts';

type Step = RearrangeClaim['steps'][number];
type MoveStep = Pick<MoveClaim, 'node' | 'baseEntryRev' | 'parent' | 'name'>;
type DeleteStep = Pick<
  DeleteClaim,
  'node' | 'base' | 'baseEntryRev' | 'observedSeq' | 'unapplied' | 'successor'
>;

interface PlannedMove {
  readonly node: NodeRow;
  readonly parent: NodeId;
  readonly name: string;
}

interface Plan {
  readonly moves: Map<NodeId, PlannedMove>;
  readonly deletes: Map<NodeId, { readonly node: NodeRow; readonly step: DeleteStep }>;
}

export async function rearrange(scope: Scope, claim: RearrangeClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const plan: Plan = { moves: new Map(), deletes: new Map() };
  const node = await scope.meant(claim.node);
  for (const step of claim.steps) {
    const bad = await planStep(scope, step, plan, earlier);
    if (bad !== null) return { ...bad, node };
  }
  const bad =
    (await checkTree(scope, plan)) ?? (await checkNames(scope, plan)) ?? (await checkDeaths(scope, plan));
  if (bad !== null) return { ...bad, node };
  await carryOut(scope, plan);
  return committed(node);
}

async function planStep(scope: Scope, step: Step, plan: Plan, earlier: Earlier): Promise<Decision | null> {
  const node = await scope.node(step.node);
  if (node === null) return refused(step.node, 'unknown-node', 'no such node');
  if (node.id === ROOT_NODE || plan.moves.has(node.id) || plan.deletes.has(node.id)) {
    return refused(node.id, 'bad-request', 'a step names the root, or a node twice');
  }
  if (!node.live) return dropped(node.id, 'steps-stale');
  if (step.op === 'delete') return planDelete(node, step, plan, earlier);
  return planMove(scope, node, step, plan, earlier);
}

function planDelete(node: NodeRow, step: DeleteStep, plan: Plan, earlier: Earlier): Decision | null {
  if (staleDelete(node, step, earlier) !== null) return dropped(node.id, 'steps-stale');
  plan.deletes.set(node.id, { node, step });
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
  const expected = node.rev === step.baseEntryRev || earlier.madeRev(node.id, node.rev);
  if (!expected || !parent.live) return dropped(node.id, 'steps-stale');
  plan.moves.set(node.id, { node, parent: parent.id, name: step.name });
  return null;
}

/** Above every moved node, as the steps leave it, there is the root: no cycle, and nothing that dies. */
async function checkTree(scope: Scope, plan: Plan): Promise<Decision | null> {
  for (const { node } of plan.moves.values()) {
    const seen = new Set<NodeId>();
    for (let at: NodeId | null = node.id; at !== null; at = await parentAfter(scope, plan, at)) {
      if (seen.has(at)) return dropped(node.id, 'cycle');
      if (plan.deletes.has(at)) return dropped(node.id, 'steps-stale');
      seen.add(at);
    }
  }
  return null;
}

async function parentAfter(scope: Scope, plan: Plan, id: NodeId): Promise<NodeId | null> {
  const move = plan.moves.get(id);
  if (move !== undefined) return move.parent;
  return (await scope.tx.node(scope.ns, id))?.parent ?? null;
}

/** Every target is free once the steps' own nodes have left their names. */
async function checkNames(scope: Scope, plan: Plan): Promise<Decision | null> {
  const targets = new Set<string>();
  for (const { node, parent, name } of plan.moves.values()) {
    const key = nfcKey(name);
    const target = `${parent}/${key}`;
    const holder = await scope.tx.liveAt(scope.ns, parent, key);
    const leaves = holder === null || plan.moves.has(holder.id) || plan.deletes.has(holder.id);
    if (targets.has(target) || !leaves) return dropped(node.id, 'steps-stale');
    targets.add(target);
  }
  return null;
}

/** A folder dies whole or the steps are stale: what survives it must have been moved out by them. */
async function checkDeaths(scope: Scope, plan: Plan): Promise<Decision | null> {
  for (const [id, { node, step }] of plan.deletes) {
    if (node.kind !== 'folder') continue;
    for (const survivor of await survivorsOf(scope, id, step)) {
      if (survivor !== id && !(await leaves(scope, plan, survivor, id))) {
        return dropped(id, 'steps-stale');
      }
    }
  }
  return null;
}

/** True if a node now below `folder` is elsewhere after the moves, or is a folder above something that leaves. */
async function leaves(scope: Scope, plan: Plan, id: NodeId, folder: NodeId): Promise<boolean> {
  for (let at: NodeId | null = id; at !== null; at = await parentAfter(scope, plan, at)) {
    if (at === folder) return false;
  }
  return true;
}

/** The moves, each after those of the folders above its target. The tree was found to be one, so this ends. */
async function parentsFirst(scope: Scope, plan: Plan): Promise<Iterable<PlannedMove>> {
  const ordered = new Set<PlannedMove>();
  for (const move of plan.moves.values()) {
    const path: PlannedMove[] = [];
    for (let at: NodeId | null = move.node.id; at !== null; at = await parentAfter(scope, plan, at)) {
      const above = plan.moves.get(at);
      if (above !== undefined && !ordered.has(above)) path.push(above);
    }
    for (const above of path.reverse()) ordered.add(above);
  }
  return ordered;
}

async function carryOut(scope: Scope, plan: Plan): Promise<void> {
  const touched = [...plan.moves.values(), ...plan.deletes.values()].map(({ node }) => node);
  let left = touched.length;
  // Placeholders contain what no name may contain.
  for (const [index, node] of touched.entries()) {
    await scope.tx.updateNode(scope.ns, { ...node, nameKey: `/${index}` });
  }
  for (const { node, parent, name } of await parentsFirst(scope, plan)) {
    left -= 1;
    const moved = scope.alive(node, { parent, name, nameKey: nfcKey(name) });
    await scope.tx.updateNode(scope.ns, moved);
    const head = await scope.headOf(moved);
    await scope.ledger.append({ cause: 'move', node: moved, head, more: left > 0 });
  }
  for (const { node, step } of plan.deletes.values()) {
    left -= 1;
    const successor = await knownSuccessor(scope, step.successor);
    // A folder that was deleted by an earlier step has taken this one with it.
    const now = await scope.tx.node(scope.ns, node.id);
    if (now?.live) await kill(scope, { ...now, nameKey: node.nameKey }, { successor, more: left > 0 });
    else if (now !== null) await scope.tx.updateNode(scope.ns, { ...now, nameKey: node.nameKey });
  }
}
