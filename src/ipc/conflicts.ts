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
  VersionRow,
} from './shapes.ts';

/**
 * `mine` is the side this device made; when it made neither or both, `mine` stands at the original path and `theirs`
 * is the copy. A deleted side has no version.
 */
export const ConflictSide = open({
  node: Type.String(),
  role: oneOf('original', 'copy'),
  /** Where it stands now; null when it is gone. */
  path: nullable(Type.String()),
  version: nullable(Type.String()),
  number: nullable(Type.Integer({ minimum: 1 })),
  size: nullable(Count),
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
  path: Type.String(),
  copyPath: nullable(Type.String()),
  at: Millis,
  /** V number that both sides started from; null for two files that met under one name. */
  ancestor: nullable(Type.Integer({ minimum: 1 })),
  mine: ConflictSide,
  theirs: ConflictSide,
  /** Who did what from which version, and why it clashed. */
  sentence: Sentence,
};
export const ConflictRow = open(conflictMembers);
export type ConflictRow = Static<typeof ConflictRow>;

export const ConflictsListParams = record(PageParams);
export const ConflictsListResult = open({ conflicts: Type.Array(ConflictRow), next: Next });
export type ConflictsListResult = Static<typeof ConflictsListResult>;

export const ConflictParams = record({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const ConflictShown = open({
  ...conflictMembers,
  /** The ancestor and all that was made of it on either side, oldest first. */
  lineage: Type.Array(open({ side: oneOf('both', 'mine', 'theirs'), version: VersionRow })),
});
export type ConflictShown = Static<typeof ConflictShown>;

export const Keep = oneOf('both', 'mine', 'theirs');
export type Keep = Static<typeof Keep>;
export const ResolveParams = record({ id: Type.String({ minLength: 1, maxLength: 64 }), keep: Keep });
export const ResolveResult = open({
  id: Type.String(),
  keep: Keep,
  /** What stands at the original path, and the copy's path when both were kept. */
  path: Type.String(),
  copyPath: nullable(Type.String()),
  sentence: Sentence,
});
export type ResolveResult = Static<typeof ResolveResult>;
