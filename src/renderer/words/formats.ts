/** Numbers, sizes and times as people of a language write them. Pure: `now` is given. */
import type { Language } from '../../ipc/window.ts';

export interface Formats {
  /** 41203 → "41,203". */
  readonly count: (value: number) => string;
  /** 1536 → "1.5 KB": powers of 1000, as file managers show them. */
  readonly bytes: (value: number) => string;
  readonly percent: (share: number) => string;
  /** "18 Sep 2026, 18:02". */
  readonly moment: (at: number) => string;
  /** "18:02" today, "Fri 18:02" within a week, else the date. */
  readonly shortMoment: (at: number, now: number) => string;
  readonly day: (at: number) => string;
  /** "12 s ago", "3 min ago", "yesterday". */
  readonly ago: (at: number, now: number) => string;
  /** 95 → "1 min 35 s". */
  readonly duration: (seconds: number) => string;
  readonly list: (items: readonly string[]) => string;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;
const DAY = 86_400_000;
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

function bytesIn(locale: string, value: number): string {
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(rest)} ${UNITS[unit] ?? 'B'}`;
}

function agoIn(locale: string, at: number, now: number): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 90) return relative.format(-seconds, 'second');
  if (seconds < 5400) return relative.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 36 * 3600) return relative.format(-Math.round(seconds / 3600), 'hour');
  return relative.format(-Math.round(seconds / 86_400), 'day');
}

function durationOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? '' : ` ${whole % 60} s`}`;
  const minutes = Math.round((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
}

export function formatsOf(language: Language): Formats {
  const locale = LOCALES[language];
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
  const list = new Intl.ListFormat(locale);
  const isToday = (at: number, now: number) => new Date(at).toDateString() === new Date(now).toDateString();
  return {
    count: (value) => number.format(value),
    bytes: (value) => bytesIn(locale, value),
    percent: (share) => percent.format(share),
    moment: (at) => moment.format(at),
    shortMoment: (at, now) =>
      isToday(at, now)
        ? clock.format(at)
        : now - at < 6 * DAY && at <= now
          ? weekday.format(at)
          : moment.format(at),
    day: (at) => day.format(at),
    ago: (at, now) => agoIn(locale, at, now),
    duration: durationOf,
    list: (items) => list.format(items),
  };
}
