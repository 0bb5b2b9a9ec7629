import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hint } from '../../src/engine/environment/watch.ts';
import { HintQueue } from '../../src/engine/local/node-watch-hints.ts';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('equal hints become one, and the next batch waits until the last was taken', async () => {
  const batches: (readonly Hint[])[] = [];
  const queue = new HintQueue((hints) => batches.push(hints));
  for (let i = 0; i < 3; i += 1) queue.look('a', 'f');
  queue.look('a', null);
  queue.look('', 'a');
  await later(40);
  assert.deepEqual(batches, [
    [
      { kind: 'look', folder: 'a', child: 'f' },
      { kind: 'look', folder: 'a', child: null },
      { kind: 'look', folder: '', child: 'a' },
    ],
  ]);
  queue.look('b', 'one');
  queue.look('b', 'two');
  await later(40);
  assert.equal(batches.length, 1);
  queue.taken();
  await later(60);
  assert.deepEqual(batches[1]?.length, 2);
});

test('too many hints at once become one that says to look everywhere', async () => {
  const batches: (readonly Hint[])[] = [];
  const queue = new HintQueue((hints) => batches.push(hints));
  for (let i = 0; i < 100_000; i += 1) queue.look('a', String(i));
  await later(40);
  assert.deepEqual(
    batches.map((batch) => batch.map(({ kind }) => kind)),
    [['lost']],
  );
  queue.taken();
  queue.look('a', 'f');
  await later(60);
  assert.deepEqual(batches[1], [{ kind: 'look', folder: 'a', child: 'f' }]);
});
