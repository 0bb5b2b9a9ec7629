/** Versions, old content, and the trash: also for paths that are gone. */
import { type Static, Type } from 'typebox';
import {
  Count,
  Millis,
  Next,
  NodeKind,
  nullable,
  oneOf,
  open,
  PageParams,
  record,
  Sentence,
  SyncPath,
  VersionChoice,
  VersionRow,
} from './shapes.ts';

export const HistoryParams = record({ path: SyncPath });
export const HistoryResult = open({
  path: Type.String(),
  /** Every node that stands or stood here: the living one first, then the latest. */
  nodes: Type.Array(
    open({
      node: Type.String(),
      kind: NodeKind,
      live: Type.Boolean(),
      /** Where it stands today; null when it was deleted. */
      path: nullable(Type.String()),
      deleted: nullable(open({ at: Millis, device: Type.String(), user: Type.String() })),
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
  path: SyncPath,
  version: Type.Optional(VersionChoice),
  offset: Type.Optional(Count),
  length: Type.Optional(Type.Integer({ minimum: 1, maximum: CAT_PIECE_BYTES })),
});
export const CatResult = open({
  path: Type.String(),
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

export const RestoreParams = record({ path: SyncPath, version: VersionChoice });
export const RestoreResult = open({
  path: Type.String(),
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
  path: Type.String(),
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
});
export type TrashRow = Static<typeof TrashRow>;
export const TrashListResult = open({ items: Type.Array(TrashRow), next: Next });
export type TrashListResult = Static<typeof TrashListResult>;

export const TrashRestoreParams = record({ id: Type.String({ minLength: 1, maxLength: 256 }) });
/** `path` may differ from where it stood, when that name is taken. */
export const TrashRestoreResult = open({ id: Type.String(), path: Type.String(), sentence: Sentence });
export type TrashRestoreResult = Static<typeof TrashRestoreResult>;
