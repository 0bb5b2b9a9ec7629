import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { MUTANTS, mutantOf } from './all-mutants.ts';
import { huntInChild } from './child.ts';
import { MODEL_ROWS, mutantsOfRule, RULES, RULES_ELSEWHERE } from './coverage.ts';
import { mutated } from './replace.ts';
import { readResults } from './results.ts';
import { TABLE_FILE, table } from './table.ts';

test('every mutant replaces a text that stands in its file exactly once, and a program remains', () => {
  for (const mutant of MUTANTS) {
    for (const source of mutated(mutant).values())
      assert.doesNotThrow(() => stripTypeScriptTypes(source), mutant.id);
  }
});

test('there are at least fifty mutants, each with a name and a text of its own', () => {
  assert.ok(MUTANTS.length >= 50, `${MUTANTS.length} mutants`);
  assert.equal(new Set(MUTANTS.map(({ id }) => id)).size, MUTANTS.length);
  const texts = MUTANTS.map((each) => JSON.stringify([...mutated(each)]));
  assert.equal(new Set(texts).size, MUTANTS.length);
  for (const { id } of MUTANTS) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
});

test('every rule, and every row of the first model, has a mutant or a reason', () => {
  const rules = Array.from({ length: RULES }, (_, i) => i + 1);
  const bare = rules.filter((rule) => mutantsOfRule(rule).length === 0 && !(rule in RULES_ELSEWHERE));
  assert.deepEqual(bare, []);
  for (const ids of Object.values(MODEL_ROWS)) for (const id of ids) mutantOf(id);
});

test('the table is that of these mutants, and all of them are caught', () => {
  const results = readResults();
  assert.deepEqual([...results.keys()].sort(), MUTANTS.map(({ id }) => id).sort());
  assert.deepEqual(
    MUTANTS.filter(({ id }) => results.get(id)?.check == null).map(({ id }) => id),
    [],
  );
  assert.equal(readFileSync(TABLE_FILE, 'utf8'), table(results));
});

for (const id of ['unreadable-is-absent', 'brake-forgets-earlier-slices', 'equal-stale-edit-forks']) {
  test(`a bug is found: ${id}`, async () => {
    const found = await huntInChild({ mutant: mutantOf(id), withBug: true, timeoutMs: 120_000 });
    assert.notEqual(found, null);
  });
}
