/** What went from one namespace into another. */
import type { NamespaceId, NodeId, VersionId } from '../../src/protocol/ids.ts';
import type { Awaitable } from './metadata-store.ts';

export interface CrossingRow {
  /** The first version of the copy. */
  readonly to: { readonly namespace: NamespaceId; readonly node: NodeId; readonly version: VersionId };
  /** What it was made from. */
  readonly from: {
    readonly namespace: NamespaceId;
    readonly node: NodeId;
    readonly version: VersionId;
    readonly number: number;
  };
}

export interface CrossingReads {
  /** What the node's versions were made from in other namespaces. */
  crossingsInto(ns: NamespaceId, node: NodeId): Awaitable<readonly CrossingRow[]>;
  /** What was made of the node's versions in other namespaces. */
  crossingsOutOf(ns: NamespaceId, node: NodeId): Awaitable<readonly CrossingRow[]>;
}

export interface CrossingWrites {
  /** Once for each version that was made. */
  addCrossing(row: CrossingRow): Awaitable<void>;
}
