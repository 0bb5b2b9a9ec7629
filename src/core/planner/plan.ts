/** From a set of nodes that may differ to a printable, deterministic, ordered plan. Pure; cost by what differs. */

import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { LocalNode } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { orderClaims } from './claim-order.ts';
import { decide, decideContent } from './decide.ts';
import type { ClaimIntent, ContentIntent, Intent, StructureIntent, TreeIntent } from './intents.ts';
import { orderStructure, targetOf } from './structure-order.ts';

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

/** Puts an intent where it belongs; says how many are there now, so that no kind can be left out. */
function sort(draft: Draft, intent: Intent): number {
  switch (intent.kind) {
    case 'adopt':
    case 'bind':
    case 'forget':
    case 'drop-delete':
    case 'drop-move':
    case 'leave':
    case 'rejoin':
    case 'stay':
      return draft.trees.push(intent);
    case 'make-folder':
    case 'move-here':
    case 'park':
    case 'unpark':
    case 'trash':
    case 'remove-folder':
      return draft.structure.push(intent);
    case 'create':
    case 'edit':
    case 'move':
    case 'delete':
    case 'rearrange':
      return draft.claims.push(intent);
    case 'hash':
    case 'fetch':
    case 'replace':
      return draft.contents.push(intent);
    case 'hold':
      return draft.holds.push(intent);
    case 'review':
      return draft.reviews.push(intent);
    case 'wait':
      return draft.waiting.push(intent.node);
    case 'rest':
      return 0;
    case 'nothing':
      return draft.done.push(intent.node);
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

/** In which folder each node stands that this plan rearranges; `null`: nowhere, for it steps aside or goes. */
type FoldersAfter = ReadonlyMap<NodeId, NodeId | null>;

function foldersAfter(view: TreeView, structure: readonly StructureIntent[]): FoldersAfter {
  return new Map(structure.map((intent) => [intent.node, targetOf(view, intent)?.parent ?? null]));
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
    const moved: NodeId | null | undefined = after.get(at);
    at = moved !== undefined ? moved : row.parked ? null : row.parent;
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
