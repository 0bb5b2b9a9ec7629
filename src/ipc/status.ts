/** What the engine says about itself. "Up to date" is proof: see DESIGN §9, 10. */
import { type Static, Type } from 'typebox';
import {
  Count,
  Facts,
  Millis,
  nullable,
  oneOf,
  open,
  ProblemRow,
  record,
  Sentence,
  ShownPath,
} from './shapes.ts';

/** Strongest first: error > needs-you > paused > offline > syncing > checking > warning > up-to-date. */
export const SyncState = oneOf(
  'setting-up',
  'up-to-date',
  'checking',
  'syncing',
  'paused',
  'offline',
  'needs-you',
  'warning',
  'error',
);
export type SyncState = Static<typeof SyncState>;

/** The app pauses for power and network, people for reasons of their own. */
export const PauseReason = oneOf('user', 'metered', 'battery');
export type PauseReason = Static<typeof PauseReason>;

export const Status = open({
  state: SyncState,
  /** The headline with its proof: "Up to date, checked 12 s ago, 41,203 files". */
  sentence: Sentence,
  pendingUploads: Count,
  pendingDownloads: Count,
  /** How much of the burst that is under way is done; null when nothing is. */
  progress: nullable(open({ done: Count, total: Count })),
  /** Paths that could not be observed: each blocks "up to date". */
  unseen: Count,
  /** Paths that a rule leaves out: they block nothing. */
  excluded: Count,
  /** Open conflicts, held batches, and paths with a trouble. */
  conflicts: Count,
  review: Count,
  problems: Count,
  /** The first few of the problems; `problems` counts all. */
  problemList: Type.Array(ProblemRow, { maxItems: 100 }),
  /** Seq durably applied to the remote tree, and the newest seq the server is known to have (null: never heard). */
  cursor: Count,
  serverHead: nullable(Count),
  epoch: nullable(Type.String()),
  /** Bytes on the wire since this engine started. */
  bytesSent: Count,
  bytesReceived: Count,
  /** End of the last complete scan. */
  lastScanAt: nullable(Millis),
  /** Files in the synced tree. */
  files: Count,
  folder: Type.String(),
  stateFolder: Type.String(),
  device: Type.String(),
  user: Type.String(),
  server: Type.String(),
  connected: Type.Boolean(),
  /** Since when the server is out of reach, and when it is tried again. */
  offlineSince: nullable(Millis),
  nextTryAt: nullable(Millis),
  pausedReason: nullable(PauseReason),
  /** When it goes on by itself; null: when somebody resumes. */
  pausedUntil: nullable(Millis),
  /** Behind for more than a few seconds while connected: said in the headline. */
  delayed: Type.Boolean(),
  /** The oldest change that waits, as evidence. */
  oldest: nullable(open({ path: ShownPath, since: Millis })),
  /** How long the oldest change that is not yet in step has waited; 0 when there is none. */
  lagSeconds: Type.Number({ minimum: 0 }),
  /** Set when syncing stopped for safety (wrong root, hostile server, revoked device). */
  halted: nullable(open({ code: Type.String(), facts: Facts, sentence: Sentence })),
  memoryBytes: Count,
  uptimeSeconds: Type.Number({ minimum: 0 }),
  pid: Type.Integer({ minimum: 1 }),
  version: Type.String(),
  /** Which implementation does what Node cannot, and why the fallback does when it does. */
  helper: oneOf('native', 'fallback'),
  helperDetail: Type.String(),
  hashing: oneOf('native', 'wasm'),
  /** Whether every change on the disk is announced, or scans on a timer stand in. */
  watching: open({ complete: Type.Boolean(), why: Type.String() }),
  /** What is shared with this user; absent where nobody here looks after that. */
  shares: Type.Optional(
    Type.Array(
      open({
        id: Type.String(),
        name: Type.String(),
        role: oneOf('owner', 'editor', 'viewer'),
        standing: oneOf('invited', 'member'),
        invitedBy: nullable(Type.String()),
        path: nullable(Type.String()),
        state: nullable(SyncState),
        sentence: Sentence,
      }),
    ),
  ),
});
export type Status = Static<typeof Status>;

export const NoParams = record({});

/** `until` null: until somebody resumes. The app's own pauses never end or replace one by the user. */
export const PauseParams = record({
  until: Type.Optional(nullable(Millis)),
  reason: Type.Optional(PauseReason),
});
/** Resuming for a reason ends only the pause for that reason; without one, every pause. */
export const ResumeParams = record({ reason: Type.Optional(PauseReason) });
export const SubscribeParams = record({
  events: Type.Optional(Type.Array(oneOf('status', 'activity', 'transfers'), { maxItems: 3 })),
});

/** Seconds, fractions allowed; 0 looks once. */
export const WaitParams = record({ timeout: Type.Number({ minimum: 0, maximum: 7 * 86_400 }) });

/** RULES 23: bounded by what had settled, and by the server's head, when it was asked. */
export const WaitResult = open({
  /** True once everything that was on disk then is committed and everything committed then is on disk. */
  done: Type.Boolean(),
  reason: oneOf('done', 'timeout', 'paused', 'offline', 'held', 'trouble', 'stopping'),
  sentence: Sentence,
  /** What is missing and why, the first hundred; `missingTotal` counts all. */
  missing: Type.Array(open({ path: ShownPath, why: Sentence }), { maxItems: 100 }),
  missingTotal: Count,
  seconds: Type.Number({ minimum: 0 }),
  /** The server's head that was waited for; null when it could not be asked. */
  head: nullable(Count),
});
export type WaitResult = Static<typeof WaitResult>;

/** Answered before the engine ends: the process is gone once the socket closes. */
export const StopResult = open({ stopping: Type.Boolean(), pid: Type.Integer() });

/** The scan is queued, not over: `wait` waits for it. */
export const RescanResult = open({ scheduled: Type.Boolean(), sentence: Sentence });
