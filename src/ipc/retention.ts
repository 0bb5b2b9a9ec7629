/** What history keeps: labels of versions, and how long each stays. */
import { type Static, Type } from 'typebox';
import { RetentionSpans } from '../protocol/retention.ts';
import { Millis, nullable, open, record, Sentence, SyncPath, VersionChoice } from './shapes.ts';

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
  path: Type.String(),
  node: Type.String(),
  version: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  name: nullable(Type.String()),
  sentence: Sentence,
});

export const RetentionResult = open({
  spans: RetentionSpans,
  /** False: those of the server. */
  isOwn: Type.Boolean(),
  /** Nothing goes, whatever the spans say. */
  held: Type.Boolean(),
  holds: Type.Array(open({ path: Type.String(), why: Type.String(), by: Type.String(), at: Millis })),
});
export type RetentionResult = Static<typeof RetentionResult>;

/** What is left out stays as it is; `usual`: those of the server again. */
export const RetentionParams = Type.Union([
  record({ usual: Type.Literal(true) }),
  record({
    allMs: Type.Optional(Type.Integer()),
    dailyMs: Type.Optional(Type.Integer()),
    weeklyMs: Type.Optional(Type.Integer()),
    monthlyMs: Type.Optional(Type.Integer()),
    trashMs: Type.Optional(Type.Integer()),
  }),
]);

/** Empty path: everything. `why` null: it is released. */
export const HoldParams = record({
  path: SyncPath,
  why: nullable(Type.String({ minLength: 1, maxLength: 500 })),
});
export const HoldResult = open({ path: Type.String(), held: Type.Boolean(), sentence: Sentence });
