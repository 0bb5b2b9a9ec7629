/** Every cell of the planner's tables has its cases, by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTENT } from '../../src/core/planner/content-axis.ts';
import { WITH_BASE, WITHOUT_BASE } from '../../src/core/planner/decide.ts';
import { PLACE } from '../../src/core/planner/place-axis.ts';
import { CONTENT_CELLS, PLACE_CELLS } from './cells-axes.ts';
import { STAYS_ONLINE_CELLS } from './cells-stays-online.ts';
import { WITH_BASE_CELLS } from './cells-with-base.ts';
import { WITHOUT_BASE_CELLS } from './cells-without-base.ts';

const CELLS = [
  ...WITH_BASE_CELLS,
  ...WITHOUT_BASE_CELLS,
  ...CONTENT_CELLS,
  ...PLACE_CELLS,
  ...STAYS_ONLINE_CELLS,
];

for (const { cell, says, of, node, expect } of CELLS) {
  test(`${cell}: ${says}`, () => {
    const before = of.differing().length;
    const intent = of.ask(node ?? 'f');
    assert.equal(intent.kind, expect, intent.rule);
    assert.equal(of.differing().length, before, 'deciding changes nothing');
  });
}

test('no cell of the tables is without a case', () => {
  const tables = { 'with base': WITH_BASE, 'without base': WITHOUT_BASE, content: CONTENT, place: PLACE };
  const known = new Set(CELLS.map(({ cell }) => cell));
  const missing = Object.entries(tables).flatMap(([table, rows]) =>
    Object.entries(rows).flatMap(([here, row]) =>
      Object.keys(row).map((there) => `${table}: ${here} × ${there}`),
    ),
  );
  assert.deepEqual(
    missing.filter((cell) => !known.has(cell)),
    [],
  );
});

test('no case has the words of another', () => {
  const said = CELLS.map(({ cell, says }) => `${cell}: ${says}`);
  assert.equal(new Set(said).size, said.length);
});
