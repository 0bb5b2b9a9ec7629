/** I21: the same seed makes the same run, to the last event, whatever kinds of trouble there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsOf } from './seed-tests.ts';
import { type RunOptions, seededRun } from './seeded-run.ts';
import { ALL_TROUBLES } from './troubles/all-troubles.ts';

async function twice(options: RunOptions): Promise<string> {
  const once = await seededRun(options);
  const again = await seededRun(options);
  assert.equal(once.traceHash, again.traceHash, JSON.stringify(options));
  assert.equal(once.events, again.events);
  return once.traceHash;
}

test('the same seed makes the same run, to the last event', async () => {
  const hashes = new Set<string>();
  for (const seed of [1, 4, 5, 6, 12]) hashes.add(await twice(optionsOf(seed)));
  assert.equal(hashes.size, 5, 'different seeds make different runs');
});

test('the same run comes again under every kind of trouble', async () => {
  for (const [index, { kind }] of ALL_TROUBLES.entries())
    await twice({ ...optionsOf(500 + index), profile: 'hostile', troubles: [kind] });
});
