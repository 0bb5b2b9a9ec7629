import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  countOf,
  firstPage,
  itemAt,
  type LoadedPage,
  type Pages,
  wantedPage,
  withPage,
} from '../../../src/renderer/bridge/pages.ts';
import { seed } from '../../property/seeded.ts';

const SIZE = 100;
/** A server of `total` rows, each its own number. */
function page(total: number, after: string | null): LoadedPage<number> {
  const start = after === null ? 0 : Number(after);
  const end = Math.min(total, start + SIZE);
  return {
    items: Array.from({ length: end - start }, (_, row) => start + row),
    next: end < total ? String(end) : null,
    looked: end - start,
  };
}

/** Asks as the screen does, until nothing is wanted. */
function settle(total: number, before: Pages<number>, seen: number): Pages<number> {
  let pages = before;
  for (;;) {
    const wanted = wantedPage(pages, seen);
    if (wanted === null) return pages;
    pages = withPage(pages, wanted.at, page(total, wanted.after), seen);
  }
}

test('what is seen is there, wherever the reader scrolls', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.nat(3000), { maxLength: 12 }),
      (total, moves) => {
        let pages = firstPage(page(total, null));
        for (const move of moves) {
          const seen = Math.min(move, countOf(pages) - 1);
          pages = settle(total, pages, seen);
          for (let row = Math.max(0, seen - 20); row <= seen; row += 1) assert.equal(itemAt(pages, row), row);
        }
        assert.ok(countOf(pages) <= total);
      },
    ),
    { seed },
  );
});

test('of a list of a hundred thousand only what is near is held', () => {
  const total = 100_000;
  let pages = firstPage(page(total, null));
  while (countOf(pages) < total) pages = settle(total, pages, countOf(pages) - 1);
  assert.equal(countOf(pages), total);
  assert.equal(pages.looked, total);
  const held = pages.pages.reduce((sum, each) => sum + (each.items?.length ?? 0), 0);
  assert.ok(held <= 8 * SIZE, `${held} rows are held`);
  assert.equal(itemAt(pages, 0), null);
  assert.equal(itemAt(settle(total, pages, 10), 0), 0);
});

test('a filter that finds nothing looks through all pages and ends', () => {
  const none = (after: string | null) => ({ ...page(950, after), items: [] });
  let pages = firstPage<number>(none(null));
  for (let turn = 0; turn < 20; turn += 1) {
    const wanted = wantedPage(pages, 0);
    if (wanted === null) break;
    pages = withPage(pages, wanted.at, none(wanted.after), 0);
  }
  assert.equal(pages.next, null);
  assert.equal(pages.looked, 950);
  assert.equal(countOf(pages), 0);
});
