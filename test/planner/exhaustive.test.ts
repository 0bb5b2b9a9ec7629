/** A slice of the bounded space: all of it with few nodes. The rest: `npm run sim:planner:exhaustive`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exhaust } from './exhaustive.ts';
import { keyOf, starts } from './exhaustive-space.ts';

test('all starts of up to four nodes are there, once', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((count) => starts(count).length),
    [1, 2, 5, 13, 37],
  );
  assert.equal(keyOf(starts(1)[0]!), '1:folder::a:');
});

test('two users do up to two things to up to two nodes, in every schedule with one stop', () => {
  const { sequences, workloads, runs } = exhaust({ nodes: 2, operations: 2, stops: true });
  assert.deepEqual({ sequences, workloads }, { sequences: 3142, workloads: 607 });
  assert.ok(runs > 2 * workloads);
});

test('two users do up to two things to up to three nodes', () => {
  const tally = exhaust({ nodes: 3, operations: 2, stops: false });
  assert.deepEqual(tally, { starts: 21, sequences: 24_063, pairs: 15_559, workloads: 5304, runs: 10_608 });
});
