/** Verbs about the account's devices and about how files may travel. */
import { EXIT } from '../ipc/exit.ts';
import type { DeviceRow, EngineSettings } from '../ipc/settings.ts';
import { ask, askOnce, withEngine } from './ask-engine.ts';
import { plural, table, when } from './text.ts';
import { UsageError, wholeNumber } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

function deviceCells(row: DeviceRow): string[] {
  const state = row.revoked
    ? 'ended'
    : row.behind === 0
      ? 'has everything'
      : `${plural(row.behind, 'change')} behind`;
  const last = row.lastSeenAt === null ? 'never seen' : `seen ${when(row.lastSeenAt)}`;
  const seen = row.online ? 'online now' : last;
  return [row.deviceId, row.name, row.os, seen, `${state}${row.self ? ', this one' : ''}`];
}

export const devices: VerbRun = (input) =>
  askOnce(input, 'devices.list', {}, (result) => input.out.say(...table(result.devices.map(deviceCells))));

export const revoke: VerbRun = (input) =>
  askOnce(input, 'devices.revoke', { deviceId: input.positionals[0] ?? '' }, (result) =>
    input.out.say(result.sentence),
  );

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const CHANGES = ['up', 'down', 'from', 'to', 'days', 'then-up', 'then-down', 'proxy'] as const;

function rate(input: VerbInput, name: string, before: number | null): number | null {
  const typed = input.options[name];
  if (typed === undefined) return before;
  return typed === 'off' ? null : wholeNumber(typed, name, 1, 10_000_000);
}

function time(input: VerbInput, name: string, before: string | undefined): string {
  const typed = input.options[name] ?? before;
  if (typed !== undefined && /^([01]\d|2[0-3]):[0-5]\d$/.test(typed)) return typed;
  throw new UsageError(`--${name} takes a time of the day as 09:30.`);
}

function days(typed: string | undefined, before: readonly number[]): number[] {
  if (typed === undefined) return [...before];
  return typed.split(',').map((name) => {
    const day = DAYS.indexOf(name.trim().slice(0, 3).toLowerCase());
    if (day < 0) throw new UsageError(`--days takes days as mon,tue, not "${name}".`);
    return day;
  });
}

function schedule(input: VerbInput, before: EngineSettings['schedule']): EngineSettings['schedule'] {
  if (input.switches.has('always')) return null;
  const isNamed = ['from', 'to', 'days', 'then-up', 'then-down'].some(
    (name) => input.options[name] !== undefined,
  );
  if (!isNamed) return before;
  return {
    from: time(input, 'from', before?.from),
    to: time(input, 'to', before?.to),
    days: days(input.options['days'], before?.days ?? [0, 1, 2, 3, 4, 5, 6]),
    up: rate(input, 'then-up', before?.up ?? null),
    down: rate(input, 'then-down', before?.down ?? null),
  };
}

function proxy(typed: string | undefined, before: EngineSettings['proxy']): EngineSettings['proxy'] {
  if (typed === undefined) return before;
  if (typed === 'system' || typed === 'none') return { kind: typed };
  if (/^https?:\/\/\S+$/.test(typed)) return { kind: 'manual', url: typed };
  throw new UsageError(`--proxy takes system, none or an address as http://HOST:PORT, not "${typed}".`);
}

const speed = (kib: number | null) => (kib === null ? 'as fast as it goes' : `at most ${kib} KiB/s`);

function settingsLines({ up, down, schedule: other, proxy: way }: EngineSettings): string[] {
  const rows = [
    ['Send', speed(up)],
    ['Fetch', speed(down)],
    ['Proxy', way.kind === 'manual' ? withoutSecret(way.url) : way.kind],
  ];
  if (other !== null) {
    const on = other.days.length === 7 ? 'every day' : other.days.map((day) => DAYS[day] ?? '').join(', ');
    rows.push([`${other.from} to ${other.to}`, `${on}: send ${speed(other.up)}, fetch ${speed(other.down)}`]);
  }
  return table(rows);
}

/** A proxy may carry a password: it is not for every screen. */
function withoutSecret(text: string): string {
  const url = URL.parse(text);
  return url === null ? text : `${url.protocol}//${url.host}`;
}

export const limits: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const before = await ask(input.out, client, 'settings.get', {});
    if (before.kind === 'told') return before.exit;
    const isChange =
      input.switches.has('always') || CHANGES.some((name) => input.options[name] !== undefined);
    const settings: EngineSettings = {
      up: rate(input, 'up', before.value.up),
      down: rate(input, 'down', before.value.down),
      schedule: schedule(input, before.value.schedule),
      proxy: proxy(input.options['proxy'], before.value.proxy),
    };
    const now = isChange ? await ask(input.out, client, 'settings.set', { settings }) : before;
    if (now.kind === 'told') return now.exit;
    input.out.result(now.value);
    input.out.say(...settingsLines(now.value));
    return EXIT.ok;
  });
