/** What every store must keep for operators: holds on erasing, quotas, and what a tenant stores. */
import assert from 'node:assert/strict';
import type { Erasure } from '../../server-stub/metadata/collection-rows.ts';
import { chunkId, type Fixture, IDS, NOW } from './metadata-store-fixture.ts';

const copy = (n: number, location: string): Erasure => ({ tenant: IDS.tenant, id: chunkId(n), location });

export const operationCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'erasing is held until every hold has ended or is over': async ({ store }) => {
    await store.write(async (tx) => {
      assert.equal(await tx.isErasureHeld(NOW), false);
      await tx.holdErasure({ id: 'a', by: 'a backup', until: NOW + 10 });
      await tx.holdErasure({ id: 'b', by: 'an export', until: NOW + 20 });
      assert.equal(await tx.isErasureHeld(NOW), true);
      await tx.endErasureHolds('a');
      assert.equal(await tx.isErasureHeld(NOW + 19), true);
      assert.equal(await tx.isErasureHeld(NOW + 20), false);
      await tx.holdErasure({ id: 'b', by: 'an export', until: NOW + 30 });
      assert.equal(await tx.isErasureHeld(NOW + 20), true);
      await tx.endErasureHolds(null);
      assert.equal(await tx.isErasureHeld(NOW), false);
    });
  },

  'what a tenant stores is counted chunk by chunk, each once, whatever becomes of it': async ({ store }) => {
    await store.write(async (tx) => {
      assert.deepEqual(await tx.storedBytes(IDS.tenant), { used: 0, quota: null });
      await tx.addChunk(IDS.tenant, chunkId(1), 'one', 10, NOW);
      await tx.addChunk(IDS.tenant, chunkId(1), 'again', 10, NOW);
      await tx.addChunk(IDS.tenant, chunkId(2), 'two', 32, NOW);
      assert.equal((await tx.storedBytes(IDS.tenant)).used, 42);
      await tx.moveChunk(copy(1, 'one'), 'one', 'moved');
      await tx.quarantineChunk(copy(1, 'moved'), NOW, 1);
      await tx.setDamaged(copy(2, 'two'), NOW);
      assert.equal((await tx.storedBytes(IDS.tenant)).used, 42);
      await tx.addChunk(IDS.tenant, chunkId(2), 'whole', 32, NOW);
      await tx.beginErasure(copy(1, 'moved'));
      assert.equal((await tx.storedBytes(IDS.tenant)).used, 32);
      await tx.removeChunk(IDS.tenant, chunkId(2), 'whole');
      assert.equal((await tx.storedBytes(IDS.tenant)).used, 0);
    });
  },

  'a quota is set, changed and taken away': async ({ store }) => {
    await store.write(async (tx) => {
      await tx.setQuota(IDS.tenant, 100, 'the operator', NOW);
      assert.equal((await tx.storedBytes(IDS.tenant)).quota, 100);
      await tx.setQuota(IDS.tenant, 0, 'the operator', NOW);
      assert.equal((await tx.storedBytes(IDS.tenant)).quota, 0);
      await tx.setQuota(IDS.tenant, null, 'the operator', NOW);
      assert.equal((await tx.storedBytes(IDS.tenant)).quota, null);
    });
  },

  'figures tell what is stored, what is in quarantine, and who is how far behind': async ({ store, ns }) => {
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 'one', 10, NOW);
      await tx.addChunk(IDS.tenant, chunkId(2), 'two', 32, NOW);
      await tx.quarantineChunk(copy(2, 'two'), NOW, 1);
      await tx.setJournalHead(ns, 9, '9'.repeat(16), 0);
      await tx.setAckedCursor(IDS.laptop, ns, { epoch: IDS.epoch, seq: 7, at: NOW });
      await tx.setAckedCursor(IDS.phone, ns, { epoch: IDS.epoch, seq: 4, at: NOW });
      const round = { beganAt: 1, stepAt: 2, endedAt: 3, state: null, said: '' };
      await tx.setJobRound('scrub', round);
      assert.deepEqual(await tx.figures(), {
        storedBytes: 42,
        quarantinedBytes: 32,
        largestLag: 5,
        openConflicts: [],
        openSessions: 0,
        lags: [{ atMost: 10, devices: 2 }],
        idleSince: null,
        orphanSince: null,
        rounds: [{ job: 'scrub', endedAt: 3 }],
      });
      await tx.revokeDevice(IDS.phone, NOW);
      assert.equal((await tx.figures()).largestLag, 2);
    });
  },

  'a probe can be written as often as wanted': async ({ store }) => {
    for (const at of [NOW, NOW + 1]) await store.write(async (tx) => tx.touchProbe(at));
  },
};
