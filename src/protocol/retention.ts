/** What history keeps, on the wire: labels of versions, and until when a version is kept and why. */
import { type Static, Type } from 'typebox';
import { LIMITS } from './limits.ts';
import { Millis, NodeIdSchema, nullable, record, VersionIdSchema } from './schema.ts';

export const LabelName = Type.String({ minLength: 1, maxLength: LIMITS.labelLength });

/** A name that somebody gave a version; as long as it has one, it stays. */
export const Label = record({ name: LabelName, device: Type.String(), user: Type.String(), at: Millis });
export type Label = Static<typeof Label>;

export const KeptWhy = Type.Union([
  /** What the file holds now. */
  Type.Literal('current'),
  Type.Literal('labelled'),
  /** A side of an open conflict, or what both were made from. */
  Type.Literal('conflict'),
  /** The whole space, or this part of it, is held: nothing goes. */
  Type.Literal('held'),
  /** The thinning of history keeps it until then, and maybe longer. */
  Type.Literal('policy'),
  /** Its file was deleted: the trash keeps it until then. */
  Type.Literal('trash'),
  /** Nothing keeps it any more: it goes then, unless something wants it before. */
  Type.Literal('leaving'),
]);
export type KeptWhy = Static<typeof KeptWhy>;

/** How a version is kept. `until`: at least up to then, by the server's clock; null as long as `why` holds. */
export const Keeping = record({ label: nullable(Label), why: KeptWhy, until: nullable(Millis) });
export type Keeping = Static<typeof Keeping>;

/** A label without blanks around it; null: it is none. */
export function labelText(name: string): string | null {
  const text = name.trim();
  const isOneLine = !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) && text.isWellFormed();
  return text !== '' && text.length <= LIMITS.labelLength && isOneLine ? text : null;
}

/** Names a version, or (null) takes its name away. */
export const LabelRequest = record({ version: VersionIdSchema, name: nullable(LabelName) });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A hundred years. */
const LONGEST = 36_525 * DAY;
const Span = Type.Integer({ minimum: HOUR, maximum: LONGEST });

/** For how long history is kept: everything, then the last version of each day, week, month; and what was deleted. */
export const RetentionSpans = record({
  allMs: Span,
  dailyMs: Span,
  weeklyMs: Span,
  monthlyMs: Span,
  /** Never shorter than a day: a mistake is to be noticed first. */
  trashMs: Type.Integer({ minimum: DAY, maximum: LONGEST }),
});
export type RetentionSpans = Static<typeof RetentionSpans>;

/** What is wrong with spans that are within their bounds, each by itself; null: nothing. */
export function spansFault({ allMs, dailyMs, weeklyMs, monthlyMs }: RetentionSpans): string | null {
  if (allMs > dailyMs) return 'the last version of each day is kept for less long than every version';
  if (dailyMs > weeklyMs) return 'the last version of each week is kept for less long than that of each day';
  if (weeklyMs > monthlyMs)
    return 'the last version of each month is kept for less long than that of each week';
  return null;
}

/** Nothing of a node and what is below it goes until it is released. */
export const Hold = record({
  node: NodeIdSchema,
  /** Where it stands or stood; empty: everything. */
  path: Type.String(),
  why: Type.String(),
  by: Type.String(),
  at: Millis,
});
export type Hold = Static<typeof Hold>;

export const RetentionAnswer = record({
  spans: RetentionSpans,
  /** False: those that the server has for all who set none. */
  isOwn: Type.Boolean(),
  /** Nothing at all goes: the operator, or a hold on everything. */
  held: Type.Boolean(),
  holds: Type.Array(Hold),
});
export type RetentionAnswer = Static<typeof RetentionAnswer>;
/** null: those of the server again. */
export const SetRetentionRequest = record({ spans: nullable(RetentionSpans) });
/** `why` null: it is released. */
export const HoldRequest = record({
  node: NodeIdSchema,
  why: nullable(Type.String({ minLength: 1, maxLength: 500 })),
});
