import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THEMES } from './all-scenarios.ts';
import type { Scenario } from './scenario.ts';

const ALL: readonly Scenario[] = Object.values(THEMES).flat();

/** Rows of the planner's table that a scenario must name. */
const ROWS = [
  'edited × same',
  'same × new head',
  'edited × new head, same content',
  'edited × new head, other content',
  'deleted × same',
  'same × tombstoned',
  'edited × tombstoned',
  'mv a b over a synced b',
  'deleted × new head',
  'deleted × moved',
  'moved × tombstoned',
  'deleted × tombstoned',
  'unseen × anything',
  'moved × moved elsewhere',
  'moved × edited',
  'created at P × another node at P',
  'moved under a folder that is gone',
  'moves that would make a cycle',
  'swaps and rings',
  'zombie',
];

test('there are at least eighty scenarios, each with a name of its own', () => {
  assert.ok(ALL.length >= 80, `${ALL.length} scenarios`);
  assert.equal(new Set(ALL.map((scenario) => scenario.name)).size, ALL.length);
});

test('every row of the planner table has a scenario', () => {
  const covered = new Set(ALL.flatMap((scenario) => scenario.covers));
  assert.deepEqual(
    ROWS.filter((row) => !covered.has(`DESIGN 4: ${row}`)),
    [],
  );
});

test('every rule about claims, deletes, names and the disk has a scenario', () => {
  const covered = new Set(ALL.flatMap((scenario) => scenario.covers));
  // 9: a matter of the server's records; 21: of flushes; both are tested where they are.
  const elsewhere = new Set([9, 21]);
  const rules = Array.from({ length: 24 }, (_, i) => i + 1).filter((rule) => !elsewhere.has(rule));
  assert.deepEqual(
    rules.filter((rule) => !covered.has(`RULES ${rule}`)),
    [],
  );
});

test('a dozen scenarios are also played with real processes', () => {
  const real = ALL.filter((scenario) => scenario.real === true);
  assert.ok(real.length >= 12, `${real.length} scenarios`);
});
