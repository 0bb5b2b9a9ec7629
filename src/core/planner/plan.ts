/** From a set of nodes that may differ to a printable, deterministic, ordered plan. Pure; cost by what differs. */

import { assertNever } from '../../protocol/assert-never.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { LocalNode } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { orderClaims } from './claim-order.ts';
import { decide, decideContent } from './decide.ts';
import type { ClaimIntent, ContentIntent, Intent, StructureIntent, TreeIntent } from './intents.ts';
import { orderStructure } from './structure-order.ts';

export interface Plan {
  /** Corrections of our own trees: when there are any they are applied first, and the nodes are planned again. */
  readonly trees: readonly TreeIntent[];
  readonly structure: readonly StructureIntent[];
  readonly claims: readonly ClaimIntent[];
  readonly contents: readonly ContentIntent[];
  readonly holds: readonly Extract<Intent, { kind: 'hold' }>[];
  readonly reviews: readonly Extract<Intent, { kind: 'review' }>[];
  /** Undecided until something else has happened. */
  readonly waiting: readonly NodeId[];
  /** Nothing (more) to do. */
  readonly done: readonly NodeId[];
}

interface Draft {
  readonly trees: TreeIntent[];
  readonly structure: StructureIntent[];
  readonly claims: ClaimIntent[];
  readonly contents: ContentIntent[];
  readonly holds: Extract<Intent, { kind: 'hold' }>[];
  readonly reviews: Extract<Intent, { kind: 'review' }>[];
  readonly waiting: NodeId[];
  readonly done: NodeId[];
}

function sort(draft: Draft, intent: Intent): void {
  switch (intent.kind) {
    case 'adopt':
    case 'bind':
    case 'forget':
    case 'drop-delete':
    case 'drop-move':
    case 'separate':
    case 'leave':
    case 'stay':
      draft.trees.push(intent);
      return;
    case 'make-folder':
    case 'move-here':
    case 'park':
    case 'unpark':
    case 'trash':
    case 'remove-folder':
      draft.structure.push(intent);
      return;
    case 'create':
    case 'edit':
    case 'move':
    case 'delete':
    case 'rearrange':
      draft.claims.push(intent);
      return;
    case 'hash':
    case 'fetch':
    case 'replace':
      draft.contents.push(intent);
      return;
    case 'hold':
      draft.holds.push(intent);
      return;
    case 'review':
      draft.reviews.push(intent);
      return;
    case 'wait':
      draft.waiting.push(intent.node);
      return;
    case 'rest':
      return;
    case 'nothing':
      draft.done.push(intent.node);
      return;
    default:
      assertNever(intent);
  }
}

/** Plans for `nodes`, given in the order they became different (parents before children). */
export function plan(view: TreeView, nodes: Iterable<NodeId>): Plan {
  const draft: Draft = {
    trees: [],
    structure: [],
    claims: [],
    contents: [],
    holds: [],
    reviews: [],
    waiting: [],
    done: [],
  };
  for (const node of nodes) sort(draft, decide(view, node));
  const structure = orderStructure(view, draft.structure);
  const claims = orderClaims(view, draft.claims);
  const ready = [...claims.ready];
  for (const { node } of [...structure.waiting, ...claims.waiting]) {
    const content = decideContent(view, node);
    if (content === null) draft.waiting.push(node);
    else if (content.kind === 'edit') ready.push(content);
    else sort(draft, content);
  }
  const contents: ContentIntent[] = [];
  const after = foldersAfter(view, structure.ready);
  for (const intent of draft.contents) {
    if (canLand(view, intent, after)) contents.push(intent);
    else draft.waiting.push(intent.node);
  }
  return { ...draft, structure: structure.ready, claims: ready, contents };
}

/** In which folder each node stands that this plan rearranges; `null`: nowhere, for it steps aside. */
type FoldersAfter = ReadonlyMap<NodeId, NodeId | null>;

function foldersAfter(view: TreeView, structure: readonly StructureIntent[]): FoldersAfter {
  const after = new Map<NodeId, NodeId | null>();
  for (const intent of structure) {
    if (intent.kind === 'park') after.set(intent.node, null);
    else if (intent.kind === 'unpark') after.set(intent.node, intent.at.parent);
    else if (intent.kind === 'move-here') after.set(intent.node, view.remote(intent.node)?.parent ?? null);
  }
  return after;
}

/** Bytes are only worth fetching when what they are for is in sight; of a newcomer, when its name is free now. */
function canLand(view: TreeView, { kind, node }: ContentIntent, after: FoldersAfter): boolean {
  if (kind === 'hash') return true;
  if (kind === 'replace') return isInSight(view, node, after);
  const remote = view.remote(node);
  return (
    remote !== null &&
    view.localAt(remote.parent, remote.name) === null &&
    isInSight(view, remote.parent, after)
  );
}

/** Stands on disk, and neither it nor a folder above it steps aside. */
function isInSight(view: TreeView, node: NodeId, after: FoldersAfter): boolean {
  for (let at: NodeId | null = node; at !== ROOT_NODE; ) {
    const row: LocalNode | null = at && view.local(at);
    if (!at || !row) return false;
    at = after.has(at) ? (after.get(at) ?? null) : row.parked ? null : row.parent;
  }
  return true;
}

/** A plan as lines for the log and for failing tests. */
export function printPlan(plan: Plan): string {
  const lines = [
    ...plan.trees,
    ...plan.structure,
    ...plan.claims,
    ...plan.contents,
    ...plan.holds,
    ...plan.reviews,
  ].map((each) => `${each.kind} ${each.node.slice(-6)}: ${each.rule}`);
  return [...lines, `waiting ${plan.waiting.length}, done ${plan.done.length}`].join('\n');
}
