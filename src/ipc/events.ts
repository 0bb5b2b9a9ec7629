/** Live events of a subscription. They wake and inform a view; what is true is asked for with `status`. */
import { type Static, Type } from 'typebox';
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
  SyncPath,
  Without,
} from './shapes.ts';
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

/** One file under way. */
export const Transfer = open({
  node: Type.String(),
  path: ShownPath,
  direction: oneOf('up', 'down'),
  bytesDone: Count,
  bytesTotal: Count,
});
export type Transfer = Static<typeof Transfer>;

export const Transfers = open({
  files: Type.Array(Transfer, { maxItems: 20 }),
  /** Under way beyond those in `files`. */
  more: Count,
  /** Bytes per second over the last seconds. */
  upRate: Count,
  downRate: Count,
  /** Null while it would be a guess. */
  secondsLeft: nullable(Count),
  /** What other devices are sending to the server. Only a notice: gone when they are done or silent. */
  peers: Type.Array(
    open({
      device: Type.String(),
      files: Count,
      bytes: Count,
      /** Those that move this moment, as far as that device says. */
      now: Type.Array(open({ path: ShownPath, bytes: Count, sent: Count }), { maxItems: 20 }),
    }),
    { maxItems: 100 },
  ),
});
export type Transfers = Static<typeof Transfers>;

/** One thing that is now so on both sides, or that needs a look. */
export const Activity = open({
  kind: Type.Literal('activity'),
  /** The place in the ledger of its namespace: no other activity has it, and within a namespace it grows with time. */
  id: Count,
  node: nullable(Type.String()),
  at: Millis,
  /** 'sent' from this device, 'received' from another, 'here' when neither (a problem, a held batch). */
  direction: oneOf('sent', 'received', 'here'),
  verb: ActivityVerb,
  path: ShownPath,
  /** Where it stood before a move. */
  from: nullable(ShownPath),
  /** Who did it; empty when that is not known. */
  device: Type.String(),
  user: Type.String(),
  number: nullable(Type.Integer({ minimum: 1 })),
  size: nullable(Count),
  /** Whether `activity.undo` can take it back as things stand. */
  undoable: Type.Boolean(),
  sentence: Sentence,
});
export type Activity = Static<typeof Activity>;

export const StatusChanged = open({ kind: Type.Literal('status'), at: Millis, status: Status });
export type StatusChanged = Static<typeof StatusChanged>;

/** A reader that was too slow: this many activities were left out. */
export const Skipped = open({ kind: Type.Literal('skipped'), at: Millis, count: Count });
export type Skipped = Static<typeof Skipped>;

/** What moves right now, at most four times a second; one last time with nothing in it. */
export const TransfersChanged = open({ kind: Type.Literal('transfers'), at: Millis, transfers: Transfers });
export type TransfersChanged = Static<typeof TransfersChanged>;

/** What the engine emits. The control server adds `skipped`. */
export type EngineEvent = Activity | StatusChanged | TransfersChanged;

export const ControlEvent = Type.Union([Activity, StatusChanged, TransfersChanged, Skipped]);
export type ControlEvent = Static<typeof ControlEvent>;

/** The ledger, newest first; of one path only when it is given. */
export const ActivityListParams = record({ ...PageParams, path: Type.Optional(SyncPath) });
export const ActivityListResult = open({ activities: Type.Array(Activity), next: Next, without: Without });
export type ActivityListResult = Static<typeof ActivityListResult>;

/** An edit gets its version from before on top, what was deleted returns, what was moved goes back. Nothing is deleted by it. */
export const ActivityUndoParams = record({ id: Count });
export const ActivityUndoResult = open({ id: Count, path: ShownPath, sentence: Sentence });
export type ActivityUndoResult = Static<typeof ActivityUndoResult>;
