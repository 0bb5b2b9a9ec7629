/** The three trees' rows. Each tree is a set of nodes keyed by id; paths are derived, never stored. */
import type { Content, NodeKind } from '../../protocol/content.ts';
import type { NodeId, VersionId } from '../../protocol/ids.ts';

export interface Place {
  readonly parent: NodeId;
  readonly name: string;
}

/**
 * What was last observed on disk.
 * - `seen`: really looked at. - `unseen`: could not be observed; never taken for deleted.
 * - `excluded`: left out by a rule. - `leftover`: a folder deleted elsewhere that still holds unsynced things here.
 */
export type LocalCondition = 'seen' | 'unseen' | 'excluded' | 'leftover';

export interface LocalNode extends Place {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly condition: LocalCondition;
  /** `null`: a folder, or content that has not been hashed since it last changed. */
  readonly content: Content | null;
  readonly mtimeNs: bigint;
  readonly size: number;
  /** Opaque encoding of the full stamp, compared as a whole. */
  readonly stamp: string;
  /** Hidden under `.tidemark/parked` while names in the way are untangled. */
  readonly parked: boolean;
}

export interface RemoteHead {
  readonly version: VersionId;
  readonly number: number;
  readonly content: Content;
  readonly mtimeNs: bigint;
  readonly seq: number;
}

/** What the journal says, joined with the answers to this device's own claims. */
export interface RemoteNode {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
  readonly live: boolean;
  readonly entryRev: number;
  readonly entrySeq: number;
  /** Set while dead: the delete that took it. */
  readonly deadSeq: number | null;
  readonly approved: boolean;
  readonly head: RemoteHead | null;
}

/** What both sides last agreed on: the merge base. */
export interface SyncedNode extends Place {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly entryRev: number;
  readonly version: VersionId | null;
  readonly content: Content | null;
  /** Stamp of the file when it was agreed: what the disk must still show before anything replaces it. */
  readonly stamp: string;
  /** The conflict copy that holds the content: agreed on only as long as that one stands here with it. */
  readonly lent?: NodeId | null;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.parent === b.parent && a.name === b.name;
}
