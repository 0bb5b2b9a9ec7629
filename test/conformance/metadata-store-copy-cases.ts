/** Copies of chunks as every store must keep them: moved, without a row, damaged. */
import assert from 'node:assert/strict';
import type { Erasure } from '../../server-stub/metadata/collection-rows.ts';
import { parseTenantId } from '../../src/protocol/ids.ts';
import { chunkId, type Fixture, IDS, NOW } from './metadata-store-fixture.ts';

const copy = (n: number, location: string): Erasure => ({ tenant: IDS.tenant, id: chunkId(n), location });

export const copyCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'a chunk is moved only from where its row says, and the old copy is to be erased': async ({ store }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 'old', 10, NOW);
      assert.equal(await tx.moveChunk(copy(1, 'old'), 'other', 'new'), false);
      assert.equal(await tx.moveChunk(copy(1, 'old'), 'old', 'new'), true);
      assert.equal(await tx.moveChunk(copy(1, 'old'), 'old', 'newer'), false);
      assert.equal(await tx.moveChunk(copy(2, 'old'), 'old', 'newer'), false);
      assert.equal((await tx.chunk(IDS.tenant, chunkId(1)))?.location, 'new');
      assert.deepEqual(await tx.erasures(10), [copy(1, 'old')]);
    });
  },

  'a copy is named by its row, or by the note that it is to be erased, or by nothing': async ({ store }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 'here', 10, NOW);
      assert.equal(await tx.copyState(copy(1, 'here')), 'named');
      assert.equal(await tx.copyState(copy(1, 'there')), 'unnamed');
      assert.equal(await tx.copyState(copy(2, 'here')), 'unnamed');
      const stranger = parseTenantId('00000000-0000-7000-8000-0000000000ff');
      assert.equal(await tx.copyState({ ...copy(1, 'here'), tenant: stranger }), 'unknown');
      assert.equal(await tx.beginErasure(copy(1, 'here')), true);
      assert.equal(await tx.copyState(copy(1, 'here')), 'named');
      await tx.endErasure(copy(1, 'here'));
      assert.equal(await tx.copyState(copy(1, 'here')), 'unnamed');
    });
  },

  'an orphan keeps the hour in which it was first seen, and is erased only while nothing names it': async ({
    store,
  }) => {
    await store.write(async (tx) => {
      await tx.noteOrphan(copy(1, 'a'), 5);
      await tx.noteOrphan(copy(1, 'a'), 9);
      await tx.noteOrphan(copy(2, 'b'), 7);
      assert.deepEqual(await tx.orphans(4, 10), []);
      assert.deepEqual(await tx.orphans(6, 10), [copy(1, 'a')]);
      assert.deepEqual(await tx.orphans(9, 1), [copy(1, 'a')]);
      await tx.addChunk(IDS.tenant, chunkId(2), 'b', 10, NOW);
      assert.equal(await tx.beginOrphanErasure(copy(1, 'a')), true);
      assert.equal(await tx.beginOrphanErasure(copy(1, 'a')), false);
      assert.equal(await tx.beginOrphanErasure(copy(2, 'b')), false);
      assert.deepEqual(await tx.orphans(9, 10), []);
      assert.deepEqual(await tx.erasures(10), [copy(1, 'a')]);
    });
  },

  'a damaged chunk is not present until it is stored anew, and its old copy is then to be erased': async ({
    store,
  }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 'old', 10, NOW);
      assert.equal(await tx.setDamaged(copy(1, 'elsewhere'), NOW), false);
      assert.equal(await tx.setDamaged(copy(1, 'old'), null), false);
      assert.equal(await tx.setDamaged(copy(1, 'old'), NOW + 1), true);
      assert.equal(await tx.setDamaged(copy(1, 'old'), NOW + 2), false);
      assert.equal((await tx.chunk(IDS.tenant, chunkId(1)))?.damagedAt, NOW + 1);
      assert.equal(await tx.chunkPresent(IDS.tenant, chunkId(1)), false);
      assert.equal(await tx.keepChunk(IDS.tenant, chunkId(1)), null);
      assert.equal(await tx.addChunk(IDS.tenant, chunkId(1), 'new', 10, NOW), true);
      assert.equal(await tx.addChunk(IDS.tenant, chunkId(1), 'newer', 10, NOW), false);
      assert.equal(await tx.chunkPresent(IDS.tenant, chunkId(1)), true);
      assert.deepEqual(await tx.keepChunk(IDS.tenant, chunkId(1)), { size: 10, isCold: false });
      const row = await tx.chunk(IDS.tenant, chunkId(1));
      assert.deepEqual([row?.location, row?.damagedAt], ['new', null]);
      assert.deepEqual(await tx.erasures(10), [copy(1, 'old')]);
      assert.equal(await tx.setDamaged(copy(1, 'new'), NOW), true);
      assert.equal(await tx.setDamaged(copy(1, 'new'), null), true);
      assert.equal(await tx.chunkPresent(IDS.tenant, chunkId(1)), true);
    });
  },

  'shares are walked by tenant and id, and what was verified is counted': async ({ store }) => {
    await store.write(async (tx) => {
      assert.deepEqual(await tx.scrub(), { slot: 0, verified: 0, damaged: 0 });
      await tx.setScrub({ slot: 3, verified: 10, damaged: 1 });
      await tx.setScrub({ slot: 4, verified: 20, damaged: 2 });
      assert.deepEqual(await tx.scrub(), { slot: 4, verified: 20, damaged: 2 });
      for (const n of [1, 2, 3, 4]) await tx.addChunk(IDS.tenant, chunkId(n), `at ${n}`, n, NOW);
      const walk = async (from: number, to: number, after: Erasure | null, limit: number) =>
        (await tx.chunksBetween(chunkId(from), chunkId(to), after, limit)).map(({ size }) => size);
      assert.deepEqual(await walk(2, 4, null, 10), [2, 3]);
      assert.deepEqual(await walk(1, 9, null, 2), [1, 2]);
      assert.deepEqual(await walk(1, 9, copy(2, ''), 10), [3, 4]);
    });
  },
};
