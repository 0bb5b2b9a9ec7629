/** When to try again. Pure: the fraction of chance is passed in. */

export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_CAP_MS = 60_000;
/** A server may ask for a pause of at most this long; more is taken for a mistake. */
export const RETRY_AFTER_CAP_MS = 3_600_000;
/** Devices that were all told the same pause come back spread over this part of it. */
const SPREAD = 0.1;

/**
 * Milliseconds to wait before try number `attempt` + 1 (`attempt` = failures so far, from 1): exponential with full
 * jitter. A pause that the server asked for is never shortened, only spread a little beyond its end.
 */
export function backoffMs(attempt: number, fraction: number, retryAfterMs = 0): number {
  if (retryAfterMs > 0) {
    const asked = Math.min(retryAfterMs, RETRY_AFTER_CAP_MS);
    return Math.ceil(asked + fraction * Math.min(asked * SPREAD, BACKOFF_CAP_MS));
  }
  const steps = Math.min(Math.max(attempt, 1) - 1, 30);
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** steps);
  return Math.ceil(fraction * ceiling);
}

/**
 * The pause a `retry-after` header asks for: seconds or an HTTP date, from 0 to one hour; 0 when it says nothing
 * usable. A date is compared with the same answer's `date` header where there is one, so that clocks need not agree.
 */
export function retryAfterMs(
  header: string | undefined,
  dateHeader: string | undefined,
  nowMs: number,
): number {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return capped(Number(text) * 1000);
  // Anything else that `Date.parse` would take for a date is a mistake of somebody's.
  const until = /^[A-Za-z]{3,9}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return 0;
  const sentAt = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
  return capped(until - (Number.isNaN(sentAt) ? nowMs : sentAt));
}

function capped(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), RETRY_AFTER_CAP_MS);
}
