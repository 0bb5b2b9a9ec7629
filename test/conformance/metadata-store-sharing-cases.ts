/** What every store must keep about who is in a share, and who took somebody out of it. */
import assert from 'node:assert/strict';
import type { WriteTx } from '../../server-stub/metadata/metadata-store.ts';
import { type Fixture, IDS, NOW } from './metadata-store-fixture.ts';

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
};
