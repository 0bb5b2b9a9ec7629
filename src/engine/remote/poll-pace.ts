/**
 * How long to park a poll. Pure. Some proxies cut a parked request after a while of their own, some hold its answer
 * back: both show as polls that end at the wrong time although the server is there. Then polls get shorter, down to
 * asking at intervals, and one longer poll is tried again from time to time.
 */
import { LIMITS } from '../../protocol/limits.ts';

export interface PollPace {
  /** Seconds the server is asked to park; 0 = it answers at once and the waiting is done here. */
  readonly seconds: number;
  /** Polls in a row that were cut or late at this length. */
  readonly strikes: number;
  /** Polls in a row that ended well at this length, and how many of them it takes to try a longer one. */
  readonly good: number;
  readonly patience: number;
}

export type PollEnd =
  /** Answered in time. */
  | { readonly kind: 'fine' }
  /** Broken off, or refused by something in between, after this time; the server answers other calls. */
  | { readonly kind: 'cut'; readonly afterMs: number }
  /** Answered, but later than the server was to park it. */
  | { readonly kind: 'late' };

export const LONGEST_POLL_SECONDS = LIMITS.notifySeconds - 5;
/** Below this, parking saves nothing over asking. */
const SHORTEST_POLL_SECONDS = 5;
/** One cut is a server restart; two are a habit. */
const STRIKES = 2;
const FIRST_PATIENCE = 20;
const LONGEST_PATIENCE = 320;
/** Between polls that the server answers at once. */
export const SHORT_POLL_EVERY_MS = 3000;
/** An answer this much later than asked for was held back on its way. */
export const LATE_MS = 5000;
/** A poll that breaks off sooner than this met no proxy's deadline: the server is going or gone. */
export const LEAST_CUT_MS = 1000;

export const FIRST_PACE: PollPace = {
  seconds: LONGEST_POLL_SECONDS,
  strikes: 0,
  good: 0,
  patience: FIRST_PATIENCE,
};

export function nextPace(pace: PollPace, end: PollEnd): PollPace {
  if (end.kind === 'fine') return afterGood(pace);
  if (pace.seconds === 0) return { ...pace, good: 0 };
  const strikes = pace.strikes + 1;
  if (strikes < STRIKES) return { ...pace, strikes, good: 0 };
  const survived = end.kind === 'cut' ? Math.floor((end.afterMs / 1000) * 0.7) : pace.seconds;
  const seconds = Math.min(survived, Math.floor(pace.seconds / 2));
  const patience = Math.min(pace.patience * 2, LONGEST_PATIENCE);
  return { seconds: seconds >= SHORTEST_POLL_SECONDS ? seconds : 0, strikes: 0, good: 0, patience };
}

/** After enough good polls a longer one is tried; a single strike ends that trial. */
function afterGood(pace: PollPace): PollPace {
  const good = pace.good + 1;
  if (good < pace.patience) return { ...pace, strikes: 0, good };
  if (pace.seconds === LONGEST_POLL_SECONDS) return FIRST_PACE;
  const longer = Math.max(SHORTEST_POLL_SECONDS, Math.ceil(pace.seconds * 1.5));
  return { ...pace, seconds: Math.min(LONGEST_POLL_SECONDS, longer), strikes: STRIKES - 1, good: 0 };
}
