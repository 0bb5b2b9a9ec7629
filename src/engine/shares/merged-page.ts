/**
 * One list over several, each with pages of its own: the next rows of all in one order. Where the list was cut is written
 * as where each of them was cut, so that nothing is told twice or left out, however they grow.
 */
import { type Static, Type } from 'typebox';
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import { nullable, parserOf } from '../../protocol/schema.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** One of the lists. Its rows come in the order that all are in. */
export interface Source<Row, P extends Page<Row>> {
  readonly id: string;
  /** What is said of it when it cannot be asked; null: then nothing can be told. */
  readonly name: string | null;
  page(after: string | undefined, limit: number): Promise<Answer<P>>;
}

export interface MergedPage<Row, P> extends Page<Row> {
  /** What each that answered said, for what is added up. */
  readonly pages: readonly P[];
  /** Names of those that could not be asked. */
  readonly without: readonly string[];
}

const MARK = 'all ';
/** By id: where it goes on, null when it is over; what is not named was not begun. */
const Cuts = Type.Record(Type.String(), nullable(Type.String()));
type Cuts = Static<typeof Cuts>;
const parseCuts = parserOf(Cuts);

export async function mergedPage<Row, P extends Page<Row>>(
  sources: readonly Source<Row, P>[],
  after: string | undefined,
  limit: number,
  order: (a: Row, b: Row) => number,
): Promise<Answer<MergedPage<Row, P>>> {
  const [only] = sources;
  if (only && sources.length === 1 && !after?.startsWith(MARK)) return alone(await only.page(after, limit));
  const cuts = cutsOf(after, sources[0]?.id ?? '');
  if (cuts === null) return refused('bad-request', { detail: 'after' });
  const without: string[] = [];
  const open: { readonly source: Source<Row, P>; readonly page: P; taken: number }[] = [];
  for (const source of sources) {
    const cut = cuts[source.id];
    if (cut === null) continue;
    const asked = await source.page(cut, limit);
    if (asked.kind === 'ok') open.push({ source, page: asked.value, taken: 0 });
    else if (source.name === null) return asked;
    else without.push(source.name);
  }
  const rows: Row[] = [];
  while (rows.length < limit) {
    // What comes after a page that was cut short is not known: nothing later may be told before it.
    if (open.some(({ page, taken }) => taken === page.rows.length && page.next !== null)) break;
    const first = firstOf(open, order);
    const row = first?.page.rows[first.taken];
    if (first === null || row === undefined) break;
    first.taken += 1;
    rows.push(row);
  }
  const next: Cuts = { ...cuts };
  for (const { source, page, taken } of open) {
    if (taken === page.rows.length) next[source.id] = page.next;
    else if (taken > 0) {
      const again = await source.page(cuts[source.id] ?? undefined, taken);
      if (again.kind === 'refused') return again;
      next[source.id] = again.value.next;
    }
  }
  const isOver = open.every(({ page, taken }) => taken === page.rows.length && page.next === null);
  const pages = open.map(({ page }) => page);
  return ok({ rows, next: isOver ? null : `${MARK}${JSON.stringify(next)}`, pages, without });
}

function alone<Row, P extends Page<Row>>(asked: Answer<P>): Answer<MergedPage<Row, P>> {
  if (asked.kind === 'refused') return asked;
  const { rows, next } = asked.value;
  return ok({ rows, next, pages: [asked.value], without: [] });
}

function firstOf<Row, Each extends { readonly page: Page<Row>; readonly taken: number }>(
  open: readonly Each[],
  order: (a: Row, b: Row) => number,
): Each | null {
  let best: { readonly each: Each; readonly row: Row } | null = null;
  for (const each of open) {
    const row = each.page.rows[each.taken];
    if (row !== undefined && (best === null || order(row, best.row) < 0)) best = { each, row };
  }
  return best?.each ?? null;
}

/** A cut of the first list alone is one of before there were others. Null: it is none at all. */
function cutsOf(after: string | undefined, first: string): Cuts | null {
  if (after === undefined) return {};
  if (!after.startsWith(MARK)) return { [first]: after };
  try {
    const parsed = parseCuts(JSON.parse(after.slice(MARK.length)));
    return parsed.kind === 'ok' ? parsed.value : null;
  } catch {
    return null;
  }
}
