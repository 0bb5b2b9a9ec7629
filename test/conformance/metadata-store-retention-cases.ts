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

  'what stood at the floor is what was written down last up to it; what is replaced or beyond is dropped':
    async ({ store, ns }) => {
      const place = (n: number, name: string) => ({
        node: nodeId(n),
        kind: 'folder' as const,
        parent: IDS.root,
        name,
        deadSeq: n === 2 ? 4 : null,
        head: null,
      });
      await store.write(async (tx) => {
        await tx.addFloorPlace(ns, 5, place(1, 'one'));
        await tx.addFloorPlace(ns, 5, place(2, 'two'));
        await tx.addFloorPlace(ns, 9, place(1, 'one again'));
        await tx.addFloorPlace(ns, 12, place(3, 'to come'));
        await tx.setJournalFloor(ns, 9, 'c'.repeat(16), NOW);
      });
      const names = async (seq: number) =>
        (await store.read(async (tx) => tx.floorPlaces(ns, seq, null, 9))).map((each) => each.name);
      assert.deepEqual(
        [await names(5), await names(9)],
        [
          ['one', 'two'],
          ['one again', 'two'],
        ],
      );
      assert.deepEqual(await store.read(async (tx) => tx.floorPlaces(ns, 9, nodeId(1), 9)), [
        place(2, 'two'),
      ]);
      assert.equal(await store.write(async (tx) => tx.dropFloorPlaces(ns, 9)), 2);
      assert.equal(await store.write(async (tx) => tx.dropFloorPlaces(ns, 9)), 0);
      assert.deepEqual(
        [await names(9), await names(99)],
        [
          ['one again', 'two'],
          ['one again', 'two'],
        ],
      );
      const row = await store.read(async (tx) => tx.namespace(ns));
      assert.deepEqual([row?.floorSeq, row?.floorHash, row?.floorAt], [9, 'c'.repeat(16), NOW]);
    },

  'hours of devices and of the journal are kept, and devices that speak in a namespace are found': async ({
    store,
    ns,
  }) => {
    await store.write(async (tx) => {
      await tx.setDeviceHour(IDS.laptop, { seenAt: null, hour: 3 });
      await tx.setDeviceHour(IDS.laptop, { seenAt: NOW, hour: 4 });
      for (const hour of [2, 5, 9]) await tx.setJournalHour(ns, { hour, seq: hour * 10 });
    });
    await store.read(async (tx) => {
      assert.deepEqual(await tx.deviceHour(IDS.laptop), { seenAt: NOW, hour: 4 });
      assert.equal(await tx.deviceHour(IDS.phone), null);
      assert.equal(await tx.journalHour(ns, 1), null);
      assert.deepEqual(await tx.journalHour(ns, 8), { hour: 5, seq: 50 });
      assert.deepEqual(
        (await tx.devicesIn(ns)).map(({ id }) => id),
        [IDS.laptop, IDS.phone],
      );
    });
    await store.write(async (tx) => {
      await tx.dropJournalHours(ns, 5);
      await tx.revokeDevice(IDS.phone, NOW);
    });
    await store.read(async (tx) => {
      assert.equal(await tx.journalHour(ns, 4), null);
      assert.equal((await tx.journalHour(ns, 5))?.seq, 50);
      assert.equal((await tx.devicesIn(ns)).length, 1);
    });
  },

  'a dead file whose trash was let go of is found, and is forgotten with its versions': async ({
    store,
    ns,
  }) => {
    const content = { kind: 'symlink', target: 'x' } as const;
    await store.write(async (tx) => {
      for (const n of [1, 2, 3]) {
        await tx.addVersion(ns, version(n, n, 1, content));
        const head = version(n, n, 1, content).id;
        const death = n === 3 ? {} : { live: false, deadSeq: 10 + n };
        await tx.addNode(ns, node(n, n, { kind: 'symlink', head, headSeq: n, ...death }));
      }
      await tx.addNode(ns, node(4, 11, { live: false, deadSeq: 11 }));
      for (const deadSeq of [11, 12]) await tx.setTrashDue(ns, deadSeq, 0);
      await tx.releaseTrash(ns, 11, NOW);
    });
    const lettable = (seq: number) => store.read(async (tx) => tx.lettableDead(ns, seq, null, 9));
    assert.deepEqual([await lettable(10), await lettable(99)], [[], [nodeId(1)]]);
    await store.write(async (tx) => tx.forgetNode(ns, nodeId(1)));
    await store.read(async (tx) => {
      assert.equal(await tx.node(ns, nodeId(1)), null);
      assert.deepEqual(await tx.history(ns, nodeId(1)), []);
      assert.equal((await tx.node(ns, nodeId(2)))?.live, false);
    });
  },
};
