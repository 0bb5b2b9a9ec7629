/** Seeds as tests; the files that call this run side by side. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunOptions, type RunResult, seededRun } from './seeded-run.ts';

const SEEDS_PER_TEST = 25;

/** Seeds that still fail, each with the issue that it is open in: told at every run, and not to grow. */
const OPEN: ReadonlyMap<number, string> = new Map();

export function optionsOf(seed: number): RunOptions {
  return {
    seed,
    devices: seed % 5 === 0 ? 3 : 2,
    profile: seed % 12 === 0 ? 'calm' : 'hostile',
    actions: 24,
  };
}

export function failure(result: RunResult): string {
  return `seed ${result.seed}:\n${result.wrong.join('\n')}\n${result.report()}`;
}

/** The command that shows a failure made small. */
function again({ seed, devices, profile, actions }: RunOptions): string {
  return `npm run sim -- --seeds 1 --seed ${seed} --devices ${devices} --profile ${profile} --actions ${actions}`;
}

async function failureOf(options: RunOptions): Promise<readonly string[]> {
  const result = await seededRun(options);
  return result.wrong.length === 0 ? [] : [`${again(options)}\n${failure(result)}`];
}

export function testSeeds(from: number, to: number): void {
  for (let first = from; first <= to; first += SEEDS_PER_TEST) {
    const last = Math.min(to, first + SEEDS_PER_TEST - 1);
    test(`RULES 29: nothing is lost and everybody agrees in the end, seeds ${first} to ${last}`, async (t) => {
      const failed: string[] = [];
      for (let seed = first; seed <= last; seed += 1) {
        const open = OPEN.get(seed);
        if (open !== undefined) t.diagnostic(`seed ${seed} is open in ${open}`);
        else failed.push(...(await failureOf(optionsOf(seed))));
      }
      assert.equal(failed.length, 0, failed.join('\n\n'));
    });
  }
}
