/** Outcomes, aliases, sessions and chunks as every store must keep them. */
import assert from 'node:assert/strict';
import { chunkId, type Fixture, IDS, NOW, node, nodeId } from './metadata-store-fixture.ts';

const session = (id: string, lastKey: number, expiresAt: number) => ({
  id,
  device: IDS.laptop,
  namespace: IDS.namespace,
  lastKey,
  files: 1,
  bytes: 2,
  openedAt: NOW,
  expiresAt,
});

export const claimCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'an outcome is kept per device and key, once': async ({ store }) => {
    const row = { key: 3, digest: 'd', body: '{}' };
    await store.write(async (tx) => {
      await tx.addOutcome(IDS.laptop, row);
      await tx.addOutcome(IDS.laptop, { key: 5, digest: null, body: null });
    });
    await assert.rejects(store.write(async (tx) => tx.addOutcome(IDS.laptop, row)));
    await store.read(async (tx) => {
      assert.deepEqual(await tx.outcome(IDS.laptop, 3), row);
      assert.equal((await tx.outcome(IDS.laptop, 5))?.digest, null);
      assert.equal(await tx.outcome(IDS.phone, 3), null);
      assert.deepEqual([...(await tx.outcomeKeys(IDS.laptop, 4, 9))], [5]);
    });
  },

  'settling drops the outcomes below a key, and its mark never goes down': async ({ store }) => {
    await store.write(async (tx) => {
      for (const key of [1, 2, 3]) await tx.addOutcome(IDS.laptop, { key, digest: 'd', body: '{}' });
      await tx.settleBelow(IDS.laptop, 3);
      await tx.settleBelow(IDS.laptop, 1);
    });
    await store.read(async (tx) => {
      assert.equal(await tx.outcome(IDS.laptop, 2), null);
      assert.equal((await tx.outcome(IDS.laptop, 3))?.key, 3);
      assert.equal((await tx.device(IDS.laptop))?.settledBelow, 3);
      assert.equal((await tx.device(IDS.phone))?.settledBelow, 0);
    });
  },

  'a proposed id means the node it was bound to last, for its device alone': async ({ store, ns }) => {
    await store.write(async (tx) => {
      await tx.addAlias(IDS.laptop, ns, nodeId(1), nodeId(2));
      await tx.addAlias(IDS.laptop, ns, nodeId(1), nodeId(3));
      await tx.addNode(ns, node(9, 1));
    });
    await store.read(async (tx) => {
      assert.equal(await tx.alias(IDS.laptop, ns, nodeId(1)), nodeId(3));
      assert.equal(await tx.alias(IDS.phone, ns, nodeId(1)), null);
      assert.equal(await tx.idInUse(IDS.laptop, ns, nodeId(1)), true);
      assert.equal(await tx.idInUse(IDS.phone, ns, nodeId(1)), false);
      assert.equal(await tx.idInUse(IDS.phone, ns, nodeId(9)), true);
    });
  },

  'a chunk belongs to its tenant, and its first location stays': async ({ store }) => {
    await store.write(async (tx) => {
      assert.equal(await tx.addChunk(IDS.tenant, chunkId(1), 'first', 10, NOW), true);
      assert.equal(await tx.addChunk(IDS.tenant, chunkId(1), 'second', 10, NOW), false);
      assert.deepEqual(await tx.keepChunk(IDS.tenant, chunkId(1)), { size: 10, isCold: false });
      assert.equal(await tx.keepChunk(IDS.tenant, chunkId(2)), null);
      assert.equal(await tx.removeChunk(IDS.tenant, chunkId(1), 'second'), false);
    });
    await store.read(async (tx) => {
      assert.equal(await tx.chunkPresent(IDS.tenant, chunkId(1)), true);
      assert.equal(await tx.chunkPresent(IDS.tenant, chunkId(2)), false);
      assert.equal((await tx.chunk(IDS.tenant, chunkId(1)))?.location, 'first');
    });
    await store.write(async (tx) => {
      assert.equal(await tx.removeChunk(IDS.tenant, chunkId(1), 'first'), true);
    });
    assert.equal(await store.read(async (tx) => tx.chunkPresent(IDS.tenant, chunkId(1))), false);
  },

  'a chunk in quarantine is readable, and leaves it when it is stored, kept or pinned': async ({ store }) => {
    const at = () =>
      store.read(async (tx) => (await tx.chunk(IDS.tenant, chunkId(1)))?.quarantinedAt ?? null);
    const quarantine = () =>
      store.write(async (tx) => tx.quarantineChunk({ tenant: IDS.tenant, id: chunkId(1) }, NOW, 1));
    await store.write(async (tx) => tx.addChunk(IDS.tenant, chunkId(1), 'here', 10, NOW));
    await quarantine();
    assert.equal(await at(), NOW);
    assert.equal(await store.read(async (tx) => tx.chunkPresent(IDS.tenant, chunkId(1))), true);
    await store.write(async (tx) => tx.addChunk(IDS.tenant, chunkId(1), 'there', 10, NOW));
    assert.equal(await at(), null);
    await quarantine();
    await store.write(async (tx) => tx.keepChunk(IDS.tenant, chunkId(1)));
    assert.equal(await at(), null);
    await quarantine();
    await store.write(async (tx) => tx.addSession(session('s', 1, NOW + 1), IDS.tenant, [chunkId(1)]));
    assert.equal(await at(), null);
  },

  'pins hold until their session is answered or expires': async ({ store, ns }) => {
    await store.write(async (tx) => {
      await tx.addSession(session('a', 5, NOW + 10), IDS.tenant, [chunkId(1), chunkId(2)]);
      await tx.addSession(session('b', 9, NOW + 20), IDS.tenant, [chunkId(2)]);
    });
    const pinned = (n: number, now: number) =>
      store.read(async (tx) => tx.chunkPinned(IDS.tenant, chunkId(n), now));
    assert.deepEqual([await pinned(1, NOW), await pinned(1, NOW + 10)], [true, false]);
    assert.equal((await store.read(async (tx) => tx.openSessions(ns, NOW))).length, 2);
    await store.write(async (tx) => tx.closeSessions(IDS.laptop, 5));
    assert.deepEqual([await pinned(1, NOW), await pinned(2, NOW)], [false, true]);
    await store.write(async (tx) => {
      assert.equal(await tx.expireSessions(NOW + 20), 1);
    });
    assert.equal(await pinned(2, NOW), false);
  },
};
