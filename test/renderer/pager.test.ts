import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FetchPage, HELD_PAGES, Pager } from '../../src/renderer/paging/pager.ts';
import { seed } from '../property/seeded.ts';

function listOf(total: number, page: number, asked: string[] = []): FetchPage<number> {
  return async (after) => {
    asked.push(after ?? 'start');
    const from = Number(after ?? 0);
    const rows = Array.from({ length: Math.min(page, total - from) }, (_, index) => from + index);
    const next = from + page < total ? String(from + page) : null;
    return { kind: 'ok', value: { rows, next, total } };
  };
}

test('wherever one looks, the rows are the right ones, and only a few pages are held', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 420 }), { maxLength: 12 }),
      async (total, page, looks) => {
        const pager = new Pager(listOf(total, page));
        for (const first of looks) {
          const last = first + Math.min(20, page * 2);
          await pager.want(first, last);
          assert.ok(pager.heldPages <= HELD_PAGES);
          for (let index = first; index <= last; index += 1) {
            assert.equal(pager.rowAt(index), index < total ? index : undefined);
          }
        }
        if (looks.length > 0) assert.equal(pager.count, total);
      },
    ),
    { numRuns: 80, seed },
  );
});

test('a hundred thousand rows are passed with a hundred requests, and six pages stay', async () => {
  const asked: string[] = [];
  const pager = new Pager(listOf(100_000, 1000, asked));
  await pager.want(0, 50);
  assert.equal(asked.length, 1);
  assert.equal(pager.count, 100_000);
  await pager.want(99_950, 99_999);
  assert.equal(asked.length, 100);
  assert.equal(pager.heldPages, HELD_PAGES);
  assert.equal(pager.rowAt(99_999), 99_999);
  assert.equal(pager.rowAt(0), undefined);
  await pager.want(0, 50);
  assert.equal(pager.rowAt(0), 0);
  assert.equal(asked.length, 101);
});

test('pages without a row that counts are passed over', async () => {
  const pages = ['', 'a', '', 'b c'];
  const pager = new Pager<string>(async (after) => {
    const index = Number(after ?? 0);
    const rows = (pages[index] ?? '').split(' ').filter(Boolean);
    return { kind: 'ok', value: { rows, next: index + 1 < pages.length ? String(index + 1) : null } };
  });
  await pager.want(0, 10);
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => pager.rowAt(index)),
    ['a', 'b', 'c', undefined],
  );
  assert.equal(pager.complete, true);
});

test('after a failure the rows so far stay, and looking again tries again', async () => {
  let fails = true;
  const good = listOf(30, 10);
  const pager = new Pager<number>(async (after) =>
    after === '10' && fails ? { kind: 'gone' } : good(after),
  );
  await pager.want(0, 25);
  assert.deepEqual(pager.trouble, { kind: 'gone' });
  assert.equal(pager.rowAt(9), 9);
  fails = false;
  await pager.want(0, 25);
  assert.equal(pager.trouble, null);
  assert.equal(pager.rowAt(25), 25);
});

test('a page that leads to itself ends the list', async () => {
  let asked = 0;
  const pager = new Pager<number>(async (after) => {
    asked += 1;
    return { kind: 'ok', value: { rows: after === undefined ? [1] : [], next: 'same' } };
  });
  await pager.want(0, 10);
  assert.equal(asked, 2);
  assert.equal(pager.count, 1);
});
