/** What lies in the server's cold storage comes back by itself: how long whoever wants it waits before asking again. */
import type { Refused } from './contract.ts';

const LEAST_MS = 1000;
const MOST_MS = 60_000;

/** null: it is not for that that there is no answer. */
export function thawPauseMs({ code, facts }: Pick<Refused, 'code' | 'facts'>): number | null {
  if (code !== 'thawing') return null;
  const seconds = Number(facts['seconds']);
  return Number.isFinite(seconds) ? Math.min(MOST_MS, Math.max(LEAST_MS, seconds * 1000)) : LEAST_MS;
}
