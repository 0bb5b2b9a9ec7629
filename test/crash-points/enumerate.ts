/** Every call in turn: from the first on, until the operation is over before its turn comes. */
import type { Run } from './crash-run.ts';

/** Calls that changed files, as far as one operation makes them, and what went wrong at which. */
export interface Enumerated {
  readonly name: string;
  readonly what: string;
  /** Which of the calls. */
  readonly chosen: string;
  readonly runs: number;
  /** How often it was struck, by the name of the call. */
  readonly struck: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** A run may make a few calls fewer than the one before: that many in a row have to be over before their turn. */
const CLEAN_RUNS = 3;

/** Which calls are struck: each of those that count, each so many, or a few of all. */
export interface Choice {
  readonly step: number;
  /** So many of a run's calls, evenly, the first and the last among them; `null`: by steps. */
  readonly few: number | null;
  /** In words, for the table. */
  readonly words: string;
}

export interface Subject {
  readonly name: string;
  readonly what: string;
  /** Strikes at the n-th call, or tells that there was none; 0 only counts. */
  run(at: number): Promise<Run>;
  /** How many calls there are to strike at. */
  count(): Promise<number>;
}

/** A few of so many, counted from 1, evenly; the first and the last are among them. */
export function spread(count: number, few: number): readonly number[] {
  const places = Array.from(
    { length: few },
    (_, i) => 1 + Math.round((i * (count - 1)) / Math.max(1, few - 1)),
  );
  return count === 0 ? [] : [...new Set(places)];
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
  if (choice.few !== null) for (const at of spread(await subject.count(), choice.few)) await strikeAt(at);
  else await eachOf(choice.step, strikeAt);
  const { name, what } = subject;
  return {
    name,
    what,
    chosen: choice.words,
    runs,
    struck,
    failures,
    seconds: Math.round((performance.now() - began) / 1000),
  };
}

async function eachOf(step: number, strikeAt: (at: number) => Promise<Run>): Promise<void> {
  const enough = step === 1 ? CLEAN_RUNS : 1;
  for (let at = 1, clean = 0; clean < enough; at += step)
    clean = (await strikeAt(at)).struck === null ? clean + 1 : 0;
}

function describe({ struck }: Run): string {
  return struck === null ? '(nothing struck)' : `(${struck.call} ${struck.path})`;
}
