/** Conflicts as people settle them. Nothing is deleted: the side that is not kept stays in the history. */
import { type Static, Type } from 'typebox';
import { ConflictCause } from '../protocol/journal.ts';
import {
  Count,
  Millis,
  Next,
  nullable,
  oneOf,
  open,
  PageParams,
  record,
  Sentence,
  ShownPath,
  VersionRow,
  Without,
} from './shapes.ts';

/**
 * `mine` is the side this device made; when it made neither or both, `mine` stands at the original path and `theirs`
 * is the copy. A deleted side has no version.
 */
export const ConflictSide = open({
  node: Type.String(),
  role: oneOf('original', 'copy'),
  /** Where it stands now; null when it is gone. */
  path: nullable(ShownPath),
  version: nullable(Type.String()),
  number: nullable(Type.Integer({ minimum: 1 })),
  size: nullable(Count),
  /** Where it stood when it clashed; null when that is not known. */
  pathThen: nullable(ShownPath),
  kind: oneOf('file', 'symlink', 'folder', 'deleted'),
  /** The same for the same content; null for what was deleted. */
  content: nullable(Type.String()),
  device: Type.String(),
  user: Type.String(),
  at: Millis,
  editedAt: Millis,
});
export type ConflictSide = Static<typeof ConflictSide>;

const conflictMembers = {
  id: Type.String(),
  cause: ConflictCause,
  status: oneOf('open', 'resolved'),
  path: ShownPath,
  copyPath: nullable(ShownPath),
  at: Millis,
  /** V number that both sides started from; null for two files that met under one name. */
  ancestor: nullable(Type.Integer({ minimum: 1 })),
  mine: ConflictSide,
  theirs: ConflictSide,
  /** Who did what from which version, and why it clashed. */
  sentence: Sentence,
  /** How it was settled, by whom, and whether that can still be undone; null while it is open. */
  resolution: nullable(
    open({
      keep: Type.String(),
      device: Type.String(),
      user: Type.String(),
      at: Millis,
      undoable: Type.Boolean(),
    }),
  ),
};
export const ConflictRow = open(conflictMembers);
export type ConflictRow = Static<typeof ConflictRow>;

/** Open ones unless `status` says otherwise; settled ones newest first, for as long as they can be undone. */
export const ConflictsListParams = record({
  ...PageParams,
  status: Type.Optional(oneOf('open', 'resolved')),
});
export const ConflictsListResult = open({
  conflicts: Type.Array(ConflictRow),
  next: Next,
  total: Count,
  without: Without,
});
export type ConflictsListResult = Static<typeof ConflictsListResult>;

export const ConflictParams = record({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const ConflictShown = open({
  ...conflictMembers,
  /** The ancestor and all that was made of it on either side, oldest first. */
  lineage: Type.Array(
    open({ side: oneOf('both', 'mine', 'theirs'), node: Type.String(), version: VersionRow }),
  ),
  /** The version both sides started from, as far as it is kept. */
  base: nullable(open({ node: Type.String(), version: VersionRow })),
});
export type ConflictShown = Static<typeof ConflictShown>;

/** 'merged': a new content stands at the original path on top of both; the copy goes, its versions stay in the history. */
export const Keep = oneOf('both', 'mine', 'theirs', 'merged');
export type Keep = Static<typeof Keep>;
/** Largest text that is merged in place. */
export const MERGED_BYTES = 1024 * 1024;
export const ResolveParams = record({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  keep: Keep,
  /** New name of the copy when both are kept; without it the copy keeps its own. One component, no slash. */
  copyName: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[^/\\u0000]+$' })),
  /** The content when `keep` is 'merged': base64. */
  merged: Type.Optional(
    Type.String({ maxLength: Math.ceil(MERGED_BYTES / 3) * 4, pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
  ),
  /** Heads the user looked at: when one has moved since, the answer is refused as 'unprocessable' and nothing happens. */
  seenMine: Type.Optional(nullable(Type.String())),
  seenTheirs: Type.Optional(nullable(Type.String())),
});
export const ResolveResult = open({
  id: Type.String(),
  keep: Keep,
  /** What stands at the original path, and the copy's path when both were kept. */
  path: ShownPath,
  copyPath: nullable(ShownPath),
  sentence: Sentence,
});
export type ResolveResult = Static<typeof ResolveResult>;

/** Both sides stand again as they did before the conflict was settled, as new versions, and it is open again: everywhere. */
export const ConflictUndoResult = open({ id: Type.String(), path: ShownPath, sentence: Sentence });
export type ConflictUndoResult = Static<typeof ConflictUndoResult>;
