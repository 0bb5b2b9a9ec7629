/** Which limits hold at a time of the day, as the user set them. */
import type { EngineSettings } from '../../ipc/settings.ts';

/** Bytes per second; null is as fast as it goes. */
export interface LineRates {
  readonly up: number | null;
  readonly down: number | null;
}

/** Local time: 0 is Sunday. */
export interface LocalTime {
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

export function localTime(ms: number): LocalTime {
  const date = new Date(ms);
  return { day: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() };
}

export function ratesAt(settings: EngineSettings, time: LocalTime): LineRates {
  const { schedule } = settings;
  const { up, down } = schedule !== null && isWithin(schedule, time) ? schedule : settings;
  return { up: bytes(up), down: bytes(down) };
}

function isWithin(schedule: NonNullable<EngineSettings['schedule']>, { day, minute }: LocalTime): boolean {
  const from = minutesOf(schedule.from);
  const to = minutesOf(schedule.to);
  const beganToday = schedule.days.includes(day) && minute >= from;
  if (from < to) return beganToday && minute < to;
  // Over midnight: what began yesterday goes on until `to`.
  return beganToday || (schedule.days.includes((day + 6) % 7) && minute < to);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function bytes(kib: number | null): number | null {
  return kib === null ? null : kib * 1024;
}
