/** What keeps history and lets it go: policies, holds, labels and what is due. */
import type { NamespaceId, NodeId, VersionId } from '../../src/protocol/ids.ts';
import type { RetentionPolicy } from '../retention/policy.ts';
import type { Awaitable } from './metadata-store.ts';
import type { DueVersion, HoldRow, KeptVersion, LabelRow, LivedHours, TrashBatch } from './retention-rows.ts';

export interface RetentionReads {
  livedHours(): Awaitable<LivedHours | null>;
  /** In order of their ids. */
  namespacesAfter(after: NamespaceId | null, limit: number): Awaitable<readonly NamespaceId[]>;
  /** null: nobody set one. */
  retentionPolicy(ns: NamespaceId): Awaitable<RetentionPolicy | null>;
  label(ns: NamespaceId, version: VersionId): Awaitable<LabelRow | null>;
  /** Of the versions of a node. */
  labelsOf(ns: NamespaceId, node: NodeId): Awaitable<readonly LabelRow[]>;
  /** Nodes with more than one version, by id. */
  thinnableNodes(ns: NamespaceId, after: NodeId | null, limit: number): Awaitable<readonly NodeId[]>;
  /** Versions of a node that are not released, newest first. */
  keptVersions(ns: NamespaceId, node: NodeId): Awaitable<readonly KeptVersion[]>;
  isVersionReleased(ns: NamespaceId, version: VersionId): Awaitable<boolean>;
  /** Those found due in this lived hour or before, and not released; the longest due first. */
  dueVersions(ns: NamespaceId, hour: number, limit: number): Awaitable<readonly DueVersion[]>;
  /** Deletions after `after` whose dead are not released, in order. */
  trashBatches(ns: NamespaceId, after: number, limit: number): Awaitable<readonly TrashBatch[]>;
  /** Deletions found due in this lived hour or before, and not released. */
  dueTrash(ns: NamespaceId, hour: number, limit: number): Awaitable<readonly number[]>;
  /** Of what died with this seq: the nodes whose folders did not. */
  trashTops(ns: NamespaceId, deadSeq: number): Awaitable<readonly NodeId[]>;
  /** Oldest first. */
  holds(ns: NamespaceId): Awaitable<readonly HoldRow[]>;
  /** What died with this seq cannot be brought back any more. */
  isTrashReleased(ns: NamespaceId, deadSeq: number): Awaitable<boolean>;
}

export interface RetentionWrites {
  setLivedHours(row: LivedHours): Awaitable<void>;
  setRetentionPolicy(ns: NamespaceId, policy: RetentionPolicy, by: string, at: number): Awaitable<void>;
  /** From now on that of all namespaces without one of their own. */
  dropRetentionPolicy(ns: NamespaceId): Awaitable<void>;
  setHold(ns: NamespaceId, row: HoldRow): Awaitable<void>;
  removeHold(ns: NamespaceId, node: NodeId): Awaitable<void>;
  setLabel(ns: NamespaceId, row: LabelRow): Awaitable<void>;
  removeLabel(ns: NamespaceId, version: VersionId): Awaitable<void>;
  /** Due from this lived hour on (an earlier one stays); null: not any more. What is released stays released. */
  setDue(ns: NamespaceId, version: VersionId, hour: number | null): Awaitable<void>;
  releaseVersion(ns: NamespaceId, version: VersionId, at: number): Awaitable<void>;
  setTrashDue(ns: NamespaceId, deadSeq: number, hour: number | null): Awaitable<void>;
  releaseTrash(ns: NamespaceId, deadSeq: number, at: number): Awaitable<void>;
}
