/** What every store must answer afterwards: names, changes, who needs a chunk; each question in pages. */
import assert from 'node:assert/strict';
import { encodeManifest } from '../../src/core/manifest/manifest.ts';
import { parseManifestId } from '../../src/protocol/ids.ts';
import {
  chunkId,
  type Fixture,
  IDS,
  journalRow,
  NOW,
  node,
  nodeId,
  version,
} from './metadata-store-fixture.ts';

const noted = (seq: number, n: number, name: string) => ({
  seq,
  node: nodeId(n),
  name,
  folded: name.toLowerCase(),
  device: IDS.laptop,
  at: NOW + seq,
});

export const explainCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'a journal is unread until its changes were noted, and noting them twice changes nothing': async ({
    store,
    ns,
  }) => {
    await store.write(async (tx) => {
      await tx.addNode(ns, node(1, 1));
      await tx.addJournalRow(ns, { ...journalRow(1, node(1, 1)), key: 7 });
      await tx.setJournalHead(ns, 1, '0'.repeat(16), 1);
      assert.deepEqual(await tx.unreadJournal(), { namespace: ns, after: 0 });
      const [change] = await tx.changesAfter(ns, 0, 10);
      assert.equal(change?.node, nodeId(1));
      assert.equal(change?.device, IDS.laptop);
      for (const _ of [1, 2]) await tx.noteChanges(ns, [noted(1, 1, 'Plan.txt')], 1);
      assert.equal(await tx.unreadJournal(), null);
      assert.equal(await tx.lineageMark(ns), 1);
      assert.deepEqual(await tx.changesOf(ns, nodeId(1), null, 10), [1]);
      assert.deepEqual(await tx.changesBy(IDS.laptop, null, 10), [{ namespace: ns, seq: 1 }]);
      assert.equal((await tx.namesOf(ns, nodeId(1), 10)).length, 1);
      assert.equal((await tx.journalRow(ns, 1))?.key, 7);
    });
  },

  'names are found by any of their pieces or by their beginning, newest first and in pages': async ({
    store,
    ns,
  }) => {
    await store.write(async (tx) => {
      const names = ['Report.docx', 'Rapport final.docx', 'x', 'report "2".docx'];
      await tx.noteChanges(
        ns,
        names.map((name, i) => noted(i + 1, i + 1, name)),
        4,
      );
      const found = async (pieces: readonly string[], before: number | null, limit: number) => {
        const { rows, next } = await tx.namesLike({ kind: 'pieces', pieces }, before, limit);
        return { names: rows.map(({ name }) => name), next };
      };
      const first = await found(['report', 'final'], null, 2);
      assert.deepEqual(first.names, ['report "2".docx', 'Rapport final.docx']);
      assert.deepEqual((await found(['report', 'final'], first.next, 2)).names, ['Report.docx']);
      assert.deepEqual((await found(['"2"'], null, 9)).names, ['report "2".docx']);
      assert.deepEqual((await found(['no such'], null, 9)).names, []);
      assert.deepEqual((await found([], null, 9)).names, []);
      const begins = await tx.namesLike({ kind: 'beginning', folded: 'x' }, null, 9);
      assert.deepEqual(
        begins.rows.map(({ name }) => name),
        ['x'],
      );
    });
  },

  'a node that is forgotten is found by none of its names': async ({ store, ns }) => {
    await store.write(async (tx) => {
      await tx.noteChanges(
        ns,
        [noted(1, 1, 'secret one'), noted(2, 1, 'secret two'), noted(3, 2, 'secret')],
        3,
      );
      await tx.forgetNames(ns, nodeId(1));
      const { rows } = await tx.namesLike({ kind: 'pieces', pieces: ['secret'] }, null, 9);
      assert.deepEqual(
        rows.map((row) => row.node),
        [nodeId(2)],
      );
      assert.deepEqual(await tx.namesOf(ns, nodeId(1), 9), []);
    });
  },

  'who names a chunk is derived from manifests, so many at a time': async ({ store, ns }) => {
    const encoded = (n: number) =>
      encodeManifest({
        algorithm: 'fastcdc-1',
        parameters: { min: 1024, mean: 2048, max: 4096 },
        chunks: [{ id: chunkId(n), size: 10 }],
        size: 10,
      });
    const manifest = (n: number) => parseManifestId(n.toString(16).padStart(64, '0'));
    await store.write(async (tx) => {
      await tx.addChunk(IDS.tenant, chunkId(1), 'one', 10, NOW);
      for (const [id, chunk] of [
        [1, 1],
        [2, 2],
        [3, 1],
      ] as const)
        await tx.addManifest(IDS.tenant, { id: manifest(id), encoded: encoded(chunk) });
      assert.deepEqual(await tx.tenantsHolding(chunkId(1)), [IDS.tenant]);
      assert.deepEqual(await tx.tenantsHolding(chunkId(2)), []);
      const first = await tx.manifestsHolding(IDS.tenant, chunkId(1), null, 2);
      assert.deepEqual(first, { rows: [manifest(1)], next: manifest(2) });
      const rest = await tx.manifestsHolding(IDS.tenant, chunkId(1), first.next, 2);
      assert.deepEqual(rest, { rows: [manifest(3)], next: null });
    });
    await store.write(async (tx) => {
      await tx.addNode(ns, node(1, 1));
      const content = { kind: 'file', manifest: manifest(1), size: 10, executable: false } as const;
      const made = version(1, 1, 1, content);
      await tx.addVersion(ns, made);
      assert.deepEqual(await tx.versionsOfManifest(IDS.tenant, content.manifest, 9), [
        { namespace: ns, version: made.id },
      ]);
      assert.deepEqual(await tx.versionsBefore(ns, made.node, null, 9), [made]);
      assert.deepEqual(await tx.versionsBefore(ns, made.node, made.number, 9), []);
      assert.deepEqual(await tx.namespacesHolding('version', made.id), [ns]);
      assert.deepEqual(await tx.namespacesHolding('node', nodeId(1)), [ns]);
      assert.deepEqual(await tx.namespacesHolding('conflict', nodeId(1)), []);
    });
  },

  'children, outcomes, devices and switches come in order and in pages': async ({ store, ns }) => {
    await store.write(async (tx) => {
      for (const n of [1, 2, 3]) await tx.addNode(ns, node(n, n));
      const [first] = await tx.childrenAfter(ns, IDS.root, null, 1);
      const rest = await tx.childrenAfter(ns, IDS.root, first!.nameKey, 9);
      assert.equal(rest.length, 2);
      assert(rest.every(({ nameKey }) => nameKey > first!.nameKey));
      for (const key of [1, 2, 3]) await tx.addOutcome(IDS.laptop, { key, digest: null, body: null });
      const keys = async (before: number | null) =>
        (await tx.outcomesBefore(IDS.laptop, before, 2)).map((row) => row.key);
      assert.deepEqual([await keys(null), await keys(2)], [[3, 2], [1]]);
      const devices = await tx.devicesAfter(null, 1);
      assert.equal(devices.length, 1);
      assert(!(await tx.devicesAfter(devices[0]!, 9)).includes(devices[0]!));
      await tx.setSwitch({ name: 'widen-holds', on: true, by: 'me', why: 'a test', at: NOW });
      assert.deepEqual(await tx.switches(), [
        { name: 'widen-holds', on: true, by: 'me', why: 'a test', at: NOW },
      ]);
    });
  },
};
