import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { storeFrom } from './memory-databases.ts';
import { Stream } from './random.ts';
import { UnflushedCommits } from './unflushed-commits.ts';

/** What the server finds after the power was gone: how often each name was the last one, in so many runs. */
async function foundAfterCuts(runs: number): Promise<ReadonlySet<number | null>> {
  const found = new Set<number | null>();
  for (let seed = 1; seed <= runs; seed += 1) {
    const unflushed = new UnflushedCommits(new Stream(seed, 'cuts'));
    const view = unflushed.watch(storeFrom());
    const store = openSqliteStore(view.db);
    const note = (round: number, durable?: 'with-the-next') =>
      store.write(async (tx) => {
        await tx.setLease('collection', { holder: 'a', fence: round, until: 0 });
      }, durable);
    await note(1, 'with-the-next');
    await note(2);
    for (let round = 3; round <= 9; round += 1) await note(round, 'with-the-next');
    // It changes nothing, so it flushes nothing.
    await store.write(async () => undefined);
    const after = unflushed.cut(view);
    const lease = await openSqliteStore(after.db).read(async (tx) => tx.lease('collection'));
    found.add(lease?.fence ?? null);
    after.giveBack();
  }
  return found;
}

test('a power cut takes the newest commits that waited for a flush, up to any, and none that was flushed', async () => {
  const found = await foundAfterCuts(60);
  assert.ok(found.has(2) && found.has(9), [...found].join());
  assert.ok(found.size > 2, [...found].join());
  assert.ok(!found.has(1) && !found.has(null), [...found].join());
});
