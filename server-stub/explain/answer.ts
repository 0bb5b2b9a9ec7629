/** What an operator is told: pure values, drawn as text by the command line and as pages by the console. */
import type { NodeKind } from '../../src/protocol/content.ts';
import type {
  ChunkId,
  ConflictId,
  DeviceId,
  ManifestId,
  NamespaceId,
  NodeId,
  TenantId,
  VersionId,
} from '../../src/protocol/ids.ts';
import type { ConflictCause, EventCause } from '../../src/protocol/journal.ts';
import type { KeptWhy } from '../../src/protocol/retention.ts';
import type { Decision } from '../metadata/job-rows.ts';

/** A path, a name somebody reported, or an id. */
export interface Question {
  readonly about: string;
  /** Only what this user has, or is in. */
  readonly user: string | null;
  /** Where an earlier, longer answer went on. */
  readonly after: string | null;
}

export type ExplainAnswer =
  | NothingFound
  | NameMatches
  | NodeStory
  | VersionStory
  | DeviceStory
  | ChunkStory
  | ConflictStory;

export interface NothingFound {
  readonly kind: 'nothing';
  readonly question: Question;
  readonly why: string;
}

export interface Who {
  readonly device: DeviceId;
  readonly deviceName: string;
  readonly user: string;
}

/** A node, with what people call it. */
export interface NodeLine {
  readonly namespace: NamespaceId;
  /** Whose it is: a user, or the name of a share. */
  readonly owner: string;
  readonly node: NodeId;
  readonly nodeKind: NodeKind;
  /** Where it stands, or stood when it died. */
  readonly path: string;
  readonly live: boolean;
}

export interface NameMatch {
  readonly at: NodeLine;
  /** The name that was found: one that it has, or once had. */
  readonly name: string;
  /** Since when it had that one; null: found where it stands. */
  readonly since: number | null;
  /** 1: that very name. */
  readonly likeness: number;
}

export interface NameMatches {
  readonly kind: 'matches';
  readonly question: Question;
  readonly matches: readonly NameMatch[];
  /** Go on from there; null: everything was looked at. */
  readonly next: string | null;
}

export interface VersionLine {
  readonly version: VersionId;
  readonly number: number;
  readonly base: VersionId | null;
  readonly seq: number;
  readonly at: number;
  readonly editedAt: number;
  readonly by: Who;
  /** Null where it was not written down, or no claim made it. */
  readonly key: number | null;
  /** What the claim came to; null: its journal row is not kept any more. */
  readonly outcome: EventCause | null;
  readonly content:
    | {
        readonly kind: 'file';
        readonly manifest: ManifestId;
        readonly size: number;
        readonly executable: boolean;
      }
    | { readonly kind: 'symlink'; readonly target: string };
  readonly isHead: boolean;
  /** Null: let go. */
  readonly kept: {
    readonly why: KeptWhy;
    readonly until: number | null;
    readonly label: string | null;
  } | null;
}

export interface ChangeLine {
  readonly namespace: NamespaceId;
  readonly seq: number;
  readonly at: number;
  readonly cause: EventCause;
  readonly by: Who;
  readonly key: number | null;
  readonly node: NodeId;
  readonly name: string;
  /** Where its folder stands now. */
  readonly folder: string;
  /** Everything below went, or came back, with it. */
  readonly withAllBelow: boolean;
  readonly conflict: ConflictId | null;
}

/** Whether a device has heard of a change. */
export interface Reach {
  readonly by: Who;
  readonly ackedSeq: number | null;
  readonly ackedAt: number | null;
  readonly behind: number;
  readonly verdict: 'has-it' | 'behind' | 'other-epoch' | 'never-acknowledged';
  /** Null: only the running server knows, and this one is not it. */
  readonly wake: Wake | null;
}

/** Since the server started: the last time a device was told to look, and the last time it looked. */
export interface Wake {
  readonly wokenAt: number | null;
  readonly pulledAt: number | null;
}

/** The deletion that took a node, or took it before it came back. */
export interface Grave {
  readonly seq: number;
  readonly at: number;
  readonly by: Who | null;
  readonly key: number | null;
  /** The folder that it died with; null: it was deleted itself. */
  readonly within: { readonly node: NodeId; readonly name: string } | null;
  readonly head: VersionId | null;
  readonly standing: 'came-back' | 'in-trash' | 'let-go';
}

/** Something to run, looked at first. */
export interface Action {
  readonly title: string;
  readonly command: string;
  readonly changes: boolean;
}

export interface NodeStory {
  readonly kind: 'node';
  readonly at: NodeLine;
  readonly headSeq: number;
  readonly placeSeq: number;
  readonly names: readonly { readonly name: string; readonly seq: number; readonly at: number }[];
  readonly successor: NodeLine | null;
  readonly grave: Grave | null;
  readonly versions: readonly VersionLine[];
  readonly changes: readonly ChangeLine[];
  /** Changes of its namespace that nobody has read for this answer yet. */
  readonly unread: number;
  readonly reach: readonly Reach[];
  readonly conflicts: readonly ConflictLine[];
  /** Copies that lost a race against it, each made from one of its versions. */
  readonly forks: readonly { readonly version: VersionLine; readonly cause: ConflictCause }[];
  readonly children: readonly { readonly node: NodeId; readonly nodeKind: NodeKind; readonly name: string }[];
  readonly decisions: readonly Decision[];
  readonly actions: readonly Action[];
  readonly next: string | null;
}

export interface VersionStory {
  readonly kind: 'version';
  readonly at: NodeLine;
  readonly version: VersionLine;
  readonly base: VersionLine | null;
  readonly chunks: readonly { readonly chunk: ChunkId; readonly size: number; readonly state: ChunkState }[];
  readonly chunkCount: number;
  readonly reach: readonly Reach[];
  readonly decisions: readonly Decision[];
  readonly actions: readonly Action[];
}

export type ChunkState = 'stored' | 'quarantined' | 'damaged' | 'missing';

export interface DeviceStory {
  readonly kind: 'device';
  readonly by: Who;
  readonly os: string;
  readonly linkedAt: number;
  readonly lastSeenAt: number | null;
  readonly revokedAt: number | null;
  readonly starts: number;
  /** Keys below it are settled. */
  readonly settledBelow: number;
  readonly wake: Wake | null;
  readonly surfaces: readonly SurfaceLine[];
  readonly unsettled: readonly { readonly key: number; readonly outcome: string }[];
  readonly sessions: readonly {
    readonly session: string;
    readonly files: number;
    readonly bytes: number;
    readonly openedAt: number;
    readonly expiresAt: number;
  }[];
  readonly changes: readonly ChangeLine[];
  readonly next: string | null;
  readonly actions: readonly Action[];
}

/** One namespace that a device syncs, and how far it is there. */
export interface SurfaceLine {
  readonly namespace: NamespaceId;
  readonly owner: string;
  readonly device: DeviceId;
  readonly headSeq: number;
  readonly ackedSeq: number | null;
  readonly ackedAt: number | null;
  readonly behind: number;
  readonly verdict: Reach['verdict'];
  /** When the first change that it has not acknowledged was made; null: it has all, or the row is gone. */
  readonly waitingSince: number | null;
}

export interface ChunkStory {
  readonly kind: 'chunk';
  readonly chunk: ChunkId;
  readonly copies: readonly {
    readonly tenant: TenantId;
    readonly state: ChunkState;
    readonly size: number;
    readonly location: string;
    readonly storedAt: number;
    readonly quarantinedAt: number | null;
    readonly damagedAt: number | null;
    readonly pinned: boolean;
  }[];
  readonly references: readonly { readonly at: NodeLine; readonly version: VersionLine }[];
  readonly next: string | null;
  readonly decisions: readonly Decision[];
  readonly actions: readonly Action[];
}

export interface ConflictLine {
  readonly namespace: NamespaceId;
  readonly conflict: ConflictId;
  readonly cause: ConflictCause;
  readonly status: 'open' | 'resolved';
  readonly at: number;
  readonly by: Who;
  readonly path: string | null;
}

export interface ConflictStory {
  readonly kind: 'conflict';
  readonly line: ConflictLine;
  readonly original: NodeLine | null;
  readonly copy: NodeLine | null;
  readonly ancestor: VersionLine | null;
  readonly theirs: VersionLine | null;
  readonly mine: VersionLine | null;
  readonly evidence: Evidence;
  readonly settled: { readonly at: number; readonly by: Who; readonly keep: string } | null;
  readonly decisions: readonly Decision[];
  readonly actions: readonly Action[];
}

/** The times that a cause was derived from, so that somebody can judge it again. */
export interface Evidence {
  /** When the version that the edit began from stopped being the head. */
  readonly supersededAt: number | null;
  readonly editedAt: number | null;
  readonly receivedAt: number;
  /** From the edit, by its device's clock, until it arrived. */
  readonly heldBackMs: number | null;
  /** From the newer head until the edit, by its device's clock: below nothing, both were at it at once. */
  readonly afterHeadMs: number | null;
  /** What these times say now; null: not a matter of time, or a version is not kept. */
  readonly derived: ConflictCause | null;
}
