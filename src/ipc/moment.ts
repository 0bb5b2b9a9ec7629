/** A folder as it was at a moment: the plan first, then the act, as new versions that can be undone one by one. */
import { type Static, Type } from 'typebox';
import { Count, Millis, oneOf, open, record, Sentence, ShownPath, SyncPath } from './shapes.ts';

export const MomentParams = record({
  folder: Type.Union([SyncPath, Type.Literal('')]),
  at: Millis,
  /** What was made since: kept where it is unless this is true; then it goes to the trash. */
  removeNewer: Type.Boolean(),
});

/** 'content': an older version on top. 'return': undeleted. 'place': moved back. 'remove': into the trash. */
export const MomentStep = open({
  kind: oneOf('content', 'return', 'place', 'remove'),
  node: Type.String(),
  /** Where it stands now (or stood last), and where it is to stand. */
  path: ShownPath,
  to: ShownPath,
  number: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
});
export type MomentStep = Static<typeof MomentStep>;

export const MomentPlan = open({
  folder: ShownPath,
  at: Millis,
  steps: Type.Array(MomentStep, { maxItems: 1000 }),
  total: Count,
  /** Files that are today as they were then. */
  unchanged: Count,
  /** Made since, and kept. */
  newer: Count,
  /** Whose content of then is not kept any more. */
  lost: Count,
});
export type MomentPlan = Static<typeof MomentPlan>;

export const MomentResult = open({
  folder: ShownPath,
  done: Count,
  /** What was changed by somebody meanwhile and so left alone. */
  skipped: Count,
  sentence: Sentence,
});
export type MomentResult = Static<typeof MomentResult>;
