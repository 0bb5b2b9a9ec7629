import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Profile, type RunOptions, type RunResult, seededRun } from './seeded-run.ts';

const SEEDS_PER_TEST = 25;

function optionsOf(seed: number): RunOptions {
  const profile: Profile = seed % 4 === 0 ? 'calm' : 'hostile';
  return { seed, devices: seed % 5 === 0 ? 3 : 2, profile, actions: 24 };
}

function failure(result: RunResult): string {
  return `seed ${result.seed}:\n${result.wrong.join('\n')}\n${result.report()}`;
}

for (let first = 1; first <= 200; first += SEEDS_PER_TEST) {
  const last = first + SEEDS_PER_TEST - 1;
  test(`RULES 29: nothing is lost and everybody agrees in the end, seeds ${first} to ${last}`, async () => {
    for (let seed = first; seed <= last; seed += 1) {
      const result = await seededRun(optionsOf(seed));
      assert.equal(result.wrong.length, 0, failure(result));
    }
  });
}

/** Runs that found a fault once: they stay, whatever they exercise by now. */
const ONCE_FAILED: readonly Partial<RunOptions>[] = [
  { seed: 48 },
  { seed: 56 },
  { seed: 64 },
  { seed: 86 },
  { seed: 213 },
  { seed: 351 },
  { seed: 528 },
  { seed: 565 },
  { seed: 654 },
  { seed: 5006, devices: 3 },
  { seed: 5027, devices: 3 },
  { seed: 5034, devices: 3 },
  { seed: 5090, devices: 3 },
  { seed: 5108, devices: 3 },
  { seed: 5404, devices: 3 },
];

test('what failed once does not fail again', async () => {
  for (const options of ONCE_FAILED) {
    const result = await seededRun({ seed: 1, devices: 2, profile: 'hostile', actions: 40, ...options });
    assert.equal(result.wrong.length, 0, failure(result));
  }
});

test('folders leave computers and come back while all else goes on: nothing is lost, and everybody agrees', async () => {
  for (let seed = 200; seed < 206; seed += 1) {
    const result = await seededRun({ ...optionsOf(seed), selective: true });
    assert.equal(result.wrong.length, 0, failure(result));
  }
});

test('the same seed makes the same run, to the last event', async () => {
  const hashes = new Set<string>();
  for (const seed of [1, 4, 5, 6, 7]) {
    const once = await seededRun(optionsOf(seed));
    const again = await seededRun(optionsOf(seed));
    assert.equal(once.traceHash, again.traceHash, `seed ${seed}`);
    assert.equal(once.events, again.events);
    hashes.add(once.traceHash);
  }
  assert.equal(hashes.size, 5, 'different seeds make different runs');
});
