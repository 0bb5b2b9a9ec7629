/** What noticed a mutant, as the child says it, and the name of the check. */
import { type Static, Type } from 'typebox';
import { nullable, parserOf, record } from '../../src/protocol/schema.ts';
import type { Hunt } from './mutant.ts';

const CatchSchema = record({ seed: nullable(Type.Integer()), sentence: Type.String() });

/** `seed` is null where there is only one run. */
export type Catch = Static<typeof CatchSchema>;

const parse = parserOf(nullable(CatchSchema));

/** The last line that a child printed; anything else than a catch or `null` is a fault of the child. */
export function parseCatch(stdout: string): Catch | null {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const parsed = parse(JSON.parse(line));
  if (parsed.kind === 'invalid') throw new Error(`the child said ${line}: ${parsed.why}`);
  return parsed.value;
}

/** `I2`, `Q1`: the check of the simulation that failed; what a scenario or the model expected has no number. */
export function checkOf(hunt: Hunt, sentence: string): string {
  const number = /(?:^|: )([IQ]\d+) /.exec(sentence)?.[1];
  if (number !== undefined) return number;
  switch (hunt.by) {
    case 'scenario':
      return 'expectation';
    case 'planner':
      return 'model';
    case 'test':
      return 'assertion';
    default:
      return 'fault';
  }
}
