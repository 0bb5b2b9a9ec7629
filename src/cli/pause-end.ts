/** When a pause ends: "30m", "2h", or the next "14:30" by the clock of the reader. */
import { UsageError } from './usage-error.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Null: when somebody resumes. */
export function pauseEnd(span: string | undefined, time: string | undefined, now: number): number | null {
  if (span !== undefined && time !== undefined)
    throw new UsageError('"tidemark pause" takes --for or --until, not both.');
  if (span !== undefined) return now + spanMs(span);
  return time === undefined ? null : nextTime(time, now);
}

function spanMs(text: string): number {
  const [, digits, unit] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new UsageError(`--for takes a time as 30m or 2h, not "${text}".`);
}

function nextTime(text: string, now: number): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) throw new UsageError(`--until takes a time of the day as 14:30, not "${text}".`);
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
