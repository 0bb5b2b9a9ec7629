/** Moments as people say them here. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const WEEK_MS = 6 * 86_400_000;

/** By this computer's clock and calendar: "Sat 09:40" within a week, else "2026-09-18 18:02". */
export function momentWords(ms: number, now: number): string {
  const date = new Date(ms);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (ms <= now && ms > now - WEEK_MS) return `${DAYS[date.getDay()] ?? ''} ${clock}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}

/** "1 file", "3 files". */
export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
