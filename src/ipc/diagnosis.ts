/** Why a path is as it is, and putting right what is not. */
import { type Static, Type } from 'typebox';
import {
  Count,
  Millis,
  nullable,
  oneOf,
  open,
  ProblemRow,
  record,
  Sentence,
  ShownPath,
  SyncPath,
  VersionRow,
} from './shapes.ts';

/** A node in one of the three trees. Members that the tree does not know are null. */
export const ExplainedNode = open({
  node: nullable(Type.String()),
  path: ShownPath,
  kind: oneOf('folder', 'file', 'symlink', 'other'),
  /** 'unhashed': changed and not read yet. 'deleted': a tombstone. */
  state: oneOf('known', 'unhashed', 'unseen', 'excluded', 'deleted'),
  version: nullable(Type.String()),
  number: nullable(Type.Integer({ minimum: 1 })),
  manifest: nullable(Type.String()),
  target: nullable(Type.String()),
  size: nullable(Count),
  executable: nullable(Type.Boolean()),
  /** Nanoseconds since 1970 as decimal text. */
  mtimeNs: nullable(Type.String()),
  entryRev: nullable(Count),
  headSeq: nullable(Count),
  entrySeq: nullable(Count),
  fileId: nullable(Type.String()),
});
export type ExplainedNode = Static<typeof ExplainedNode>;

export const ExplainParams = record({ path: SyncPath });
export const ExplainResult = open({
  path: ShownPath,
  sentence: Sentence,
  local: nullable(ExplainedNode),
  remote: nullable(ExplainedNode),
  synced: nullable(ExplainedNode),
  /** Newest first; empty for folders. */
  lineage: Type.Array(VersionRow),
  cursor: Count,
  serverHead: nullable(Count),
  /** The planner's row that fired (or would), in its own words. */
  rule: open({ name: Type.String(), sentence: Sentence }),
  /** The steps that are under way or waiting for this path. */
  pending: Type.Array(Type.String()),
  problem: nullable(ProblemRow),
  /** The ignore rule that leaves it out, as "docs/.tidemarkignore:3: *.tmp". */
  excludedBy: nullable(Type.String()),
  /** The event ledger of the path, newest first. */
  events: Type.Array(open({ at: Millis, what: Type.String(), sentence: Sentence }), { maxItems: 1000 }),
});
export type ExplainResult = Static<typeof ExplainResult>;

/** Exactly one: read the journal again from the start, list one folder again, or check one file byte by byte. */
export const RepairParams = Type.Union([
  record({ replay: Type.Literal(true) }),
  record({ surface: Type.Union([SyncPath, Type.Literal('')]) }),
  record({ file: SyncPath }),
]);
export type RepairParams = Static<typeof RepairParams>;
export const RepairResult = open({
  kind: oneOf('replay', 'surface', 'file'),
  checked: Count,
  /** What was found different and is being put right. */
  found: Count,
  sentence: Sentence,
});
export type RepairResult = Static<typeof RepairResult>;

export const DoctorCheck = open({
  name: Type.String(),
  result: oneOf('ok', 'warning', 'failed'),
  sentence: Sentence,
});
export type DoctorCheck = Static<typeof DoctorCheck>;
export const DoctorResult = open({ ok: Type.Boolean(), checks: Type.Array(DoctorCheck) });
export type DoctorResult = Static<typeof DoctorResult>;
