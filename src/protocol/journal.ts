/**
 * The journal: post-states of nodes in commit order. Entry (place, life) and head (content) carry their own seqs, so
 * that folding an answer or an event changes only what it is about (RULES 15).
 */
import { type Static, Type } from 'typebox';
import { VersionContent, WireHead } from './head.ts';
import { LIMITS } from './limits.ts';
import {
  ConflictIdSchema,
  Count,
  DeviceIdSchema,
  EpochSchema,
  Millis,
  NodeIdSchema,
  nullable,
  record,
  Seq,
  VersionIdSchema,
} from './schema.ts';

export const NodeKindSchema = Type.Union([
  Type.Literal('folder'),
  Type.Literal('file'),
  Type.Literal('symlink'),
]);

/** Where a node stands and whether it lives, as of `seq`. A dead node keeps its last place. */
export const WireEntry = record({
  parent: nullable(NodeIdSchema),
  name: Type.String({ maxLength: LIMITS.nameBytes }),
  live: Type.Boolean(),
  rev: Count,
  seq: Seq,
  /** For a dead node: seq of the delete that took it, the mark of its batch. */
  deadSeq: nullable(Seq),
  /** For a dead node: the node that took its content and place, if one did. */
  successor: nullable(NodeIdSchema),
});
export type WireEntry = Static<typeof WireEntry>;

export const ConflictCause = Type.Union([
  Type.Literal('concurrent'),
  Type.Literal('offline'),
  Type.Literal('lag'),
  Type.Literal('name-clash'),
  Type.Literal('edit-delete'),
]);
export type ConflictCause = Static<typeof ConflictCause>;

/** What one side of a conflict was when it clashed, as far as that is known. */
export const WireSide = record({
  /** Where it stood. */
  path: nullable(Type.String()),
  number: Type.Integer({ minimum: 1 }),
  content: VersionContent,
  /** Names are given twice now and then: who is meant is told by the id. */
  deviceId: DeviceIdSchema,
  device: Type.String(),
  user: Type.String(),
  /** When the server committed it, and when its device says that it was made. */
  at: Millis,
  editedAt: Millis,
});
export type WireSide = Static<typeof WireSide>;

/** A conflict as an object: the copy, what it clashed with, and their common ancestor. */
export const WireConflict = record({
  id: ConflictIdSchema,
  cause: ConflictCause,
  status: Type.Union([Type.Literal('open'), Type.Literal('resolved')]),
  /** The node that kept the path. */
  original: NodeIdSchema,
  /** The conflict copy's node. */
  copy: NodeIdSchema,
  ancestor: nullable(VersionIdSchema),
  originalVersion: nullable(VersionIdSchema),
  copyVersion: nullable(VersionIdSchema),
  device: Type.String(),
  user: Type.String(),
  at: Millis,
  resolution: nullable(Type.String()),
  /** Both sides as they were then; null for one whose version is not kept. Absent where an older server told it. */
  sides: Type.Optional(
    record({
      original: nullable(WireSide),
      copy: nullable(WireSide),
      /** V number of `ancestor`. */
      ancestor: nullable(Type.Integer({ minimum: 1 })),
    }),
  ),
  /** Who settled it, and when; null while it is open. `undoable`: what undoing it needs was written down. */
  settled: Type.Optional(
    nullable(
      record({
        device: Type.String(),
        user: Type.String(),
        at: Millis,
        undoable: Type.Boolean(),
        /** The head that settling left at the path, if it made one: undoing needs it to be the head still. */
        made: nullable(VersionIdSchema),
      }),
    ),
  ),
});
export type WireConflict = Static<typeof WireConflict>;

export const EventCause = Type.Union([
  Type.Literal('create'),
  Type.Literal('edit'),
  Type.Literal('move'),
  Type.Literal('delete'),
  Type.Literal('revive'),
  Type.Literal('restore'),
  Type.Literal('fork'),
  Type.Literal('resolve'),
  /** A settled conflict was opened again: a side came back, or its content from before on top. */
  Type.Literal('reopen'),
]);
export type EventCause = Static<typeof EventCause>;

export const JournalEvent = record({
  seq: Seq,
  node: NodeIdSchema,
  kind: NodeKindSchema,
  cause: EventCause,
  entry: WireEntry,
  head: nullable(WireHead),
  /**
   * 'dead': this node and everything below it that was live died at `seq` with it (one event however much is below).
   * 'revived': everything below that carries `revivedBatch` as its deadSeq lives again, reached through nodes that do.
   * Either way each of those below has a rev one higher and `seq` as its entry's seq; `deadSeq` is `seq`, or null
   * (and `successor` null) again. Below is meant as of `seq`: a node whose entry is newer keeps it. So a reader that folds
   * answers ahead of its journal must not let them change where folders it knows stand and whether those live: the
   * journal alone does that, or it cannot tell what was below.
   */
  subtree: nullable(Type.Union([Type.Literal('dead'), Type.Literal('revived')])),
  revivedBatch: nullable(Seq),
  /** A delete that the user approved past the brake. */
  approved: Type.Boolean(),
  conflict: nullable(WireConflict),
  /** Author of this change. */
  device: DeviceIdSchema,
  deviceName: Type.String(),
  user: Type.String(),
  at: Millis,
});
export type JournalEvent = Static<typeof JournalEvent>;

/** (epoch, seq, running hash): a device's durable statement "I have seen this namespace up to here" (RULES 25). */
export const Cursor = record({
  epoch: EpochSchema,
  seq: Seq,
  hash: Type.String({ pattern: '^[0-9a-f]{16}$' }),
});
export type Cursor = Static<typeof Cursor>;

export const JournalPage = record({
  kind: Type.Literal('page'),
  events: Type.Array(JournalEvent),
  next: Cursor,
  hasMore: Type.Boolean(),
  /** Seq of the newest committed change when the page was read. */
  head: Seq,
});
export type JournalPage = Static<typeof JournalPage>;

/** Read the snapshot instead: `why` says whether the cursor was too old, from another epoch, or unknown. */
export const ResyncRequired = record({
  kind: Type.Literal('resync'),
  why: Type.Union([Type.Literal('expired'), Type.Literal('other-epoch'), Type.Literal('far-behind')]),
  epoch: EpochSchema,
});
export type ResyncRequired = Static<typeof ResyncRequired>;

/**
 * A page of post-states: live nodes, parents before children, then tombstones, then what changed while the pages were
 * read. A node may come more than once: the later state counts. All pages together are the namespace at exactly the
 * `at` of the last one. `continuation` null on the last.
 */
export const SnapshotPage = record({
  kind: Type.Literal('snapshot'),
  events: Type.Array(JournalEvent),
  /** The moment of this page. The last page's is where the journal is to be read from once all pages are in. */
  at: Cursor,
  continuation: nullable(Type.String({ maxLength: 256 })),
});
export type SnapshotPage = Static<typeof SnapshotPage>;
