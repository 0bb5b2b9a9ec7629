/** What is in use, what is cold, and what is asked back, as every store must keep them. */
import assert from 'node:assert/strict';
import { chunkId, type Fixture, IDS, NOW } from './metadata-store-fixture.ts';

const chunk = (n: number) => ({ tenant: IDS.tenant, id: chunkId(n) });

export const coldCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'when a chunk was last in use is known, later ones stay; what is asked for is busy': async ({ store }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 's/1/0/9', 10, NOW);
      await tx.addChunk(IDS.tenant, chunkId(2), 's/1/9/9', 20, NOW);
      assert.equal((await tx.chunkHeat(chunk(1)))?.hotHour, null);
      await tx.setHot(chunk(1), 7);
      await tx.setHot(chunk(1), 5);
      await tx.beginCollection();
      await tx.keepChunk(IDS.tenant, chunkId(2));
      const [first, second] = await tx.chunkHeats(null, 10);
      assert.deepEqual(first, { ...chunk(1), location: 's/1/0/9', size: 10, hotHour: 7, isBusy: false });
      assert.deepEqual(second, { ...chunk(2), location: 's/1/9/9', size: 20, hotHour: null, isBusy: true });
      assert.deepEqual(await tx.chunkHeats(chunk(1), 10), [second]);
      assert.deepEqual(await tx.chunkHeat(chunk(1)), first);
      assert.equal(await tx.chunkHeat(chunk(3)), null);
    });
  },

  'a cold chunk is as much there as any other, and counted as cold': async ({ store }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 's/1/0/9', 10, NOW);
      assert.equal(await tx.usesCold(), false);
      assert.equal(await tx.moveChunk(chunk(1), 's/1/0/9', 'cold/s/1/0/9'), true);
      assert.equal(await tx.chunkPresent(IDS.tenant, chunkId(1)), true);
      assert.deepEqual(await tx.keepChunk(IDS.tenant, chunkId(1)), { size: 10, isCold: true });
      assert.equal((await tx.storedBytes(IDS.tenant)).used, 10);
      const { coldChunks, coldBytes } = await tx.tierFigures();
      assert.deepEqual({ coldChunks, coldBytes }, { coldChunks: 1, coldBytes: 10 });
      assert.equal(await tx.usesCold(), true);
    });
  },

  'what is asked back is asked once, since the first time, until it is back or given up': async ({
    store,
  }) => {
    await store.write(async (tx) => {
      for (const [n, at] of [
        [2, 20],
        [1, 30],
        [2, 40],
      ] as const)
        await tx.askThaw(chunk(n), at);
      assert.equal(await tx.thaw(chunk(2)), 20);
      assert.equal(await tx.thaw(chunk(3)), null);
      assert.deepEqual(await tx.thaws(20, null, 10), [chunk(2)]);
      assert.deepEqual(await tx.thaws(30, null, 10), [chunk(1), chunk(2)]);
      assert.deepEqual(await tx.thaws(30, chunk(1), 10), [chunk(2)]);
      const { thaws, oldestThaw } = await tx.tierFigures();
      assert.deepEqual({ thaws, oldestThaw }, { thaws: 2, oldestThaw: 20 });
      await tx.endThaw(chunk(2));
      assert.equal(await tx.thaw(chunk(2)), null);
      await tx.setSite('cold', { id: 'a', whole: false, folder: '/c' });
      await tx.forgetCold();
      assert.equal((await tx.tierFigures()).thaws, 0);
      assert.equal(await tx.site('cold'), null);
    });
  },
};
