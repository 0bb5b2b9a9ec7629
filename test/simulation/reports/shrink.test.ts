/** Shrinking a failure of the whole system, with an engine that is said to break whenever two things come together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, type RunOptions } from '../run-plan.ts';
import { seededRun } from '../seeded-run.ts';
import { type Shrunk, shrink, type Verdict } from './shrink.ts';

const OPTIONS: RunOptions = { seed: 139, devices: 2, profile: 'hostile', actions: 16 };

/** Runs it for real, and finds fault with what was done: B made a folder, and A's engine was killed. */
async function fragile(options: RunOptions): Promise<Verdict> {
  const result = await seededRun(options);
  const made = result.actions.some((line) => / B \{"do":"mkdir"/.test(line));
  const killed = result.actions.some((line) => / kill on A$/.test(line));
  return { wrong: made && killed ? ['X1 the engine cannot bear both', ...result.wrong] : result.wrong };
}

test('a failing run is reduced to the one trouble and the action that it takes, and one that lasts until then', async () => {
  const failed = await fragile(OPTIONS);
  assert.equal(failed.wrong[0], 'X1 the engine cannot bear both', 'the seed shows both');
  const small: Shrunk<Verdict> = await shrink(OPTIONS, failed, fragile);
  const plan = planOf(small.options);
  const actions = plan.actions.map(({ machine, kind }) => `${machine} ${kind}`);
  assert.ok(actions.includes('B mkdir') && actions.length <= 2, actions.join());
  assert.deepEqual(
    plan.troubles.map(({ on, kind }) => `${kind} on ${on}`),
    ['kill on A'],
  );
  assert.deepEqual(small.result.wrong, ['X1 the engine cannot bear both']);
  const again = await fragile(small.options);
  assert.deepEqual(again.wrong, small.result.wrong, 'what is told can be run again');
});

test('shrinking stops when its runs are spent, with the smallest that was found', async () => {
  const failed = await fragile(OPTIONS);
  const small = await shrink(OPTIONS, failed, fragile, 3);
  assert.ok(small.runs <= 3);
  assert.equal((await fragile(small.options)).wrong[0], 'X1 the engine cannot bear both');
});
