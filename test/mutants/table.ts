/** The table for people: what was broken, who noticed, and after how many seeds. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './all-mutants.ts';
import { MODEL_ROWS, mutantsOfRule, RULES, RULES_ELSEWHERE } from './coverage.ts';
import type { Hunt, Mutant } from './mutant.ts';
import type { Result } from './results.ts';

export const TABLE_FILE = join(import.meta.dirname, 'table.md');

type Results = ReadonlyMap<string, Result>;

export function writeTable(results: Results): void {
  writeFileSync(TABLE_FILE, table(results));
}

export function table(results: Results): string {
  return [
    '# Mutants',
    '',
    'Made by `npm run sim:mutants`: each of these bugs alone was put into the product. Seeds and model runs pass without it; scenarios and tests are those of `npm test`.',
    'Where seeds caught it, the number says how many were run, the one that failed included; it moves when the simulation does.',
    '',
    summary(results),
    '',
    ...rowsOf(
      ['mutant', 'stands for', 'what goes wrong', 'caught by', 'check', 'seeds'],
      MUTANTS.map((each) => row(each, results)),
    ),
    '',
    '## Rules',
    '',
    ...rowsOf(
      ['rule', 'mutants'],
      Array.from({ length: RULES }, (_, i) => ruleRow(i + 1)),
    ),
    '',
    '## Rows of the first model',
    '',
    ...rowsOf(
      ['rule removed', 'mutants'],
      Object.entries(MODEL_ROWS).map(([name, ids]) => [name, ids.join(', ')]),
    ),
    '',
  ].join('\n');
}

function rowsOf(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function row({ id, rules, breaks, hunt }: Mutant, results: Results): readonly string[] {
  const result = results.get(id);
  const found =
    result?.check == null ? ['**nobody**', '', ''] : [catcher(hunt), result.check, seedsOf(hunt, result)];
  return [id, rules.join(', '), breaks, ...found];
}

function catcher(hunt: Hunt): string {
  switch (hunt.by) {
    case 'seeds':
      return 'simulation';
    case 'power cuts':
      return 'simulation, power cuts';
    case 'planner':
      return "the planner's model";
    case 'scenario':
      return `scenario "${hunt.name}"`;
    case 'test':
      return `test "${hunt.name}"`;
  }
}

function seedsOf(hunt: Hunt, { tried }: Result): string {
  return 'most' in hunt ? `${tried} of at most ${hunt.most}` : '';
}

function ruleRow(rule: number): readonly string[] {
  const ids = mutantsOfRule(rule);
  const elsewhere = RULES_ELSEWHERE[rule];
  return [
    `RULES ${rule}`,
    [...(ids.length > 0 ? [ids.join(', ')] : []), ...(elsewhere ? [elsewhere] : [])].join('; '),
  ];
}

function summary(results: Results): string {
  const caught = MUTANTS.filter(({ id }) => results.get(id)?.check != null);
  const by = (kind: Hunt['by']) => caught.filter(({ hunt }) => hunt.by === kind);
  const needed = by('seeds')
    .map(({ id }) => results.get(id)?.tried ?? 0)
    .sort((a, b) => a - b);
  const median = needed[needed.length >> 1] ?? 0;
  return `${MUTANTS.length} mutants, ${caught.length} caught: ${needed.length} by seeds of the simulation (median ${median} seeds, most ${needed.at(-1) ?? 0}), ${by('power cuts').length} by power cuts, ${by('scenario').length} by scenarios on the simulated stage, ${by('planner').length} by the planner's model, ${by('test').length} by a test.`;
}
