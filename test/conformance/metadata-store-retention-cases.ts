/** What history keeps, as every store must: labels of versions. */
import assert from 'node:assert/strict';
import { type Fixture, IDS, manifestId, NOW, node, nodeId, version } from './metadata-store-fixture.ts';

export const retentionCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'a label is of one version, is replaced by another, and goes when it is taken away': async ({
    store,
    ns,
  }) => {
    const content = { kind: 'file', manifest: manifestId(1), size: 40, executable: false } as const;
    const [first, second, others] = [
      version(1, 1, 1, content),
      version(1, 2, 2, content),
      version(2, 3, 1, content),
    ];
    const named = (of: typeof first, name: string) => ({
      version: of.id,
      name,
      device: IDS.laptop,
      at: NOW,
    });
    await store.write(async (tx) => {
      await tx.addManifest(IDS.tenant, { id: manifestId(1), encoded: new Uint8Array(40) });
      for (const row of [first, second, others]) await tx.addVersion(ns, row);
      await tx.addNode(ns, node(1, 2, { kind: 'file', head: second.id, headSeq: 2 }));
      await tx.addNode(ns, node(2, 3, { kind: 'file', head: others.id, headSeq: 3 }));
      await tx.setLabel(ns, named(first, 'draft'));
      await tx.setLabel(ns, named(first, 'as sent'));
      await tx.setLabel(ns, named(others, 'elsewhere'));
    });
    await store.read(async (tx) => {
      assert.deepEqual(await tx.labelsOf(ns, nodeId(1)), [named(first, 'as sent')]);
      assert.deepEqual(await tx.label(ns, first.id), named(first, 'as sent'));
      assert.equal(await tx.label(ns, second.id), null);
      const kept = await tx.keptVersions(ns, nodeId(1));
      assert.deepEqual(
        kept.map((each) => [each.number, each.isLabelled]),
        [
          [2, false],
          [1, true],
        ],
      );
    });
    await store.write(async (tx) => tx.removeLabel(ns, first.id));
    await store.read(async (tx) => assert.deepEqual(await tx.labelsOf(ns, nodeId(1)), []));
  },

  'holds are of a node each, and what died together has its topmost nodes': async ({ store, ns }) => {
    const dead = (n: number, parent: number | null, deadSeq: number) =>
      node(n, deadSeq, { ...(parent === null ? {} : { parent: nodeId(parent) }), live: false, deadSeq });
    await store.write(async (tx) => {
      for (const row of [dead(1, null, 5), dead(2, 1, 5), dead(3, 2, 5), dead(4, 1, 3), dead(5, null, 7)])
        await tx.addNode(ns, row);
      const hold = (n: number, why: string) => ({ node: nodeId(n), why, by: 'ana', at: NOW + n });
      for (const row of [hold(2, 'first'), hold(1, 'a dispute'), hold(2, 'second')])
        await tx.setHold(ns, row);
      assert.deepEqual(await tx.holds(ns), [hold(1, 'a dispute'), hold(2, 'second')]);
      assert.deepEqual(await tx.trashTops(ns, 5), [nodeId(1)]);
      assert.deepEqual(await tx.trashTops(ns, 3), [nodeId(4)]);
      await tx.removeHold(ns, nodeId(1));
      assert.deepEqual(await tx.holds(ns), [hold(2, 'second')]);
    });
  },

  'a namespace has a policy of its own until it is dropped': async ({ store, ns }) => {
    const policy = { allMs: 1, dailyMs: 2, weeklyMs: 3, monthlyMs: 4, trashMs: 5, held: false };
    await store.write(async (tx) => tx.setRetentionPolicy(ns, policy, 'ana', NOW));
    assert.deepEqual(await store.read(async (tx) => tx.retentionPolicy(ns)), policy);
    await store.write(async (tx) => tx.dropRetentionPolicy(ns));
    assert.equal(await store.read(async (tx) => tx.retentionPolicy(ns)), null);
  },
};
