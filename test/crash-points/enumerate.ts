/** Every call in turn: from the first on, until the operation is over before its turn comes. */
import type { Run } from './crash-run.ts';
import type { Point } from './point-shim.ts';

/** Calls that changed files, as far as one operation makes them, and what went wrong at which. */
export interface Enumerated {
  readonly name: string;
  readonly what: string;
  readonly runs: number;
  /** How often it was struck, by the name of the call. */
  readonly struck: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** A run may make a few calls fewer than the one before: that many in a row have to be over before their turn. */
const CLEAN_RUNS = 3;

/**
 * Which calls are struck: each, each so many, or, of a row of equal calls on one file, the first. What ends a transaction
 * of the database is a call of its own: the writes in front of it only add to what does not count yet.
 */
export type Choice = { readonly kind: 'every'; readonly step: number } | { readonly kind: 'distinct' };

export interface Subject {
  readonly name: string;
  readonly what: string;
  /** Strikes at the n-th call, or tells that there was none; 0 only counts. */
  run(at: number): Promise<Run>;
}

export async function enumerate(
  subject: Subject,
  choice: Choice,
  say: (line: string) => void,
): Promise<Enumerated> {
  const began = performance.now();
  const struck: Record<string, number> = {};
  const failures: string[] = [];
  let runs = 0;
  const strikeAt = async (at: number): Promise<Run> => {
    const done = await subject.run(at);
    runs += 1;
    if (done.struck !== null) struck[done.struck.call] = (struck[done.struck.call] ?? 0) + 1;
    if (done.troubles.length === 0) return done;
    const failure = `${subject.name}, at ${at} ${describe(done)}: ${done.troubles.join(' | ')}`;
    failures.push(failure);
    say(failure);
    return done;
  };
  const chosen = choice.kind === 'distinct' ? distinct((await strikeAt(0)).points) : [];
  for (const at of chosen) await strikeAt(at);
  const step = choice.kind === 'distinct' ? 1 : choice.step;
  const enough = step === 1 ? CLEAN_RUNS : 1;
  for (let at = (chosen.at(-1) ?? 0) + 1, clean = 0; clean < enough; at += step)
    clean = (await strikeAt(at)).struck === null ? clean + 1 : 0;
  const { name, what } = subject;
  return { name, what, runs, struck, failures, seconds: Math.round((performance.now() - began) / 1000) };
}

/** The first of each row of equal calls, counted from 1. */
export function distinct(points: readonly Point[]): readonly number[] {
  const word = (at: number) => `${points[at]?.call} ${points[at]?.path}`;
  return points.flatMap((_, i) => (word(i - 1) === word(i) ? [] : [i + 1]));
}

function describe({ struck }: Run): string {
  return struck === null ? '(nothing struck)' : `(${struck.call} ${struck.path})`;
}
