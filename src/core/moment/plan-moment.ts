/** From a folder's tree of then and today's to the steps between them. */

import type { NodeKind } from '../../protocol/content.ts';
import { type Content, sameContent } from '../../protocol/content.ts';
import type { NodeId, VersionId } from '../../protocol/ids.ts';
import type { Place, RemoteNode } from '../tree/nodes.ts';

/** A node as it was: in the folder, or elsewhere (`below` false) and in the folder today. */
export interface ThenNode extends Place {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly below: boolean;
  /** Null for folders, and for a version that is not kept any more. */
  readonly head: {
    readonly version: VersionId;
    readonly number: number;
    readonly content: Content;
  } | null;
}

export interface MomentTrees {
  /** Parents before children. */
  readonly was: readonly ThenNode[];
  readonly now: (node: NodeId) => RemoteNode | null;
  /** All that lives below the folder today. */
  readonly liveBelow: readonly RemoteNode[];
  /** Files of then that were deleted since and are not kept any more: they cannot return. */
  readonly gone: number;
}

export interface ContentStep {
  readonly then: ThenNode;
  /** The head it goes on top of. */
  readonly base: VersionId;
}

export interface MomentSteps {
  /** Dead today. */
  readonly returns: readonly ThenNode[];
  /** Live, and elsewhere or called otherwise. */
  readonly places: readonly ThenNode[];
  readonly contents: readonly ContentStep[];
  /** Made since: the topmost nodes of what goes as a whole. */
  readonly removes: readonly RemoteNode[];
  /** Everything that was made since. */
  readonly made: ReadonlySet<NodeId>;
  /** Files as they were; files made since; files whose content of then is not kept. */
  readonly unchanged: number;
  readonly newer: number;
  readonly lost: number;
}

export function planMoment(trees: MomentTrees): MomentSteps {
  const returns: ThenNode[] = [];
  const places: ThenNode[] = [];
  const contents: ContentStep[] = [];
  const inPlace = new Set<NodeId>();
  let unchanged = 0;
  let lost = trees.gone;
  for (const then of trees.was) {
    const now = then.below ? trees.now(then.node) : null;
    if (now === null) continue;
    const isLost = then.kind !== 'folder' && then.head === null;
    if (isLost) lost += 1;
    const content = contentStep(then, now);
    if (content !== null) contents.push(content);
    if (!now.live) returns.push(then);
    else if (!stands(then, now)) places.push(then);
    else {
      inPlace.add(then.node);
      if (content === null && !isLost && then.kind !== 'folder') unchanged += 1;
    }
  }
  const known = new Set(trees.was.map(({ node }) => node));
  const made = new Set(trees.liveBelow.map(({ node }) => node).filter((node) => !known.has(node)));
  const leaving = new Set(places.map(({ node }) => node));
  return {
    returns,
    places,
    contents,
    removes: wholes(trees.liveBelow, made, leaving),
    made,
    unchanged,
    newer: trees.liveBelow.filter(({ node, kind }) => kind !== 'folder' && made.has(node)).length,
    lost,
  };
}

export function stands(then: Place, now: Place): boolean {
  return then.parent === now.parent && then.name === now.name;
}

function contentStep(then: ThenNode, now: RemoteNode): ContentStep | null {
  if (then.head === null || now.head === null) return null;
  return sameContent(then.head.content, now.head.content) ? null : { then, base: now.head.version };
}

/**
 * The topmost of the nodes that may go, of those with nothing below that has to stay. `leaving`: what is going to stand
 * elsewhere before that.
 */
export function wholes(
  live: readonly RemoteNode[],
  mayGo: ReadonlySet<NodeId>,
  leaving: ReadonlySet<NodeId> = new Set(),
): readonly RemoteNode[] {
  const byNode = new Map(live.map((row) => [row.node, row]));
  const stay = new Set<NodeId>();
  for (const { node } of live) {
    if (mayGo.has(node) || leaving.has(node)) continue;
    // Whatever is above something that stays, stays; what leaves takes along what is below it.
    for (let at: NodeId | undefined = node; at !== undefined && !stay.has(at) && !leaving.has(at); ) {
      stay.add(at);
      at = byNode.get(at)?.parent;
    }
  }
  const goes = (node: NodeId): boolean => mayGo.has(node) && !stay.has(node);
  return live.filter(({ node, parent }) => goes(node) && !goes(parent));
}
