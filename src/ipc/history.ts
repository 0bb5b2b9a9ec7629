/** Versions, old content, and the trash: also for paths that are gone. */
import { type Static, Type } from 'typebox';
import {
  Count,
  Crossed,
  Millis,
  Next,
  NodeKind,
  nullable,
  oneOf,
  open,
  PageParams,
  record,
  Sentence,
  ShownPath,
  SyncPath,
  VersionChoice,
  VersionIdText,
  VersionRow,
  Without,
} from './shapes.ts';

/** A node by where it stands or stood, or by its id. */
const NodeIdText = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });
export const HistoryParams = Type.Union([record({ path: SyncPath }), record({ node: NodeIdText })]);
export const HistoryResult = open({
  path: ShownPath,
  /** Every node that stands or stood here: the living one first, then the latest. */
  nodes: Type.Array(
    open({
      node: Type.String(),
      kind: NodeKind,
      live: Type.Boolean(),
      /** Where it stands today; null when it was deleted. */
      path: nullable(ShownPath),
      deleted: nullable(
        open({
          at: Millis,
          device: Type.String(),
          user: Type.String(),
          /** What became of it, where it was moved into another namespace that the user may read. */
          wentTo: Type.Optional(Crossed),
        }),
      ),
      /** Newest first. */
      versions: Type.Array(VersionRow),
    }),
  ),
});
export type HistoryResult = Static<typeof HistoryResult>;

/** Bytes of one answer: a multiple of 3, so that the base64 of the pieces may simply be joined. */
export const CAT_PIECE_BYTES = 3 * 256 * 1024;

/** Without `version`: the newest of the node that stands, or stood last, at the path. */
export const CatParams = record({
  path: Type.Optional(SyncPath),
  /** Instead of the path; one of both. */
  node: Type.Optional(NodeIdText),
  version: Type.Optional(VersionChoice),
  offset: Type.Optional(Count),
  length: Type.Optional(Type.Integer({ minimum: 1, maximum: CAT_PIECE_BYTES })),
});
export const CatResult = open({
  path: ShownPath,
  node: Type.String(),
  /** The exact version: ask for the following pieces with it, so that all are of one version. */
  version: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  kind: oneOf('file', 'symlink'),
  /** Of the whole version (of a symlink: of its target text, which is its content here). */
  size: Count,
  offset: Count,
  /** Base64. */
  bytes: Type.String(),
  /** Offset of the next piece; null after the last. */
  next: nullable(Count),
});
export type CatResult = Static<typeof CatResult>;

export const RestoreParams = record({
  path: Type.Optional(SyncPath),
  node: Type.Optional(NodeIdText),
  version: VersionChoice,
  /** The newest version that was shown to whoever asks: one that came since is not written over unseen. */
  seen: Type.Optional(VersionIdText),
  /** As a new file of this name beside it; the file itself is left alone. */
  asCopy: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[^/\\u0000]+$' })),
});
export const RestoreResult = open({
  path: ShownPath,
  node: Type.String(),
  /** The new version on top, which has the old content. */
  version: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  restored: Type.Integer({ minimum: 1 }),
  sentence: Sentence,
});
export type RestoreResult = Static<typeof RestoreResult>;

export const TrashListParams = record(PageParams);
export const TrashRow = open({
  id: Type.String(),
  path: ShownPath,
  kind: NodeKind,
  /** Things that were below a folder. */
  below: Count,
  size: nullable(Count),
  deletedAt: Millis,
  device: Type.String(),
  user: Type.String(),
  /** 'server': comes back on every device. 'here': only this computer kept it. */
  where: oneOf('server', 'here'),
  expiresAt: nullable(Millis),
  /** Deleted together: the same for all of one batch; null for what only this computer kept. */
  batch: nullable(Type.String()),
});
export type TrashRow = Static<typeof TrashRow>;
export const TrashListResult = open({ items: Type.Array(TrashRow), next: Next, without: Without });
export type TrashListResult = Static<typeof TrashListResult>;

/** One item, or all that is left of a batch. */
export const TrashRestoreParams = Type.Union([
  record({ id: Type.String({ minLength: 1, maxLength: 256 }) }),
  record({ batch: Type.String({ minLength: 1, maxLength: 256 }) }),
]);
/** `path` may differ from where it stood, when that name is taken; of a batch, the first one's. `restored` counts all. */
export const TrashRestoreResult = open({
  id: Type.String(),
  path: ShownPath,
  restored: Count,
  sentence: Sentence,
});
export type TrashRestoreResult = Static<typeof TrashRestoreResult>;
