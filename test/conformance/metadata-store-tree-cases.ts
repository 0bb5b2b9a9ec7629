/** Nodes, versions and the journal as every store must keep them. */
import assert from 'node:assert/strict';
import { parseConflictId } from '../../src/protocol/ids.ts';
import {
  type Fixture,
  IDS,
  journalRow,
  manifestId,
  NOW,
  node,
  nodeId,
  version,
} from './metadata-store-fixture.ts';

const small = new Uint8Array(40).fill(7);

export const treeCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'nodes come back as they were written, and the root is there from the start': async ({ store, ns }) => {
    const row = node(1, 1, {
      name: 'na\u0301me',
      nameKey: 'n\u00e1me',
      successor: nodeId(2),
      conflict: parseConflictId(nodeId(3)),
      live: false,
      deadSeq: 9,
    });
    await store.write(async (tx) => tx.addNode(ns, row));
    await store.read(async (tx) => {
      assert.deepEqual(await tx.node(ns, row.id), row);
      assert.equal((await tx.node(ns, IDS.root))?.parent, null);
      assert.equal(await tx.node(ns, nodeId(99)), null);
    });
  },

  'two live nodes never have one name in a folder; any number of dead ones may': async ({ store, ns }) => {
    await store.write(async (tx) => {
      await tx.addNode(ns, node(1, 1, { nameKey: 'x' }));
      assert.equal(await tx.hasDead(ns), false);
      await tx.addNode(ns, node(2, 2, { nameKey: 'x', live: false, deadSeq: 2 }));
      await tx.addNode(ns, node(3, 3, { nameKey: 'x', live: false, deadSeq: 3 }));
      assert.equal(await tx.hasDead(ns), true);
    });
    await assert.rejects(store.write(async (tx) => tx.addNode(ns, node(4, 4, { nameKey: 'x' }))));
    await store.read(async (tx) => {
      assert.equal((await tx.liveAt(ns, IDS.root, 'x'))?.id, nodeId(1));
      assert.equal(await tx.liveAt(ns, IDS.root, 'y'), null);
      const all = await tx.allAt(ns, IDS.root, 'x');
      assert.deepEqual(
        all.map((row) => row.id),
        [nodeId(1), nodeId(3), nodeId(2)],
      );
    });
  },

  'a subtree dies and returns as one batch; what was dead before stays dead': async ({ store, ns }) => {
    const change = (seq: number) => ({ seq, device: IDS.phone, at: NOW + seq });
    await store.write(async (tx) => {
      await tx.addNode(ns, node(1, 1));
      await tx.addNode(ns, node(2, 2, { parent: nodeId(1) }));
      await tx.addNode(ns, node(3, 3, { parent: nodeId(2) }));
      await tx.addNode(ns, node(4, 4, { parent: nodeId(2), live: false, deadSeq: 4 }));
      await tx.addNode(ns, node(5, 5));
      await tx.killBelow(ns, nodeId(1), change(9));
    });
    await store.read(async (tx) => {
      const dead = await tx.node(ns, nodeId(3));
      assert.deepEqual(
        [dead?.live, dead?.deadSeq, dead?.rev, dead?.entrySeq, dead?.entryDevice, dead?.entryAt],
        [false, 9, 2, 9, IDS.phone, NOW + 9],
      );
      assert.equal((await tx.node(ns, nodeId(4)))?.deadSeq, 4);
      assert.equal((await tx.node(ns, nodeId(1)))?.live, true);
      assert.equal((await tx.node(ns, nodeId(5)))?.live, true);
    });
    await store.write(async (tx) => tx.reviveBelow(ns, nodeId(1), 9, change(10)));
    await store.read(async (tx) => {
      const back = await tx.node(ns, nodeId(3));
      assert.deepEqual([back?.live, back?.deadSeq, back?.rev, back?.entrySeq], [true, null, 3, 10]);
      assert.equal((await tx.node(ns, nodeId(4)))?.live, false);
    });
  },

  'unseen below are live nodes that were changed later, in place or content, by whomever': async ({
    store,
    ns,
  }) => {
    const head = version(3, 8, 1, { kind: 'symlink', target: 't' });
    await store.write(async (tx) => {
      await tx.addNode(ns, node(1, 1));
      await tx.addNode(ns, node(2, 6, { parent: nodeId(1) }));
      await tx.addVersion(ns, { ...head, device: IDS.phone });
      await tx.addNode(ns, node(3, 2, { parent: nodeId(2), head: head.id, headSeq: 8 }));
      await tx.addNode(ns, node(4, 7, { parent: nodeId(2), entryDevice: IDS.phone }));
      await tx.addNode(ns, node(5, 7, { entryDevice: IDS.phone }));
      await tx.addNode(
        ns,
        node(6, 7, { parent: nodeId(1), entryDevice: IDS.phone, live: false, deadSeq: 7 }),
      );
    });
    const unseen = (seq: number) =>
      store.read(async (tx) => [...(await tx.unseenBelow(ns, nodeId(1), seq))].sort());
    assert.deepEqual(await unseen(5), [nodeId(2), nodeId(3), nodeId(4)]);
    assert.deepEqual(await unseen(7), [nodeId(3)]);
    assert.deepEqual(await unseen(8), []);
  },

  'walks by id and by change page without gaps, and never name the root': async ({ store, ns }) => {
    await store.write(async (tx) => {
      for (let n = 1; n <= 7; n += 1) {
        const dead = n % 3 === 0;
        await tx.addNode(ns, node(n, 10 - n, { live: !dead, deadSeq: dead ? 10 - n : null }));
      }
    });
    await store.read(async (tx) => {
      const ids = (rows: readonly { readonly node: { readonly id: string } }[]) =>
        rows.map((row) => row.node.id);
      const first = await tx.statesAfter(ns, true, null, 3);
      const rest = await tx.statesAfter(ns, true, first.at(-1)?.node.id ?? null, 3);
      assert.deepEqual(ids([...first, ...rest]), [1, 2, 4, 5, 7].map(nodeId));
      assert.deepEqual(ids(await tx.statesAfter(ns, false, null, 9)), [3, 6].map(nodeId));
      assert.deepEqual(ids(await tx.movedAfter(ns, 0, null, 2)), [7, 6].map(nodeId));
      assert.deepEqual(ids(await tx.movedAfter(ns, 4, nodeId(6), 2)), [5, 4].map(nodeId));
      assert.deepEqual([...(await tx.liveChildren(ns, IDS.root))], [1, 2, 4, 5, 7].map(nodeId));
    });
  },

  'versions come back as written, by id, by node and as a history, small manifests beside them': async ({
    store,
    ns,
  }) => {
    const rows = [
      version(1, 1, 1, { kind: 'file', manifest: manifestId(1), size: 9, executable: true }),
      version(1, 4, 2, { kind: 'file', manifest: manifestId(2), size: 9, executable: false }),
      version(1, 6, 3, { kind: 'symlink', target: 'ü/t' }),
    ];
    await store.write(async (tx) => {
      for (const row of rows) await tx.addVersion(ns, row);
      await tx.addManifest(IDS.tenant, { id: manifestId(1), encoded: small });
      await tx.addManifest(IDS.tenant, { id: manifestId(1), encoded: small });
      await tx.addManifest(IDS.tenant, { id: manifestId(2), encoded: new Uint8Array(5000) });
    });
    await store.read(async (tx) => {
      assert.deepEqual(await tx.version(ns, version(1, 4, 2, { kind: 'symlink', target: 'x' }).id), rows[1]);
      assert.deepEqual(await tx.versionsAfter(ns, nodeId(1), 1), rows.slice(1));
      const history = await tx.history(ns, nodeId(1));
      assert.deepEqual(
        history.map((head) => head.version),
        [...rows].reverse(),
      );
      assert.deepEqual([...(history[2]?.encoded ?? [])], [...small]);
      assert.deepEqual([history[0]?.encoded, history[1]?.encoded], [null, null]);
      assert.equal((await tx.manifest(IDS.tenant, manifestId(2)))?.encoded.length, 5000);
    });
    await assert.rejects(
      store.write(async (tx) => tx.addVersion(ns, version(2, 6, 1, { kind: 'symlink', target: 'again' }))),
    );
  },

  'the journal keeps post-states by seq, and forgets from the front': async ({ store, ns }) => {
    const head = version(2, 2, 1, { kind: 'symlink', target: 't' });
    await store.write(async (tx) => {
      await tx.addVersion(ns, head);
      await tx.addJournalRow(ns, journalRow(1, node(1, 1)));
      await tx.addJournalRow(ns, {
        ...journalRow(2, node(2, 2, { kind: 'symlink', head: head.id, headSeq: 2 })),
        more: true,
      });
      await tx.addJournalRow(ns, {
        ...journalRow(3, node(1, 3, { live: false, deadSeq: 3, rev: 2 })),
        subtree: 'dead',
        approved: true,
      });
      await tx.setJournalHead(ns, 3, 'f'.repeat(16), 2);
    });
    await store.read(async (tx) => {
      const [first, second, third] = await tx.journalAfter(ns, 0, 9);
      assert.deepEqual([first?.node.id, first?.head, first?.more], [nodeId(1), null, false]);
      assert.deepEqual([second?.head?.version, second?.more], [head, true]);
      assert.deepEqual([third?.subtree, third?.approved, third?.node.deadSeq], ['dead', true, 3]);
      assert.equal((await tx.journalAfter(ns, 1, 1))[0]?.seq, 2);
      const places = await tx.placesAfter(ns, 0, 9);
      for (const row of [first, second, third]) {
        const place = places.find(({ seq }) => seq === row?.seq);
        const { id, kind, parent, name, deadSeq, head } = row!.node;
        const { seq, at, subtree, revivedBatch } = row!;
        assert.deepEqual(place, {
          seq,
          at,
          node: id,
          kind,
          parent,
          name,
          deadSeq,
          head,
          subtree,
          revivedBatch,
        });
      }
      assert.equal((await tx.placesAfter(ns, 1, 1))[0]?.seq, 2);
      const made = [first, second, third].filter((row) => row?.node.headSeq === row?.seq);
      for (const row of made)
        assert.equal((await tx.versionCauses(ns, row!.node.id)).get(row!.seq), row!.cause);
      const row = await tx.namespace(ns);
      assert.deepEqual([row?.headSeq, row?.headHash, row?.nodeCount], [3, 'f'.repeat(16), 3]);
    });
    await store.write(async (tx) => {
      await tx.setJournalFloor(ns, 2, 'e'.repeat(16), NOW);
      assert.equal(await tx.dropJournal(ns, 1), 1);
      assert.equal(await tx.dropJournal(ns, 5), 1);
    });
    await store.read(async (tx) => {
      assert.equal(await tx.journalRow(ns, 2), null);
      assert.equal((await tx.journalRow(ns, 3))?.seq, 3);
      assert.equal((await tx.namespace(ns))?.floorSeq, 2);
    });
  },

  'the trash names what a delete named, newest first, without what another node took over': async ({
    store,
    ns,
  }) => {
    await store.write(async (tx) => {
      await tx.addNode(ns, node(1, 5, { live: false, deadSeq: 5 }));
      await tx.addNode(ns, node(2, 5, { parent: nodeId(1), live: false, deadSeq: 5 }));
      await tx.addNode(ns, node(3, 6, { live: false, deadSeq: 6 }));
      await tx.addNode(ns, node(4, 7, { live: false, deadSeq: 7, successor: nodeId(5) }));
      await tx.addNode(ns, node(5, 8));
    });
    await store.read(async (tx) => {
      const rows = await tx.trash(ns, null, 9);
      assert.deepEqual(
        rows.map((row) => [row.state.node.id, row.below]),
        [
          [nodeId(3), 0],
          [nodeId(1), 1],
        ],
      );
      assert.equal((await tx.trash(ns, 6, 9)).length, 1);
    });
  },

  'conflicts are open until they are resolved': async ({ store, ns }) => {
    const row = {
      id: parseConflictId(nodeId(50)),
      cause: 'lag',
      status: 'open',
      original: nodeId(1),
      copy: nodeId(2),
      ancestor: null,
      originalVersion: version(1, 1, 1, { kind: 'symlink', target: 't' }).id,
      copyVersion: null,
      device: IDS.phone,
      at: NOW,
      originalPath: 'd/a',
      copyPath: null,
      resolution: null,
      settlement: null,
    } as const;
    await store.write(async (tx) => tx.addConflict(ns, row));
    assert.deepEqual(await store.read(async (tx) => tx.openConflicts(ns)), [row]);
    const before = { head: row.originalVersion, live: true, name: 'a' };
    const settled = {
      ...row,
      status: 'resolved',
      resolution: 'both',
      settlement: {
        device: IDS.phone,
        at: NOW,
        original: before,
        copy: { head: null, live: false, name: 'b' },
        made: null,
        copyName: 'c',
      },
    } as const;
    await store.write(async (tx) => tx.updateConflict(ns, settled));
    await store.read(async (tx) => {
      assert.deepEqual(await tx.openConflicts(ns), []);
      assert.deepEqual(await tx.conflict(ns, row.id), settled);
    });
    await store.write(async (tx) => tx.updateConflict(ns, row));
    assert.deepEqual(await store.read(async (tx) => tx.openConflicts(ns)), [row]);
  },
};
