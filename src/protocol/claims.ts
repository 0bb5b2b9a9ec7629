/**
 * Claims: what a device asserts it did, and from what. The server answers each by compare-and-swap.
 * `key` is the claim's idempotency key: a positive integer that only grows within one device instance, durable before
 * the first send. `unanswered` lists earlier keys on the same node whose answers never came (RULES 5).
 */
import { type Static, Type } from 'typebox';
import { Crossing } from './crossings.ts';
import { LIMITS } from './limits.ts';
import {
  Base64,
  ConflictIdSchema,
  Count,
  ManifestIdSchema,
  Millis,
  Name,
  Nanos,
  NodeIdSchema,
  nullable,
  record,
  Seq,
  VersionIdSchema,
} from './schema.ts';

/** Content of a version on the wire; the manifest rides along so that the server can check sums and chunks. */
export const WireContent = Type.Union([
  record({
    kind: Type.Literal('file'),
    manifest: ManifestIdSchema,
    size: Count,
    executable: Type.Boolean(),
    encoded: Base64(LIMITS.manifestBytes),
  }),
  record({
    kind: Type.Literal('symlink'),
    target: Type.String({ minLength: 1, maxLength: LIMITS.linkTargetBytes }),
  }),
]);
export type WireContent = Static<typeof WireContent>;

const Key = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const base = {
  key: Key,
  node: NodeIdSchema,
  /** When the user did it, by this device's clock: display only. */
  editedAt: Millis,
  unanswered: Type.Array(Key, { maxItems: LIMITS.unansweredKeys }),
};

/** A node that stands on this disk and that no one else knows. `node` is a proposed id (RULES 7). */
export const CreateClaim = record({
  op: Type.Literal('create'),
  ...base,
  parent: NodeIdSchema,
  name: Name,
  /** `null`: a folder. */
  content: nullable(WireContent),
  mtimeNs: Nanos,
  /** True during a union merge: a content that was deleted at this path is answered `zombie`, and nothing happens. */
  checkZombie: Type.Boolean(),
  /** What it was before it was moved here. */
  from: Type.Optional(Crossing),
});

/** New content for a node, made from `base`. */
export const EditClaim = record({
  op: Type.Literal('edit'),
  ...base,
  base: VersionIdSchema,
  content: WireContent,
  mtimeNs: Nanos,
  onStale: Type.Union([Type.Literal('fork'), Type.Literal('reject')]),
});

const moveTarget = { node: NodeIdSchema, baseEntryRev: Count, parent: NodeIdSchema, name: Name };
const deleteTarget = {
  node: NodeIdSchema,
  /** Head that was seen; `null` for folders. */
  base: nullable(VersionIdSchema),
  baseEntryRev: Count,
  /** Everything below up to this seq was applied on this disk (RULES 10) … */
  observedSeq: Seq,
  /** … except these, which never were. */
  unapplied: Type.Array(NodeIdSchema, { maxItems: LIMITS.ids }),
  /** The node that took this one's place and content: `mv a b` (RULES 13). */
  successor: nullable(NodeIdSchema),
};

export const MoveClaim = record({ op: Type.Literal('move'), ...base, ...moveTarget });

export const DeleteClaim = record({
  op: Type.Literal('delete'),
  ...base,
  ...deleteTarget,
  /** The user (or a small size) approved the batch: receivers do not ask again (RULES 17). */
  approved: Type.Boolean(),
});

/**
 * Moves and deletes that only make sense together (swaps, rings, a file taking the name of the folder it left):
 * all or nothing; names are checked once, at the end.
 */
export const RearrangeClaim = record({
  op: Type.Literal('rearrange'),
  ...base,
  steps: Type.Array(
    Type.Union([
      record({ op: Type.Literal('move'), ...moveTarget }),
      record({ op: Type.Literal('delete'), ...deleteTarget }),
    ]),
    { minItems: 1, maxItems: LIMITS.ids },
  ),
});

/** Puts an old version of a node on top as a new version; the head must still be `base`. Also revives a dead node. */
export const RestoreClaim = record({
  op: Type.Literal('restore'),
  ...base,
  base: nullable(VersionIdSchema),
  version: VersionIdSchema,
  /** Instead: a new file of this name beside it with that content; the node itself is left alone. `node` is proposed. */
  copy: Type.Optional(record({ node: NodeIdSchema, name: Name })),
});

/** Brings a tombstoned node (and what was deleted with it) back to where it was, or to the nearest live ancestor. */
export const UndeleteClaim = record({ op: Type.Literal('undelete'), ...base });

/**
 * Settles a conflict for everybody. `theirs` = what stands at the path; `mine` = the conflict copy; `merged` = `content`
 * becomes a version on top at the path, and the copy goes.
 */
export const ResolveClaim = record({
  op: Type.Literal('resolve'),
  ...base,
  conflict: ConflictIdSchema,
  keep: Type.Union([
    Type.Literal('both'),
    Type.Literal('mine'),
    Type.Literal('theirs'),
    Type.Literal('merged'),
  ]),
  /** Of `merged`, and of nothing else. */
  content: Type.Optional(WireContent),
  /** Of `both`: the copy's name from now on. */
  copyName: Type.Optional(Name),
  /** Heads as the user saw them when deciding; a newer one refuses the resolution. */
  seenOriginal: nullable(VersionIdSchema),
  seenCopy: nullable(VersionIdSchema),
});

/**
 * Opens a settled conflict again: both sides stand as they did before, as new versions. Dropped as `newer-head` when
 * that would put an older content over what somebody made since.
 */
export const ReopenClaim = record({ op: Type.Literal('reopen'), ...base, conflict: ConflictIdSchema });

export const Claim = Type.Union([
  CreateClaim,
  EditClaim,
  MoveClaim,
  DeleteClaim,
  RearrangeClaim,
  RestoreClaim,
  UndeleteClaim,
  ResolveClaim,
  ReopenClaim,
]);
export type CreateClaim = Static<typeof CreateClaim>;
export type EditClaim = Static<typeof EditClaim>;
export type MoveClaim = Static<typeof MoveClaim>;
export type DeleteClaim = Static<typeof DeleteClaim>;
export type RearrangeClaim = Static<typeof RearrangeClaim>;
export type RestoreClaim = Static<typeof RestoreClaim>;
export type UndeleteClaim = Static<typeof UndeleteClaim>;
export type ResolveClaim = Static<typeof ResolveClaim>;
export type ReopenClaim = Static<typeof ReopenClaim>;
export type Claim = Static<typeof Claim>;
