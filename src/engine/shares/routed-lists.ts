/** Lists over all namespaces of the user, each as one list with pages. */

import type { ConflictRow } from '../../ipc/conflicts.ts';
import { type Answer, type Call, ok, type Params, type Result } from '../../ipc/contract.ts';
import type { EngineVerbs } from '../verbs/engine-verbs.ts';
import { askIn } from './ask-in.ts';
import { type MergedPage, mergedPage, type Page } from './merged-page.ts';
import type { Surface, Surfaces } from './surfaces.ts';
import { activityId, trashRowOut } from './told-apart.ts';

type ListMethod = 'conflicts.list' | 'trash.list' | 'review.list' | 'activity.list' | 'problems.list';
type Lists = Pick<EngineVerbs, ListMethod>;

interface PageAsked {
  readonly after?: string;
  readonly limit: number;
}

/** A page, and all that was said with it. */
type Said<M extends ListMethod, Row> = Page<Row> & { readonly result: Result<M> };

interface ListOf<M extends ListMethod, Row> {
  readonly method: M;
  readonly params: (page: PageAsked) => Params<M>;
  readonly rows: (result: Result<M>, surface: Surface) => readonly Row[];
  readonly order: (a: Row, b: Row) => number;
}

/** As many as a screen takes. */
const PAGE = 200;

export function routedLists(surfaces: Surfaces): Lists {
  const all = <M extends ListMethod, Row>(list: ListOf<M, Row>, page: PageOf, call: Call) =>
    listed(surfaces.all(), list, page, call);
  return {
    'conflicts.list': async ({ status, ...page }, call) => {
      const merged = await all(
        {
          method: 'conflicts.list',
          params: (at) => ({ ...at, ...(status === undefined ? {} : { status }) }),
          rows: ({ conflicts }) => conflicts,
          order: (a, b) =>
            status === 'resolved' ? settledAt(b) - settledAt(a) || compare(b.id, a.id) : compare(a.id, b.id),
        },
        page,
        call,
      );
      if (merged.kind === 'refused') return merged;
      const { rows, pages, ...rest } = merged.value;
      const total = pages.reduce((sum, { result }) => sum + result.total, 0);
      return ok({ conflicts: [...rows], total, ...restOf(rest) });
    },
    'trash.list': async (page, call) => {
      const merged = await all(
        {
          method: 'trash.list',
          params: (at) => at,
          rows: ({ items }, surface) => items.map((each) => trashRowOut(surface, each)),
          order: (a, b) =>
            Number(a.where === 'here') - Number(b.where === 'here') || b.deletedAt - a.deletedAt,
        },
        page,
        call,
      );
      if (merged.kind === 'refused') return merged;
      return ok({ items: [...merged.value.rows], ...restOf(merged.value) });
    },
    'review.list': async (page, call) => {
      const merged = await all(
        {
          method: 'review.list',
          params: (at) => at,
          rows: ({ batches }) => batches,
          order: (a, b) => a.firstAt - b.firstAt || compare(a.id, b.id),
        },
        page,
        call,
      );
      if (merged.kind === 'refused') return merged;
      return ok({ batches: [...merged.value.rows], ...restOf(merged.value) });
    },
    'activity.list': (params, call) => listActivity(surfaces, params, call),
    'problems.list': async ({ code, ...page }, call) => {
      const merged = await all(
        {
          method: 'problems.list',
          params: (at) => ({ ...at, ...(code === undefined ? {} : { code }) }),
          rows: ({ problems }) => problems,
          order: (a, b) => a.since - b.since,
        },
        page,
        call,
      );
      if (merged.kind === 'refused') return merged;
      const { rows, pages, ...rest } = merged.value;
      const groups = joinedGroups(pages.flatMap(({ result }) => result.groups));
      return ok({ groups, problems: [...rows], ...restOf(rest) });
    },
  };
}

/** Of one path only: the share it is in has all of it; of the folder of a share, all that happened in it. */
async function listActivity(
  surfaces: Surfaces,
  { path, ...page }: Params<'activity.list'>,
  call: Call,
): Promise<Answer<Result<'activity.list'>>> {
  const placed = path === undefined ? null : surfaces.at(path);
  if (placed?.kind === 'refused') return placed;
  const below = placed?.value.below ?? '';
  const merged = await listed(
    placed ? [placed.value.surface] : surfaces.all(),
    {
      method: 'activity.list',
      params: (at) => ({ ...at, ...(below === '' ? {} : { path: below }) }),
      rows: ({ activities }, surface) =>
        activities.map((each) => ({ ...each, id: activityId(surfaces, surface, each.id) })),
      order: (a, b) => b.at - a.at,
    },
    page,
    call,
  );
  if (merged.kind === 'refused') return merged;
  return ok({ activities: [...merged.value.rows], ...restOf(merged.value) });
}

interface PageOf {
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

async function listed<M extends ListMethod, Row>(
  over: readonly Surface[],
  list: ListOf<M, Row>,
  { after, limit = PAGE }: PageOf,
  call: Call,
): Promise<Answer<MergedPage<Row, Said<M, Row>>>> {
  const sources = over.map((surface, i) => ({
    id: surface.share ?? 'own',
    name: i === 0 ? null : surface.path,
    page: async (cut: string | undefined, most: number): Promise<Answer<Said<M, Row>>> => {
      const at = { limit: most, ...(cut === undefined ? {} : { after: cut }) };
      const asked = await askIn(list.method, { surface, params: list.params(at) }, call);
      if (asked.kind === 'refused') return asked;
      const result = asked.value;
      return ok({ rows: list.rows(result, surface), next: result.next, result });
    },
  }));
  return mergedPage(sources, after, limit, list.order);
}

/** What every list says beside its rows. */
function restOf({ next, without }: { readonly next: string | null; readonly without: readonly string[] }) {
  return { next, ...(without.length === 0 ? {} : { without: [...without] }) };
}

function settledAt(row: ConflictRow): number {
  return row.resolution?.at ?? 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

type Group = Result<'problems.list'>['groups'][number];

/** One per cause, most first. */
function joinedGroups(groups: readonly Group[]): Group[] {
  const byCode = new Map<string, Group>();
  for (const each of groups) {
    const known = byCode.get(each.code);
    byCode.set(each.code, known ? { ...known, count: known.count + each.count } : each);
  }
  return [...byCode.values()].sort((a, b) => b.count - a.count || compare(a.code, b.code));
}
