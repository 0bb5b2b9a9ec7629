import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, optionsOf, testSeeds } from './seed-tests.ts';
import { type RunOptions, seededRun } from './seeded-run.ts';

testSeeds(1, 165);

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
  // Found by the examiner: a conflict with oneself, a delete of what a rule left out, a dead file that came back.
  { seed: 155, devices: 3 },
  { seed: 271 },
  { seed: 1078, devices: 3 },
  // A claim that nobody asked for any more, and a name that was taken for ever.
  { seed: 232, actions: 24 },
  // A save so slow that its temporary file was told of, moved to where a rule leaves it out.
  { seed: 6 },
  // Two clones went on as one device, because the server had forgotten the later start.
  { seed: 43 },
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
