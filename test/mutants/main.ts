/**
 * `npm run sim:mutants [-- --only ID,ID] [--missing] [--list]`: switches every deliberate bug on in turn, lets the checks
 * find it, and writes the table. A bug counts as caught only if the same run passes without it.
 */
import { parseArgs } from 'node:util';
import { MUTANTS } from './all-mutants.ts';
import { type Catch, checkOf } from './catch.ts';
import { huntInChild } from './child.ts';
import type { Mutant } from './mutant.ts';
import { noteResult, type Result, readResults } from './results.ts';
import { writeTable } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    missing: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '15' },
    most: { type: 'string', default: '1000000' },
    list: { type: 'boolean', default: false },
  },
});
const timeoutMs = Number(values.minutes) * 60_000;

/** Goes on past seeds that fail without the bug as well: those say nothing about it. */
async function hunted(mutant: Mutant): Promise<Result> {
  const { hunt, id } = mutant;
  const last = 'most' in hunt ? Math.min(hunt.most, Number(values.most)) : 1;
  for (let first = 1; first <= last; ) {
    const found = await huntInChild({ mutant, withBug: true, first, most: last - first + 1, timeoutMs });
    if (found === null) break;
    const { seed, sentence } = found;
    const at = seed ?? 1;
    const alsoWithout = await withoutBug(mutant, at);
    if (alsoWithout === null)
      return { id, check: checkOf(hunt, sentence), sentence: brief(sentence), seed, tried: at };
    console.log(`  seed ${at} fails without the bug too: ${brief(alsoWithout.sentence)}`);
    first = at + 1;
  }
  return { id, check: null, sentence: '', seed: null, tried: last };
}

const healthy = new Map<string, Catch | null>();

/**
 * The very run that noticed the bug, without it. Many mutants fall at the same few seeds; scenarios and tests pass
 * without it, or `npm test` does not.
 */
async function withoutBug(mutant: Mutant, seed: number): Promise<Catch | null> {
  if (mutant.hunt.by === 'scenario' || mutant.hunt.by === 'test') return null;
  const run = JSON.stringify([{ ...mutant.hunt, most: 1 }, seed]);
  const known = healthy.get(run);
  if (known !== undefined) return known;
  const found = await huntInChild({ mutant, withBug: false, first: seed, most: 1, timeoutMs });
  healthy.set(run, found);
  return found;
}

/** One line, without the places in the code that an error names. */
function brief(sentence: string): string {
  const [line = ''] = sentence.split(/\n\s+at /);
  return line.replaceAll(/\s+/g, ' ').slice(0, 160);
}

const results = readResults();
const only = values.only === '' ? null : new Set(values.only.split(','));
const chosen = MUTANTS.filter(
  ({ id }) => (only === null || only.has(id)) && !(values.missing && results.get(id)?.check != null),
);
let survivors = 0;
for (const mutant of values.list ? [] : chosen) {
  const began = performance.now();
  const result = await hunted(mutant).catch((error: unknown): Result => {
    console.log(error instanceof Error ? error.message : String(error));
    return { id: mutant.id, check: null, sentence: 'the hunt itself failed', seed: null, tried: 0 };
  });
  if (result.check === null) survivors += 1;
  const took = ((performance.now() - began) / 1000).toFixed(0);
  const what = result.check === null ? 'SURVIVES' : `${result.check} at ${result.seed ?? 'once'}`;
  console.log(`${mutant.id}: ${what} (${took} s) ${result.sentence}`);
  noteResult(result);
}
writeTable(readResults());
console.log(`${chosen.length} mutants, ${survivors} survive`);
process.exitCode = survivors === 0 ? 0 : 1;
