/** How a server keeps history in a run in which it lets go of some: drawn from a stream of its own, in short hours. */
import type { RetentionPolicy } from '../../server-stub/retention/policy.ts';
import type { Waits } from '../../server-stub/server-limits.ts';
import { Stream } from './random.ts';

export interface KeepingPlan {
  readonly waits: Waits;
  readonly retention: RetentionPolicy;
}

/** What nothing wants is gone within a run: an hour is two seconds, and every grace is one of them. */
const SHORT_WAITS: Waits = {
  hourMs: 2000,
  releaseHours: 1,
  idleHours: 1,
  quarantineHours: 1,
  orphanHours: 2,
  deviceHours: 60,
  // What was is checked against the journal from its beginning.
  journalHours: 2 ** 40,
  journalRows: 1,
  collectionHours: 1,
  coldHours: 720,
};
/** Every content ever saved is asked for in the end; and clocks jump by years. */
const FOREVER = 2 ** 50;

export const KEEPS_ALL: KeepingPlan = {
  waits: SHORT_WAITS,
  retention: {
    allMs: FOREVER,
    dailyMs: FOREVER,
    weeklyMs: FOREVER,
    monthlyMs: FOREVER,
    trashMs: FOREVER,
    held: false,
  },
};

/** Spans of seconds: all of them end within a run, and some do not before somebody comes back. */
export function drawKeeping(seed: number): KeepingPlan {
  const stream = new Stream(seed, 'keeping');
  const allMs = stream.pick([3000, 8000, 20_000]);
  const dailyMs = allMs + stream.pick([0, 5000]);
  const weeklyMs = dailyMs + stream.pick([0, 5000]);
  const monthlyMs = weeklyMs + stream.pick([0, 15_000]);
  const waits: Waits = {
    ...SHORT_WAITS,
    releaseHours: stream.pick([1, 3, 12]),
    quarantineHours: stream.pick([1, 4]),
    journalHours: stream.pick([1, 6, 2 ** 40]),
    // Who is away for longer finds the journal gone, and the tombstones with it.
    deviceHours: stream.pick([4, 6, 30]),
  };
  const trashMs = stream.pick([2000, 10_000, 30_000]);
  return { waits, retention: { allMs, dailyMs, weeklyMs, monthlyMs, trashMs, held: false } };
}
