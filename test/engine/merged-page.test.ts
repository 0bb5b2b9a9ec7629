/** Lists of several namespaces as one: every row once, in order, however the pages are cut and whatever is away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedPage, type Page, type Source } from '../../src/engine/shares/merged-page.ts';
import { ok, refused } from '../../src/ipc/contract.ts';

/** A small generator: the same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
}

function sourceOf(id: string, rows: readonly number[], most = 1000): Source<number, Page<number>> {
  return {
    id,
    name: id === 'own' ? null : id,
    page: (after, limit) => {
      const from = after === undefined ? 0 : Number(after);
      const end = from + Math.min(limit, most);
      return Promise.resolve(
        ok({ rows: rows.slice(from, end), next: end < rows.length ? String(end) : null }),
      );
    },
  };
}

const order = (a: number, b: number) => a - b;

async function allOf(sources: readonly Source<number, Page<number>>[], limit: number): Promise<number[]> {
  const rows: number[] = [];
  for (let after: string | null | undefined, pages = 0; after !== null; pages += 1) {
    assert.ok(pages < 500, 'it ends');
    const page = await mergedPage(sources, after, limit, order);
    assert.ok(page.kind === 'ok');
    assert.ok(page.value.rows.length <= limit);
    rows.push(...page.value.rows);
    after = page.value.next;
  }
  return rows;
}

test('every row of every list comes once and in order, whatever the pages', async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const below = numbers(seed);
    const lists = Array.from({ length: 1 + below(4) }, () =>
      Array.from({ length: below(12) }, () => below(40)).sort(order),
    );
    const sources = lists.map((rows, i) => sourceOf(i === 0 ? 'own' : `share ${i}`, rows, 1 + below(6)));
    const found = await allOf(sources, 1 + below(7));
    assert.deepEqual(found, lists.flat().sort(order), `seed ${seed}`);
  }
});

test('a share that cannot be asked is named and left out; the own list must answer', async () => {
  const away: Source<number, Page<number>> = {
    ...sourceOf('Plans', []),
    page: () => Promise.resolve(refused('unavailable')),
  };
  const page = await mergedPage([sourceOf('own', [1, 2]), away], undefined, 10, order);
  assert.deepEqual(
    page,
    ok({ rows: [1, 2], next: null, pages: [{ rows: [1, 2], next: null }], without: ['Plans'] }),
  );
  const none = await mergedPage([{ ...away, name: null }, sourceOf('b', [1])], undefined, 10, order);
  assert.deepEqual(none, refused('unavailable'));
});

test('a page that was begun before a share came goes on where it was; nonsense is refused', async () => {
  const later = [sourceOf('own', [1, 3, 5]), sourceOf('Plans', [2, 4])];
  const page = await mergedPage(later, '1', 10, order);
  assert.deepEqual(page.kind === 'ok' && page.value.rows, [2, 3, 4, 5]);
  for (const after of ['all x', 'all {"own":1}', 'all []'])
    assert.equal((await mergedPage(later, after, 10, order)).kind, 'refused', after);
});
