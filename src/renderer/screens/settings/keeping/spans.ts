/** How long history is kept, as people type it: whole days. Pure. */
import { type RetentionSpans, spansFault } from '../../../../protocol/retention.ts';

export const SPANS = ['allMs', 'dailyMs', 'weeklyMs', 'monthlyMs', 'trashMs'] as const;
export type SpanName = (typeof SPANS)[number];
export type SpanForm = Readonly<Record<SpanName, string>>;

const DAY = 86_400_000;
/** A hundred years, as the protocol has it. */
const MOST_DAYS = 36_525;

/** Rounded up: what is shown is never less than what is kept, by less than a day. */
export function daysOf(ms: number): number {
  return Math.ceil(ms / DAY);
}

export function formOf(spans: RetentionSpans): SpanForm {
  const days = (name: SpanName) => String(daysOf(spans[name]));
  return {
    allMs: days('allMs'),
    dailyMs: days('dailyMs'),
    weeklyMs: days('weeklyMs'),
    monthlyMs: days('monthlyMs'),
    trashMs: days('trashMs'),
  };
}

/** Null: no number of days that can be. */
export function daysTyped(text: string): number | null {
  if (!/^\d{1,5}$/.test(text.trim())) return null;
  const days = Number(text);
  return days >= 1 && days <= MOST_DAYS ? days : null;
}

export type Typed =
  | { readonly kind: 'spans'; readonly spans: RetentionSpans }
  /** 'order': each kind of version has to be kept for as long as the kind before it. */
  | { readonly kind: 'wrong'; readonly name: SpanName; readonly why: 'number' | 'order' };

/** What stands there unchanged stays exactly as it is, also where it is no whole number of days. */
export function spansTyped(form: SpanForm, before: RetentionSpans): Typed {
  const spans: Record<SpanName, number> = { ...before };
  for (const name of SPANS) {
    const days = daysTyped(form[name]);
    if (days === null) return { kind: 'wrong', name, why: 'number' };
    if (days !== daysOf(before[name])) spans[name] = days * DAY;
  }
  if (spansFault(spans) === null) return { kind: 'spans', spans };
  const name =
    spans.allMs > spans.dailyMs ? 'dailyMs' : spans.dailyMs > spans.weeklyMs ? 'weeklyMs' : 'monthlyMs';
  return { kind: 'wrong', name, why: 'order' };
}

export interface Change {
  readonly name: SpanName;
  readonly before: number;
  readonly after: number;
}

export function changesOf(before: RetentionSpans, after: RetentionSpans): readonly Change[] {
  return SPANS.filter((name) => before[name] !== after[name]).map((name) => ({
    name,
    before: before[name],
    after: after[name],
  }));
}

/** What less is kept of: it goes, and does not come back. */
export function shrinking(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ before, after }) => after < before);
}
