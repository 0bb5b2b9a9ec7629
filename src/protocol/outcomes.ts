/** Answers to claims. Every one carries the post-states to fold, so that a device need not wait for its own journal rows. */
import { type Static, Type } from 'typebox';
import { ErrorCode } from './errors.ts';
import { JournalEvent } from './journal.ts';
import {
  ChunkIdSchema,
  ConflictIdSchema,
  NodeIdSchema,
  nullable,
  record,
  VersionIdSchema,
} from './schema.ts';

const base = {
  key: Type.Integer({ minimum: 1 }),
  /** The real node: differs from the claimed one when a proposed id was bound to an existing node (RULES 7). */
  node: NodeIdSchema,
  events: Type.Array(JournalEvent),
};

/** Why the other side's change stands. */
export const DropReason = Type.Union([
  Type.Literal('stale'),
  Type.Literal('newer-head'),
  Type.Literal('moved-elsewhere'),
  Type.Literal('already-dead'),
  Type.Literal('cycle'),
  Type.Literal('steps-stale'),
  Type.Literal('gone'),
]);
export type DropReason = Static<typeof DropReason>;

export const Outcome = Type.Union([
  /** Done as claimed. */
  record({
    kind: Type.Literal('committed'),
    ...base,
    /** Of a delete: what below (or the node itself) lives on because this device had not seen it. */
    survivors: Type.Array(NodeIdSchema),
  }),
  /** Nothing new was needed: equal content, the same folder, or a version already in the line. */
  record({ kind: Type.Literal('adopted'), ...base }),
  /** Committed under another name because the claimed one was taken by other content. */
  record({ kind: Type.Literal('renamed'), ...base, conflict: nullable(ConflictIdSchema) }),
  /** A stale edit became the conflict copy `node`; `original` keeps the path. */
  record({ kind: Type.Literal('forked'), ...base, original: NodeIdSchema, conflict: ConflictIdSchema }),
  /** The other side's change stands and this claim had no effect. */
  record({
    kind: Type.Literal('dropped'),
    ...base,
    why: DropReason,
  }),
  /** During a union merge: this content was deleted at this path; ask the user. */
  record({ kind: Type.Literal('zombie'), ...base, version: VersionIdSchema }),
  /** Chunks are to be sent (again) first. */
  record({ kind: Type.Literal('missing-chunks'), ...base, chunks: Type.Array(ChunkIdSchema) }),
  record({ kind: Type.Literal('refused'), ...base, code: ErrorCode, detail: Type.String() }),
]);
export type Outcome = Static<typeof Outcome>;
