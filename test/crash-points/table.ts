/** What was enumerated, kept beside the bundles and written into table.md. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Enumerated } from './enumerate.ts';

const RESULTS = join(fileURLToPath(new URL('../../out', import.meta.url)), 'points');
const TABLE = fileURLToPath(new URL('./table.md', import.meta.url));

const Kept = Type.Object({
  name: Type.String(),
  what: Type.String(),
  chosen: Type.String(),
  runs: Type.Number(),
  struck: Type.Record(Type.String(), Type.Number()),
  failures: Type.Array(Type.String()),
  seconds: Type.Number(),
});

export type Mode = 'crash' | 'fault';

export function keepResult(mode: Mode, result: Enumerated): void {
  mkdirSync(RESULTS, { recursive: true });
  const name = `${mode} ${result.name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

function resultsOf(mode: Mode): readonly Enumerated[] {
  mkdirSync(RESULTS, { recursive: true });
  return readdirSync(RESULTS)
    .filter((name) => name.startsWith(`${mode}-`) && name.endsWith('.json'))
    .sort()
    .map((name) => Value.Parse(Kept, JSON.parse(readFileSync(join(RESULTS, name), 'utf8'))));
}

const WORDS = [
  '"Distinct" leaves out, of a row of equal calls on one file, all but the first: writes to the log of the database that',
  'end no transaction only add to what does not count yet. The call that ends one is a call of its own ("commit").',
  '"N, evenly": of each fault so many of the calls that it can happen to, spread over the run, the first and the last too.',
].join('\n');

const TITLES: Readonly<Record<Mode, string>> = {
  crash: 'Killed in front of every call that changes a file, then started again',
  fault: 'Calls that failed, once or until they were healed',
};

/** Everything that was enumerated here lately. */
export function writeTable(): void {
  const parts = (['crash', 'fault'] as const).map((mode) => section(mode, resultsOf(mode)));
  writeFileSync(TABLE, `# Points that were enumerated\n\n${WORDS}\n\n${parts.join('\n')}`);
}

const FAULT = / (ENOSPC|EIO|EMFILE|EACCES|short writes) (once|from there on)$/;

/** All faults of one operation in one row. */
function byOperation(results: readonly Enumerated[]): readonly Enumerated[] {
  const rows = new Map<string, Enumerated>();
  for (const each of results) {
    const name = each.name.replace(FAULT, '').replace(/,$/, '');
    const before = rows.get(name);
    rows.set(name, before === undefined ? { ...each, name } : joined(before, each));
  }
  return [...rows.values()];
}

function joined(one: Enumerated, other: Enumerated): Enumerated {
  const struck = { ...one.struck };
  for (const [call, count] of Object.entries(other.struck)) struck[call] = (struck[call] ?? 0) + count;
  return {
    ...one,
    chosen: [...new Set([one.chosen, other.chosen])].join('; '),
    runs: one.runs + other.runs,
    struck,
    failures: [...one.failures, ...other.failures],
    seconds: one.seconds + other.seconds,
  };
}

function section(mode: Mode, all: readonly Enumerated[]): string {
  const results = byOperation(all);
  const rows = results.map((each) => {
    const calls = Object.entries(each.struck).sort(([, a], [, b]) => b - a);
    const total = calls.reduce((sum, [, count]) => sum + count, 0);
    const list = calls.map(([call, count]) => `${call.replace('-commit', ' (commit)')} ${count}`).join(', ');
    return `| ${each.name} | ${each.what} | ${each.chosen} | ${total} | ${list} | ${each.failures.length} | ${each.seconds} |`;
  });
  const sum = results.reduce(
    (before, each) => before + Object.values(each.struck).reduce((a, b) => a + b, 0),
    0,
  );
  const head =
    '| operation | what happens | which calls | points | calls | failures | seconds |\n| --- | --- | --- | --- | --- | --- | --- |';
  return `## ${TITLES[mode]}\n\n${head}\n${rows.join('\n')}\n| all | | | ${sum} | | | |\n`;
}
