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
};
