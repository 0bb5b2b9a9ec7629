import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TrashRow } from '../../src/ipc/history.ts';
import { matches, type TrashEntry, TrashGrouping } from '../../src/renderer/screens/trash/trash-entries.ts';
import { seed } from '../property/seeded.ts';

let id = 0;
function row(batch: string | null, about: Partial<TrashRow> = {}): TrashRow {
  id += 1;
  return {
    id: `t${id}`,
    path: `a/${id}.txt`,
    kind: 'file',
    below: 0,
    size: 1,
    deletedAt: 1,
    device: 'd',
    user: 'u',
    where: 'server',
    expiresAt: null,
    batch,
    ...about,
  };
}

const shapeOf = (entries: readonly TrashEntry[]) =>
  entries.map((entry) => (entry.kind === 'batch' ? `[${entry.batch}]` : entry.inBatch ? '.' : 'o')).join('');

/** The rows in pages of `size`, as the engine gives them. */
function inPages(rows: readonly TrashRow[], size: number): { shape: string; grouping: TrashGrouping } {
  const grouping = new TrashGrouping();
  let shape = '';
  for (let from = 0; from < rows.length || from === 0; from += size) {
    const next = from + size < rows.length ? String(from + size) : null;
    const after = from === 0 ? undefined : String(from);
    shape += shapeOf(grouping.entries(rows.slice(from, from + size), after, next));
  }
  return { shape, grouping };
}

test('what was deleted together stands below one line, and a single deletion by itself', () => {
  const rows = [row('a'), row('b'), row('b'), row(null), row(null), row('c')];
  assert.equal(inPages(rows, 100).shape, 'o[b]..ooo');
});

test('a batch over several pages has one line, and its sum grows to all of it', () => {
  const rows = [row('b'), row('b'), row('b', { kind: 'folder', below: 7 }), row('b'), row('c')];
  const { shape, grouping } = inPages(rows, 2);
  assert.equal(shape, '[b]....o');
  assert.deepEqual(grouping.tally('b'), { things: 11, open: false });
});

test('a sum that may still grow says so, and a page read twice counts once', () => {
  const grouping = new TrashGrouping();
  const page = [row('b'), row('b')];
  grouping.entries(page, undefined, '2');
  grouping.entries(page, undefined, '2');
  assert.deepEqual(grouping.tally('b'), { things: 2, open: true });
});

test('however the pages fall, no item is lost and no batch has two lines', () => {
  const batches = fc.array(fc.tuple(fc.constantFrom('a', 'b', null), fc.integer({ min: 1, max: 4 })));
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 5 }), (runs, size) => {
      const rows = runs.flatMap(([batch, length], index) =>
        Array.from({ length }, () => row(batch === null ? null : `${batch}${index}`)),
      );
      const { shape } = inPages(rows, size);
      assert.equal(shape.replace(/\[[^\]]*\]/g, '').length, rows.length);
      const heads = shape.match(/\[[^\]]*\]/g) ?? [];
      assert.equal(new Set(heads).size, heads.length);
    }),
    { numRuns: 200, seed },
  );
});

test('the search looks at the whole path, in any case', () => {
  assert.equal(matches(row(null, { path: 'Photos/Quay.JPG' }), 'photos/q'), true);
  assert.equal(matches(row(null, { path: 'Photos/Quay.JPG' }), 'key'), false);
});
