/** When a notification is due: one per cause in ten minutes, with everything that came together in it. Pure. */

export type Cause = 'conflicts' | 'review' | 'problems' | 'connection' | 'finished' | 'halted';

export interface Notice {
  readonly cause: Cause;
  readonly count: number;
  /** Where a click leads, and the name of the one thing it is about, when it is one. */
  readonly route: string;
  readonly name: string;
}

interface Pending {
  readonly count: number;
  readonly route: string;
  readonly name: string;
  readonly since: number;
}

export interface NoticePlan {
  readonly pending: Readonly<Partial<Record<Cause, Pending>>>;
  readonly shownAt: Readonly<Partial<Record<Cause, number>>>;
}

export const NO_NOTICES: NoticePlan = { pending: {}, shownAt: {} };

/** What happens together is told together. */
const GATHER_MS = 2000;
const APART_MS = 10 * 60_000;

const ROUTES: Readonly<Record<Cause, string>> = {
  conflicts: '/conflicts',
  review: '/review',
  problems: '/problems',
  connection: '/',
  finished: '/activity',
  halted: '/',
};

export function addNotice(
  plan: NoticePlan,
  cause: Cause,
  about: { readonly at: number; readonly count: number; readonly name: string; readonly route?: string },
): NoticePlan {
  const before = plan.pending[cause];
  const pending: Pending = {
    count: (before?.count ?? 0) + about.count,
    name: about.name,
    route: before === undefined ? (about.route ?? ROUTES[cause]) : ROUTES[cause],
    since: before?.since ?? about.at,
  };
  return { ...plan, pending: { ...plan.pending, [cause]: pending } };
}

/** What settled by itself needs no notification any more. */
export function dropNotice(plan: NoticePlan, cause: Cause): NoticePlan {
  const { [cause]: _gone, ...pending } = plan.pending;
  return { ...plan, pending };
}

const CAUSES: readonly Cause[] = ['conflicts', 'review', 'problems', 'connection', 'finished', 'halted'];

/**
 * What is to be shown now, and when to look again; null: nothing waits. What `mayShow` does not want is over without a
 * notification, and does not hold the next one back.
 */
export function dueNotices(
  plan: NoticePlan,
  now: number,
  mayShow: (cause: Cause) => boolean = () => true,
): { readonly due: readonly Notice[]; readonly plan: NoticePlan; readonly next: number | null } {
  const due: Notice[] = [];
  let rest = plan;
  let next: number | null = null;
  for (const cause of CAUSES) {
    const pending = plan.pending[cause];
    if (pending === undefined) continue;
    const earliest = (plan.shownAt[cause] ?? Number.NEGATIVE_INFINITY) + APART_MS;
    const at = Math.max(pending.since + GATHER_MS, earliest);
    if (at <= now && !mayShow(cause)) rest = dropNotice(rest, cause);
    else if (at <= now) {
      due.push({ cause, count: pending.count, route: pending.route, name: pending.name });
      rest = { ...dropNotice(rest, cause), shownAt: { ...rest.shownAt, [cause]: now } };
    } else next = next === null ? at : Math.min(next, at);
  }
  return { due, plan: rest, next };
}
