/** What every store must keep about who may come in: administrators, and codes to sign up with. */
import assert from 'node:assert/strict';
import { type Fixture, IDS, NOW } from './metadata-store-fixture.ts';

export const peopleCases: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  'administrators are granted, told by name, and withdrawn': async ({ store }) => {
    await store.write(async (tx) => {
      assert.equal(await tx.isAdministrator(IDS.user), false);
      await tx.setAdministrator(IDS.user, NOW);
      await tx.setAdministrator(IDS.user, NOW + 1);
      assert.equal(await tx.isAdministrator(IDS.user), true);
      assert.deepEqual(await tx.administrators(), [(await tx.user(IDS.user))?.name]);
      await tx.setAdministrator(IDS.user, null);
      await tx.setAdministrator(IDS.user, null);
      assert.equal(await tx.isAdministrator(IDS.user), false);
      assert.deepEqual(await tx.administrators(), []);
    });
  },

  'a code lets one person in, once': async ({ store }) => {
    const fresh = (hash: string, madeAt: number) => ({ hash, madeAt, expiresAt: NOW + 100 });
    await store.write(async (tx) => {
      await tx.addSignUpCode(fresh('b', NOW + 1));
      await tx.addSignUpCode(fresh('a', NOW));
      assert.deepEqual(
        (await tx.signUpCodes()).map(({ hash }) => hash),
        ['a', 'b'],
      );
      assert.equal(await tx.signUpCode('c'), null);
      assert.equal(await tx.spendSignUpCode('c', IDS.user, NOW), false);
      assert.equal(await tx.spendSignUpCode('a', IDS.user, NOW + 5), true);
      assert.equal(await tx.spendSignUpCode('a', IDS.user, NOW + 6), false);
      const usedBy = (await tx.user(IDS.user))?.name;
      assert.deepEqual(await tx.signUpCode('a'), { ...fresh('a', NOW), usedAt: NOW + 5, usedBy });
      assert.deepEqual(await tx.signUpCode('b'), { ...fresh('b', NOW + 1), usedAt: null, usedBy: null });
      assert.equal(await tx.removeSignUpCode('a'), false, 'who came in by it stays known');
      assert.equal(await tx.removeSignUpCode('b'), true);
      assert.equal(await tx.removeSignUpCode('b'), false);
      assert.deepEqual(
        (await tx.signUpCodes()).map(({ hash }) => hash),
        ['a'],
      );
    });
    await assert.rejects(store.write(async (tx) => tx.addSignUpCode(fresh('a', NOW))));
  },
};
