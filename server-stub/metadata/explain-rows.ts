/** Typed rows of what is asked afterwards: which names, which changes, who has heard of them. */
import type { NodeKind } from '../../src/protocol/content.ts';
import type { ConflictId, DeviceId, NamespaceId, NodeId, VersionId } from '../../src/protocol/ids.ts';
import type { ConflictCause } from '../../src/protocol/journal.ts';

/** A journal whose newest rows nobody has read for the index of names and changes. */
export interface UnreadJournal {
  readonly namespace: NamespaceId;
  readonly after: number;
}

/** What that index wants of a journal row. */
export interface IndexedChange {
  readonly seq: number;
  readonly node: NodeId;
  readonly name: string;
  /** Under which it is found whatever case it is typed in. */
  readonly folded: string;
  readonly device: DeviceId;
  readonly at: number;
}

/** A name that a node had at some time; `no` grows with every new one. */
export interface NameRow {
  readonly no: number;
  readonly namespace: NamespaceId;
  readonly node: NodeId;
  readonly name: string;
  /** The change that gave it first. */
  readonly seq: number;
  readonly at: number;
}

export type NameWish =
  /** Any of these, each of three letters at least, anywhere in the name. */
  | { readonly kind: 'pieces'; readonly pieces: readonly string[] }
  | { readonly kind: 'beginning'; readonly folded: string };

/** Some of what was asked for, and where to go on; null: that was all. */
export interface Paged<T, Next> {
  readonly rows: readonly T[];
  readonly next: Next | null;
}

export interface ConflictPlace {
  readonly namespace: NamespaceId;
  readonly id: ConflictId;
  readonly at: number;
}

export interface ConflictDay {
  /** Days since 1970, in UTC. */
  readonly day: number;
  readonly cause: ConflictCause;
  readonly count: number;
}

export interface VersionPlace {
  readonly namespace: NamespaceId;
  readonly version: VersionId;
}

export interface ChildRow {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly name: string;
  readonly nameKey: string;
}

export type IdKind = 'node' | 'version' | 'conflict';
