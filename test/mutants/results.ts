/** What came of each mutant, kept between runs so that the table can be made in pieces. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { nullable, parserOf, record } from '../../src/protocol/schema.ts';
import { MUTANTS } from './all-mutants.ts';

const FILE = join(import.meta.dirname, 'results.json');

const ResultSchema = record({
  id: Type.String(),
  /** Null: it survived. */
  check: nullable(Type.String()),
  sentence: Type.String(),
  seed: nullable(Type.Integer()),
  /** Seeds that were run, the one that caught it included. */
  tried: Type.Integer(),
});

export type Result = Static<typeof ResultSchema>;

const parse = parserOf(Type.Array(ResultSchema));

export function readResults(): Map<string, Result> {
  const parsed = parse(JSON.parse(readFileSync(FILE, 'utf8')));
  if (parsed.kind === 'invalid') throw new Error(`results.json: ${parsed.why}`);
  return new Map(parsed.value.map((each) => [each.id, each]));
}

/** Adds or replaces one; what is no mutant any more is left out. */
export function noteResult(result: Result): void {
  const results = readResults().set(result.id, result);
  const rows = MUTANTS.flatMap(({ id }) => results.get(id) ?? []);
  writeFileSync(FILE, `${JSON.stringify(rows, null, 2)}\n`);
}
