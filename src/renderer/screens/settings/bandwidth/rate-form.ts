/** The engine's settings as a form with texts, and back, with what is wrong in it. Pure. */
import type { EngineSettings } from '../../../../ipc/settings.ts';

export interface RateForm {
  readonly up: string;
  readonly down: string;
  readonly scheduled: boolean;
  readonly from: string;
  readonly to: string;
  /** 0 is Sunday. */
  readonly days: readonly number[];
  readonly thenUp: string;
  readonly thenDown: string;
  readonly proxy: EngineSettings['proxy']['kind'];
  readonly proxyUrl: string;
}

export type RateField = 'up' | 'down' | 'thenUp' | 'thenDown' | 'from' | 'to' | 'days' | 'proxyUrl';
export type Read =
  | { readonly kind: 'ok'; readonly settings: EngineSettings }
  | { readonly kind: 'faults'; readonly faults: ReadonlySet<RateField> };

export const MOST_RATE = 10_000_000;
const WORKDAYS = [1, 2, 3, 4, 5];

const textOf = (rate: number | null): string => (rate === null ? '' : String(rate));

export function formOf({ up, down, schedule, proxy }: EngineSettings): RateForm {
  return {
    up: textOf(up),
    down: textOf(down),
    scheduled: schedule !== null,
    from: schedule?.from ?? '08:00',
    to: schedule?.to ?? '18:00',
    days: schedule?.days ?? WORKDAYS,
    thenUp: textOf(schedule?.up ?? null),
    thenDown: textOf(schedule?.down ?? null),
    proxy: proxy.kind,
    proxyUrl: proxy.kind === 'manual' ? proxy.url : '',
  };
}

/** An empty field is "as fast as it goes"; undefined is a fault. */
function rateOf(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const rate = /^\d+$/.test(text.trim()) ? Number(text.trim()) : 0;
  return rate >= 1 && rate <= MOST_RATE ? rate : undefined;
}

const CLOCK = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const PROXY = /^https?:\/\/[^\s]+$/;

export function settingsOf(form: RateForm): Read {
  const faults = new Set<RateField>();
  const rate = (field: 'up' | 'down' | 'thenUp' | 'thenDown'): number | null => {
    const value = rateOf(form[field]);
    if (value === undefined) faults.add(field);
    return value ?? null;
  };
  const settings: EngineSettings = {
    up: rate('up'),
    down: rate('down'),
    schedule: form.scheduled
      ? {
          from: form.from,
          to: form.to,
          days: form.days.toSorted((a, b) => a - b),
          up: rate('thenUp'),
          down: rate('thenDown'),
        }
      : null,
    proxy: proxyOf(form),
  };
  if (form.scheduled) {
    if (!CLOCK.test(form.from)) faults.add('from');
    if (!CLOCK.test(form.to) || form.to === form.from) faults.add('to');
    if (form.days.length === 0) faults.add('days');
  }
  if (settings.proxy.kind === 'manual' && !isProxy(settings.proxy.url)) faults.add('proxyUrl');
  return faults.size === 0 ? { kind: 'ok', settings } : { kind: 'faults', faults };
}

function proxyOf({ proxy, proxyUrl }: RateForm): EngineSettings['proxy'] {
  return proxy === 'manual' ? { kind: 'manual', url: proxyUrl.trim() } : { kind: proxy };
}

function isProxy(url: string): boolean {
  return url.length <= 2048 && PROXY.test(url) && URL.canParse(url);
}
