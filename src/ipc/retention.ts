/** What history keeps: labels of versions, and how long each stays. */
import { type Static, Type } from 'typebox';
import { RetentionSpans } from '../protocol/retention.ts';
import { Millis, nullable, open, record, Sentence, ShownPath, SyncPath, VersionChoice } from './shapes.ts';

export const LabelText = Type.String({ minLength: 1, maxLength: 120 });

/** Names a version (null takes the name away); one of path and node says of what. */
export const LabelParams = record({
  path: Type.Optional(SyncPath),
  node: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' }),
  ),
  version: VersionChoice,
  name: nullable(LabelText),
});
export const LabelResult = open({
  path: ShownPath,
  node: Type.String(),
  version: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  name: nullable(Type.String()),
  sentence: Sentence,
});

const Space = Type.Union([SyncPath, Type.Literal('')]);

/** Of the space that this path is in: a share by its folder or anything in it; '' (or none): the user's own. */
export const RetentionGetParams = record({ path: Type.Optional(Space) });
export const RetentionResult = open({
  spans: RetentionSpans,
  /** False: those of the server. */
  isOwn: Type.Boolean(),
  /** Nothing goes, whatever the spans say. */
  held: Type.Boolean(),
  holds: Type.Array(open({ path: ShownPath, why: Type.String(), by: Type.String(), at: Millis })),
});
export type RetentionResult = Static<typeof RetentionResult>;

/** What is left out stays as it is; `usual`: those of the server again. */
export const RetentionParams = Type.Union([
  record({ path: Type.Optional(Space), usual: Type.Literal(true) }),
  record({
    path: Type.Optional(Space),
    allMs: Type.Optional(Type.Integer()),
    dailyMs: Type.Optional(Type.Integer()),
    weeklyMs: Type.Optional(Type.Integer()),
    monthlyMs: Type.Optional(Type.Integer()),
    trashMs: Type.Optional(Type.Integer()),
  }),
]);

/** Empty path: everything; the folder of a share: everything in it. `why` null: it is released. */
export const HoldParams = record({
  path: Space,
  why: nullable(Type.String({ minLength: 1, maxLength: 500 })),
});
export const HoldResult = open({ path: ShownPath, held: Type.Boolean(), sentence: Sentence });
