/** Claims, answers and journal events of the model: the protocol's, without what the planner never sees. */
import type { RemoteHead } from '../../src/core/tree/nodes.ts';
import type { Content, NodeKind } from '../../src/protocol/content.ts';
import type { NodeId, VersionId } from '../../src/protocol/ids.ts';

export interface MoveStep {
  readonly op: 'move';
  readonly node: NodeId;
  readonly rev: number;
  readonly parent: NodeId;
  readonly name: string;
}

export interface DeleteStep {
  readonly op: 'delete';
  readonly node: NodeId;
  readonly rev: number;
  readonly base: VersionId | null;
  readonly observedSeq: number;
  readonly unapplied: readonly NodeId[];
}

interface Keyed {
  readonly key: number;
  readonly node: NodeId;
  readonly unanswered: readonly number[];
}

export interface CreateClaim extends Keyed {
  readonly op: 'create';
  readonly parent: NodeId;
  readonly name: string;
  readonly content: Content | null;
  /** Under another name than it has here, to be moved to that later. */
  readonly aside: boolean;
}

export interface EditClaim extends Keyed {
  readonly op: 'edit';
  readonly base: VersionId;
  readonly content: Content;
}

export type Claim =
  | CreateClaim
  | EditClaim
  | (Keyed & MoveStep)
  | (Keyed & DeleteStep)
  | (Keyed & { readonly op: 'rearrange'; readonly steps: readonly (MoveStep | DeleteStep)[] });

/** Where a node stands after a change; `seq` is the change's. */
export interface Event {
  readonly seq: number;
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
  readonly live: boolean;
  readonly rev: number;
  readonly entrySeq: number;
  readonly deadSeq: number | null;
  readonly head: RemoteHead | null;
  readonly subtree: 'dead' | 'revived' | null;
  readonly batch: number | null;
  /** A page must not end here. */
  readonly more: boolean;
}

export type Dropped = 'newer-head' | 'moved-elsewhere' | 'already-dead' | 'cycle' | 'steps-stale' | 'gone';

export interface Outcome {
  readonly kind: 'committed' | 'adopted' | 'renamed' | 'forked' | 'dropped' | 'burned';
  readonly key: number;
  readonly node: NodeId;
  readonly events: readonly Event[];
  readonly survivors: readonly NodeId[];
  readonly why: Dropped | null;
}
