/** Live events of a subscription. They wake and inform a view; what is true is asked for with `status`. */
import { type Static, Type } from 'typebox';
import { Count, Millis, nullable, oneOf, open, Sentence } from './shapes.ts';
import { Status } from './status.ts';

export const ActivityVerb = oneOf(
  'created',
  'edited',
  'moved',
  'deleted',
  'restored',
  'conflict',
  'held',
  'problem',
);
export type ActivityVerb = Static<typeof ActivityVerb>;

/** One thing that is now so on both sides, or that needs a look. */
export const Activity = open({
  kind: Type.Literal('activity'),
  at: Millis,
  /** 'sent' from this device, 'received' from another, 'here' when neither (a problem, a held batch). */
  direction: oneOf('sent', 'received', 'here'),
  verb: ActivityVerb,
  path: Type.String(),
  /** Where it stood before a move. */
  from: nullable(Type.String()),
  device: Type.String(),
  user: Type.String(),
  number: nullable(Type.Integer({ minimum: 1 })),
  size: nullable(Count),
  sentence: Sentence,
});
export type Activity = Static<typeof Activity>;

export const StatusChanged = open({ kind: Type.Literal('status'), at: Millis, status: Status });
export type StatusChanged = Static<typeof StatusChanged>;

/** A reader that was too slow: this many activities were left out. */
export const Skipped = open({ kind: Type.Literal('skipped'), at: Millis, count: Count });
export type Skipped = Static<typeof Skipped>;

/** What the engine emits. The control server adds `skipped`. */
export type EngineEvent = Activity | StatusChanged;

export const ControlEvent = Type.Union([Activity, StatusChanged, Skipped]);
export type ControlEvent = Static<typeof ControlEvent>;
