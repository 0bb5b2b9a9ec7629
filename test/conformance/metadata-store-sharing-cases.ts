/** What every store must keep about who is in a share, where they have it, who took somebody out, and what went across. */
import assert from 'node:assert/strict';
import type { CrossingRow } from '../../server-stub/metadata/crossing-rows.ts';
import type { WriteTx } from '../../server-stub/metadata/metadata-store.ts';
import type { MembershipRow } from '../../server-stub/metadata/sharing-rows.ts';
import { parseNamespaceId, ROOT_NODE, versionId } from '../../src/protocol/ids.ts';
import { type Fixture, IDS, NOW, nodeId } from './metadata-store-fixture.ts';

async function join(tx: WriteTx): Promise<void> {
  await tx.setMembership(IDS.namespace, {
    ...{ user: 'ben', role: 'editor', standing: 'member', by: 'ana', at: NOW, place: null },
  });
}

export const sharingCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'who is taken out is told by whom and when, until they are in again': async ({ store }) => {
    await store.write(async (tx) => {
      await tx.addShare({ namespace: IDS.namespace, kind: 'team', name: 'Plans', at: NOW });
      await join(tx);
      assert.deepEqual(await tx.departuresOf('ben', 10), []);
      assert.equal(await tx.removeMembership(IDS.namespace, 'ben', { by: 'ana', at: NOW + 1 }), true);
      assert.equal(await tx.removeMembership(IDS.namespace, 'ben', { by: 'eve', at: NOW + 2 }), false);
    });
    await store.write(async (tx) => {
      assert.deepEqual(await tx.departuresOf('ben', 10), [
        { namespace: IDS.namespace, by: 'ana', at: NOW + 1 },
      ]);
      assert.deepEqual(await tx.departuresOf('ben', 0), []);
      assert.deepEqual(await tx.departuresOf('ana', 10), []);
      await join(tx);
      assert.deepEqual(await tx.departuresOf('ben', 10), []);
      await tx.removeMembership(IDS.namespace, 'ben', { by: 'ben', at: NOW + 3 });
      assert.deepEqual(await tx.departuresOf('ben', 10), [
        { namespace: IDS.namespace, by: 'ben', at: NOW + 3 },
      ]);
    });
  },

  'where a member has a share is kept, changed and taken back with the rest of the membership': async ({
    store,
    ns,
  }) => {
    const row = (place: MembershipRow['place']): MembershipRow => ({
      user: 'bob',
      role: 'editor',
      standing: 'member',
      by: 'anna',
      at: NOW,
      place,
    });
    const place = { parent: ROOT_NODE, name: 'Work Ä' };
    await store.write(async (tx) => {
      await tx.addShare({ namespace: ns, kind: 'folder', name: 'Plans', at: NOW });
      await tx.setMembership(ns, row(null));
    });
    assert.deepEqual(await store.read(async (tx) => tx.membership(ns, 'bob')), row(null));
    await store.write(async (tx) => tx.setMembership(ns, row(place)));
    await store.read(async (tx) => {
      assert.deepEqual(await tx.membership(ns, 'bob'), row(place));
      assert.deepEqual(await tx.membersOf(ns), [row(place)]);
      assert.deepEqual(
        (await tx.sharesOf('bob')).map(({ membership }) => membership.place),
        [place],
      );
      assert.equal(await tx.membership(ns, 'carla'), null);
    });
    await store.write(async (tx) => tx.setMembership(ns, row({ ...place, name: 'Elsewhere' })));
    assert.equal((await store.read(async (tx) => tx.membership(ns, 'bob')))?.place?.name, 'Elsewhere');
    await store.write(async (tx) => tx.setMembership(ns, row(null)));
    assert.equal((await store.read(async (tx) => tx.membership(ns, 'bob')))?.place, null);
  },

  'what went from one namespace into another is found from both ends, and linked once': async ({
    store,
    ns,
  }) => {
    const other = parseNamespaceId('00000000-0000-7000-8000-0000000000aa');
    const [a, b] = [nodeId(1), nodeId(2)];
    const [v1, v2] = [versionId(IDS.epoch, 3), versionId(IDS.otherEpoch, 4)];
    const row: CrossingRow = {
      to: { namespace: ns, node: a, version: v1 },
      from: { namespace: other, node: b, version: v2, number: 7 },
    };
    await store.write(async (tx) => {
      const own = await tx.namespace(ns);
      assert.ok(own);
      await tx.addNamespace({ ...own, id: other });
      await tx.addCrossing(row);
    });
    await store.read(async (tx) => {
      assert.deepEqual(await tx.crossingsInto(ns, a), [row]);
      assert.deepEqual(await tx.crossingsOutOf(other, b), [row]);
      assert.deepEqual(await tx.crossingsInto(other, a), []);
      assert.deepEqual(await tx.crossingsOutOf(ns, b), []);
    });
    await assert.rejects(store.write(async (tx) => tx.addCrossing(row)));
  },
};
