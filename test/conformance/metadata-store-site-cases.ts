/** Second copies of chunks and the stores beside the first, as every store must keep them. */
import assert from 'node:assert/strict';
import type { Erasure } from '../../server-stub/metadata/collection-rows.ts';
import { chunkId, type Fixture, IDS, NOW } from './metadata-store-fixture.ts';

const chunk = (n: number) => ({ tenant: IDS.tenant, id: chunkId(n) });
const copy = (n: number, location: string): Erasure => ({ ...chunk(n), location });

export const siteCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'a store beside the first is known by its id until it is given up': async ({ store }) => {
    await store.write(async (tx) => {
      assert.equal(await tx.site('replica'), null);
      await tx.setSite('replica', { id: 'a', whole: false, folder: null });
      await tx.setSite('replica', { id: 'a', whole: true, folder: '/b' });
      assert.deepEqual(await tx.site('replica'), { id: 'a', whole: true, folder: '/b' });
      assert.equal(await tx.site('cold'), null);
      await tx.setSite('replica', null);
      assert.equal(await tx.site('replica'), null);
    });
  },

  'a chunk has one second copy; it is moved only from where it is, and what goes is to be erased': async ({
    store,
  }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 's/1/0/9', 10, NOW);
      assert.equal(await tx.replica(chunk(1)), null);
      assert.equal(await tx.addReplica(chunk(1), 'replica/a'), true);
      assert.equal(await tx.addReplica(chunk(1), 'replica/b'), false);
      assert.equal(await tx.copyState(copy(1, 'replica/a')), 'named');
      assert.equal(await tx.copyState(copy(1, 'replica/b')), 'unnamed');
      assert.equal(await tx.moveReplica(chunk(1), 'replica/b', 'replica/c'), false);
      assert.equal(await tx.moveReplica(chunk(1), 'replica/a', 'replica/c'), true);
      assert.equal(await tx.replica(chunk(1)), 'replica/c');
      assert.equal(await tx.dropReplica(chunk(1)), true);
      assert.equal(await tx.dropReplica(chunk(1)), false);
      assert.deepEqual(await tx.erasures(10, 'replica'), [copy(1, 'replica/a'), copy(1, 'replica/c')]);
    });
  },

  'what is to be erased is told by the store that it is in': async ({ store }) => {
    await store.write(async (tx) => {
      for (const [n, location] of ['s/1/0/9', 'cold/s/1/0/9', 'replica/s/1/0/9'].entries()) {
        await tx.addChunk(IDS.tenant, chunkId(n), location, 10, NOW);
        await tx.beginErasure(copy(n, location));
      }
      assert.deepEqual(await tx.erasures(10, 'hot'), [copy(0, 's/1/0/9')]);
      assert.deepEqual(await tx.erasures(10, 'cold'), [copy(1, 'cold/s/1/0/9')]);
      assert.deepEqual(await tx.erasures(10, 'replica'), [copy(2, 'replica/s/1/0/9')]);
      assert.equal((await tx.erasures(10)).length, 3);
    });
  },

  'a missing second copy is noted once, by the moment it was first missed, and walked by tenant and id':
    async ({ store }) => {
      await store.write(async (tx) => {
        for (const n of [1, 2, 3]) await tx.addChunk(IDS.tenant, chunkId(n), `m/${n}`, 10, NOW);
        await tx.addReplica(chunk(2), 'replica/m/1');
        const walked = await tx.withoutReplica(null, 10);
        assert.deepEqual(
          walked.map(({ id, isWithout }) => [id, isWithout]),
          [
            [chunkId(1), true],
            [chunkId(2), false],
            [chunkId(3), true],
          ],
        );
        assert.deepEqual(
          (await tx.withoutReplica(chunk(1), 1)).map(({ id }) => id),
          [chunkId(2)],
        );
        await tx.noteDebt(chunk(3), 7);
        await tx.noteDebt(chunk(3), 9);
        await tx.noteDebt(chunk(1), 8);
        assert.deepEqual(await tx.replicaDebts(null, 10), [
          { ...chunk(1), since: 8 },
          { ...chunk(3), since: 7 },
        ]);
        assert.deepEqual(await tx.replicaDebts(chunk(1), 10), [{ ...chunk(3), since: 7 }]);
        assert.deepEqual(await tx.replicaFigures(), { copies: 1, debts: 2, oldest: 7, erasures: 0 });
        await tx.endDebt(chunk(3));
        await tx.endDebt(chunk(3));
        assert.deepEqual(await tx.replicaFigures(), { copies: 1, debts: 1, oldest: 8, erasures: 0 });
        await tx.dropReplica(chunk(2));
        assert.equal((await tx.replicaFigures()).erasures, 1);
        await tx.forgetReplicas();
        assert.deepEqual(await tx.replicaFigures(), { copies: 0, debts: 0, oldest: null, erasures: 0 });
      });
    },
};
