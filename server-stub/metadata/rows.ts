/** Typed rows of the metadata plane. Every value was parsed when it was read; nothing here knows SQL. */
import type { Content, NodeKind } from '../../src/protocol/content.ts';
import type {
  ChunkId,
  ConflictId,
  DeviceId,
  Epoch,
  ManifestId,
  NamespaceId,
  NodeId,
  TenantId,
  UserId,
  VersionId,
} from '../../src/protocol/ids.ts';
import type { ConflictCause, EventCause } from '../../src/protocol/journal.ts';
import type { Settlement } from './settlement.ts';

export interface ServerRow {
  /** 32 hex digits, drawn once per database. */
  readonly id: string;
  readonly createdAt: number;
}

export interface UserRow {
  readonly id: UserId;
  readonly tenant: TenantId;
  readonly name: string;
  /** Opaque to this layer: whatever the account code needs to check a password. */
  readonly passwordHash: string;
  readonly createdAt: number;
}

export interface DeviceRow {
  readonly id: DeviceId;
  readonly user: UserId;
  readonly name: string;
  readonly os: string;
  /** Hash of the device's token; the token itself is nowhere on the server. */
  readonly tokenHash: string;
  readonly instance: string;
  /** How often its engine started, and which of its starts that was (`null`: it never said). */
  readonly generation: number;
  readonly start: string | null;
  readonly linkedAt: number;
  readonly lastSeenAt: number | null;
  readonly revokedAt: number | null;
  /** Every key below this one is settled: it can never commit (again). */
  readonly settledBelow: number;
  /** Where it speaks: a shared namespace; null: the personal one of its user. */
  readonly namespace: NamespaceId | null;
  /** The device that it is, where this row is one for a shared namespace. */
  readonly main: DeviceId | null;
}

export interface NamespaceRow {
  readonly id: NamespaceId;
  readonly tenant: TenantId;
  readonly owner: UserId;
  readonly epoch: Epoch;
  readonly headSeq: number;
  /** Running hash at `headSeq` (16 hex digits). */
  readonly headHash: string;
  /** Running hash before the first kept journal row, and that row's seq minus one. */
  readonly floorSeq: number;
  readonly floorHash: string;
  /** The latest moment up to the floor: what stood there is known from it on. null: it is not known. */
  readonly floorAt: number | null;
  /** Nodes ever created, live and dead. */
  readonly nodeCount: number;
  readonly createdAt: number;
}

/** What a device has acknowledged as durably applied. */
export interface AckedCursor {
  readonly epoch: Epoch;
  readonly seq: number;
  readonly at: number;
}

/** A node as events tell it. */
export interface NodePost {
  readonly id: NodeId;
  readonly kind: NodeKind;
  /** `null` only for the root. */
  readonly parent: NodeId | null;
  readonly name: string;
  readonly live: boolean;
  /** Grows with every change of place or life, also one that came with a subtree. */
  readonly rev: number;
  /** Seq of the last change of place or life. */
  readonly entrySeq: number;
  readonly deadSeq: number | null;
  readonly successor: NodeId | null;
  readonly head: VersionId | null;
  /** Seq of the head's commit; 0 without one. */
  readonly headSeq: number;
}

export interface NodeRow extends NodePost {
  /** What makes a name taken: its NFC form. Differs from it only inside a rearrangement. */
  readonly nameKey: string;
  /** The conflict this node is the copy of. */
  readonly conflict: ConflictId | null;
  /** Who changed place or life last, and when; `null` only for the root. */
  readonly entryDevice: DeviceId | null;
  readonly entryAt: number;
}

export interface VersionRow {
  readonly id: VersionId;
  readonly node: NodeId;
  readonly number: number;
  readonly base: VersionId | null;
  readonly content: Content;
  readonly mtimeNs: string;
  readonly seq: number;
  readonly device: DeviceId;
  readonly at: number;
  readonly editedAt: number;
}

/** A version with what an event needs beside it: its manifest, if that is small enough to ride along. */
export interface HeadRow {
  readonly version: VersionRow;
  readonly encoded: Uint8Array | null;
}

/** One journal row: the node's post-state as of `seq`, who changed it and why. */
export interface JournalRow {
  readonly seq: number;
  /** Running hash up to and including this row. */
  readonly hash: string;
  readonly cause: EventCause;
  readonly node: NodePost;
  readonly subtree: 'dead' | 'revived' | null;
  readonly revivedBatch: number | null;
  readonly approved: boolean;
  /** The conflict that this change opened or settled. */
  readonly conflict: ConflictId | null;
  readonly device: DeviceId;
  readonly at: number;
  /** The next row belongs to the same rearrangement: a page must not end here. */
  readonly more: boolean;
  /** Idempotency key of the claim that made it; null: no claim did, or it was not written down yet. */
  readonly key: number | null;
}

export interface JournalRead extends JournalRow {
  readonly head: HeadRow | null;
}

/** A node as it stands, with its head. */
export interface NodeState {
  readonly node: NodeRow;
  readonly head: HeadRow | null;
}

export interface ConflictRow {
  readonly id: ConflictId;
  readonly cause: ConflictCause;
  readonly status: 'open' | 'resolved';
  readonly original: NodeId;
  readonly copy: NodeId;
  readonly ancestor: VersionId | null;
  readonly originalVersion: VersionId | null;
  readonly copyVersion: VersionId | null;
  readonly device: DeviceId;
  readonly at: number;
  /** Where both stood when they clashed; null in rows from before that was written down. */
  readonly originalPath: string | null;
  readonly copyPath: string | null;
  readonly resolution: string | null;
  /** Null while it is open, and in rows from before it was written down. */
  readonly settlement: Settlement | null;
}

/** A change of place or life as the journal has it, for telling how things stood at a moment. */
export interface PlaceChange {
  readonly seq: number;
  readonly at: number;
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId | null;
  readonly name: string;
  readonly deadSeq: number | null;
  readonly head: VersionId | null;
  readonly subtree: 'dead' | 'revived' | null;
  readonly revivedBatch: number | null;
}

export interface Author {
  readonly deviceName: string;
  readonly userName: string;
}

/** The stored answer to a claim. `body` is written and read by the rules alone; a burned key has none. */
export interface OutcomeRow {
  readonly key: number;
  readonly digest: string | null;
  readonly body: string | null;
}

export interface ManifestRow {
  readonly id: ManifestId;
  readonly encoded: Uint8Array;
}

export interface ChunkRow {
  readonly id: ChunkId;
  /** Physical name, unique per write (RULES 27); opaque to this layer. */
  readonly location: string;
  readonly size: number;
  readonly storedAt: number;
  /** Set while the chunk waits for its erasure; it is still readable then. */
  readonly quarantinedAt: number | null;
  /** Set once its copy was found not to be what it was: it is never served, and asked for like a missing one. */
  readonly damagedAt: number | null;
}

export interface SessionRow {
  readonly id: string;
  readonly device: DeviceId;
  readonly namespace: NamespaceId;
  /** Largest claim key in it: answered means that the attempt is over. */
  readonly lastKey: number;
  readonly files: number;
  readonly bytes: number;
  readonly openedAt: number;
  readonly expiresAt: number;
}

/** A data key of a tenant, encrypted under the master key that `masterKey` names. */
export interface TenantKeyRow {
  readonly tenant: TenantId;
  readonly number: number;
  readonly masterKey: string;
  readonly wrapped: Uint8Array;
  readonly createdAt: number;
}
