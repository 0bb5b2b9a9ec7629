/** A long list in pages: only those near what is seen are held, the others are asked for again. Pure. */

interface Page<T> {
  /** Where it begins; null for the first. */
  readonly after: string | null;
  readonly count: number;
  /** Null: let go of, and asked for again when it comes into view. */
  readonly items: readonly T[] | null;
}

export interface Pages<T> {
  readonly pages: readonly Page<T>[];
  /** Where the page after the last begins; null when there is none. */
  readonly next: string | null;
  /** Entries that were looked at for it: more than are shown when only some are wanted. */
  readonly looked: number;
}

export interface LoadedPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly looked: number;
}

/** Pages on either side of the one in view that are held. */
const AROUND = 3;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 40;
/** More rows than these are never in view at once. */
const IN_VIEW = 80;

export function countOf<T>({ pages }: Pages<T>): number {
  return pages.reduce((sum, page) => sum + page.count, 0);
}

export function itemAt<T>({ pages }: Pages<T>, index: number): T | null {
  let start = 0;
  for (const page of pages) {
    if (index < start + page.count) return page.items?.[index - start] ?? null;
    start += page.count;
  }
  return null;
}

function pageOf<T>({ pages }: Pages<T>, index: number): number {
  let start = 0;
  for (const [at, page] of pages.entries()) {
    start += page.count;
    if (index < start) return at;
  }
  return pages.length - 1;
}

export function firstPage<T>({ items, next, looked }: LoadedPage<T>): Pages<T> {
  return { pages: [{ after: null, count: items.length, items }], next, looked };
}

/** `at` is a page that was let go of, or the one after the last. Pages far from `seen` are let go of. */
export function withPage<T>(before: Pages<T>, at: number, loaded: LoadedPage<T>, seen: number): Pages<T> {
  const isNew = at === before.pages.length;
  const after = isNew ? before.next : (before.pages[at]?.after ?? null);
  const page = { after, count: loaded.items.length, items: loaded.items };
  const all: Pages<T> = {
    pages: isNew ? [...before.pages, page] : before.pages.map((each, place) => (place === at ? page : each)),
    next: isNew ? loaded.next : before.next,
    looked: before.looked + (isNew ? loaded.looked : 0),
  };
  const here = pageOf(all, seen);
  return {
    ...all,
    pages: all.pages.map((each, place) =>
      Math.abs(place - here) <= AROUND || place === at ? each : { ...each, items: null },
    ),
  };
}

/** The page to ask for when `seen` is the last row in view: its place and where it begins; null when all is there. */
export function wantedPage<T>(
  all: Pages<T>,
  seen: number,
): { readonly at: number; readonly after: string | null } | null {
  const last = pageOf(all, seen);
  for (let at = Math.max(0, pageOf(all, Math.max(0, seen - IN_VIEW))); at <= last; at += 1) {
    const page = all.pages[at];
    if (page !== undefined && page.items === null) return { at, after: page.after };
  }
  if (all.next !== null && seen >= countOf(all) - AHEAD) return { at: all.pages.length, after: all.next };
  return null;
}
