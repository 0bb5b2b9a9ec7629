/** Troubles by cause, and what can be done about each. */
import { type Static, Type } from 'typebox';
import {
  Count,
  Next,
  oneOf,
  open,
  PageParams,
  ProblemRow,
  record,
  Sentence,
  ShownPath,
  SyncPath,
  Without,
} from './shapes.ts';

/** What the engine can do by itself; the rest (free space, grant access, sign in again) is for the app to offer. */
export const Remedy = oneOf('rename', 'retry', 'take-as-edit', 'dismiss');
export type Remedy = Static<typeof Remedy>;

export const ProblemsListParams = record({
  ...PageParams,
  code: Type.Optional(Type.String({ maxLength: 64 })),
});
export const ProblemsListResult = open({
  /** One per cause, most first. */
  groups: Type.Array(open({ code: Type.String(), count: Count, remedies: Type.Array(Remedy) })),
  problems: Type.Array(ProblemRow),
  next: Next,
  without: Without,
});
export type ProblemsListResult = Static<typeof ProblemsListResult>;

/** 'rename' is for everyone and takes `name`: one component. 'dismiss' is of a notice: it was read. */
export const RemedyParams = record({
  path: SyncPath,
  code: Type.String({ maxLength: 64 }),
  remedy: Remedy,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[^/\\u0000]+$' })),
});
export const RemedyResult = open({ path: ShownPath, sentence: Sentence });
export type RemedyResult = Static<typeof RemedyResult>;
