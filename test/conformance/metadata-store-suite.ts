/** What every metadata store must do, whatever it is made of. Names of cases are sentences. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Durability, MetadataStore, WriteTx } from '../../server-stub/metadata/metadata-store.ts';
import { parseTenantId, type TenantId } from '../../src/protocol/ids.ts';
import { claimCases } from './metadata-store-claim-cases.ts';
import { coldCases } from './metadata-store-cold-cases.ts';
import { copyCases } from './metadata-store-copy-cases.ts';
import { explainCases } from './metadata-store-explain-cases.ts';
import { addPeople, type Fixture, IDS, NOW } from './metadata-store-fixture.ts';
import { operationCases } from './metadata-store-operation-cases.ts';
import { peopleCases } from './metadata-store-people-cases.ts';
import { retentionCases } from './metadata-store-retention-cases.ts';
import { sharingCases } from './metadata-store-sharing-cases.ts';
import { siteCases } from './metadata-store-site-cases.ts';
import { treeCases } from './metadata-store-tree-cases.ts';

/** `reopen` closes the store and opens what it left behind; null where nothing outlives the process. */
export interface StoreFactory {
  readonly name: string;
  open(): Promise<{
    readonly store: MetadataStore;
    readonly reopen: (() => Promise<MetadataStore>) | null;
    readonly discard: () => Promise<void>;
  }>;
}

type Case = (fixture: Fixture) => Promise<void>;

export function metadataStoreSuite(factory: StoreFactory): void {
  const cases: Readonly<Record<string, Case>> = {
    ...transactionCases,
    ...accountCases,
    ...treeCases,
    ...claimCases,
    ...copyCases,
    ...retentionCases,
    ...explainCases,
    ...operationCases,
    ...peopleCases,
    ...sharingCases,
    ...siteCases,
    ...coldCases,
  };
  for (const [sentence, check] of Object.entries(cases)) {
    test(`${factory.name}: ${sentence}`, async () => {
      const opened = await factory.open();
      try {
        await opened.store.write((tx) => addPeople(tx));
        await check({ store: opened.store, ns: IDS.namespace });
      } finally {
        await opened.discard();
      }
    });
  }
  test(`${factory.name}: what a write fulfilled is there after the store is opened again`, async () => {
    const opened = await factory.open();
    try {
      await opened.store.write((tx) => addPeople(tx));
      if (opened.reopen === null) return;
      const again = await opened.reopen();
      assert.equal((await again.read(async (tx) => tx.user(IDS.user)))?.name, 'ana');
      assert.equal((await again.read(async (tx) => tx.node(IDS.namespace, IDS.root)))?.live, true);
    } finally {
      await opened.discard();
    }
  });
}

const renameTo = (tx: WriteTx, hash: string) => tx.setPasswordHash(IDS.user, hash);
const hashOf = async ({ store }: Fixture) =>
  (await store.read(async (tx) => tx.user(IDS.user)))?.passwordHash;

const transactionCases: Readonly<Record<string, Case>> = {
  'a write that throws is undone whole, and throws on': async (fixture) => {
    const fault = new Error('deliberate');
    await assert.rejects(
      fixture.store.write(async (tx) => {
        await renameTo(tx, 'lost');
        throw fault;
      }),
      fault,
    );
    assert.equal(await hashOf(fixture), 'secret');
  },

  'a write that is durable with the next is seen at once, keeps its place, and is undone alone': async (
    fixture,
  ) => {
    const { store } = fixture;
    const write = (name: string, durable: Durability, fails = false) =>
      store.write(async (tx) => {
        await renameTo(tx, ((await tx.user(IDS.user))?.passwordHash ?? '') + name);
        if (fails) throw new Error('deliberate');
      }, durable);
    await write('1', 'with-the-next');
    assert.equal(await hashOf(fixture), 'secret1');
    await Promise.allSettled([
      write('2', 'with-the-next'),
      write('3', 'at-once'),
      write('4', 'with-the-next', true),
      write('5', 'at-once', true),
      write('6', 'with-the-next'),
    ]);
    assert.equal(await hashOf(fixture), 'secret1236');
  },

  'writes asked for together are carried out one after the other, and a failing one undoes only itself':
    async (fixture) => {
      const order: string[] = [];
      const write = (name: string, fails: boolean) =>
        fixture.store.write(async (tx) => {
          order.push(`${name} begins`);
          const before = (await tx.user(IDS.user))?.passwordHash ?? '';
          await new Promise((resolve) => setImmediate(resolve));
          await renameTo(tx, before + name);
          order.push(`${name} ends`);
          if (fails) throw new Error('deliberate');
        });
      const results = await Promise.allSettled([write('a', false), write('b', true), write('c', false)]);
      assert.deepEqual(
        results.map((result) => result.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
      assert.equal(await hashOf(fixture), 'secretac');
    },

  'a savepoint that throws undoes what it did and nothing else': async (fixture) => {
    await fixture.store.write(async (tx) => {
      await renameTo(tx, 'outer');
      await assert.rejects(
        tx.savepoint(async () => {
          await renameTo(tx, 'inner');
          throw new Error('deliberate');
        }),
      );
      assert.equal((await tx.user(IDS.user))?.passwordHash, 'outer');
      await tx.savepoint(async () => {
        await tx.savepoint(async () => renameTo(tx, 'nested'));
      });
    });
    assert.equal(await hashOf(fixture), 'nested');
  },

  'a read sees every fulfilled write, and nothing of one that is under way': async (fixture) => {
    let seen: string | undefined;
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const writing = fixture.store.write(async (tx) => {
      await renameTo(tx, 'half');
      await gate;
      throw new Error('deliberate');
    });
    const reading = hashOf(fixture).then((hash) => {
      seen = hash;
    });
    release();
    await assert.rejects(writing);
    await reading;
    assert.equal(seen, 'secret');
  },

  'a closed store refuses': async ({ store }) => {
    await store.close();
    await assert.rejects(store.read(async (tx) => tx.server()));
    await assert.rejects(store.write(async (tx) => tx.server()));
  },
};

const accountCases: Readonly<Record<string, Case>> = {
  'the identity of the server is written once': async ({ store }) => {
    assert.equal(await store.read(async (tx) => tx.server()), null);
    const row = { id: 'a'.repeat(32), createdAt: NOW };
    await store.write(async (tx) => tx.setServer(row));
    assert.deepEqual(await store.read(async (tx) => tx.server()), row);
    await assert.rejects(store.write(async (tx) => tx.setServer(row)));
  },

  'users and devices are found by every key they have': async ({ store }) => {
    await store.read(async (tx) => {
      assert.equal((await tx.userByName('ana'))?.id, IDS.user);
      assert.equal(await tx.userByName('Ana'), null);
      assert.equal((await tx.deviceByToken('token-laptop'))?.id, IDS.laptop);
      assert.deepEqual(
        (await tx.devicesOf(IDS.user)).map((row) => row.name),
        ['laptop', 'phone'],
      );
      assert.deepEqual(await tx.author(IDS.phone), { deviceName: 'phone', userName: 'ana' });
      assert.deepEqual(
        (await tx.namespacesOf(IDS.user)).map((row) => row.id),
        [IDS.namespace],
      );
    });
  },

  'a revoked device stays revoked at the first moment, and touching and starts are kept': async ({
    store,
  }) => {
    await store.write(async (tx) => {
      await tx.revokeDevice(IDS.phone, NOW + 1);
      await tx.revokeDevice(IDS.phone, NOW + 2);
      await tx.touchDevice(IDS.phone, NOW + 3);
      await tx.setStart(IDS.phone, 7, 'a start');
    });
    const phone = await store.read(async (tx) => tx.device(IDS.phone));
    assert.deepEqual([phone?.revokedAt, phone?.lastSeenAt], [NOW + 1, NOW + 3]);
    assert.deepEqual([phone?.generation, phone?.start], [7, 'a start']);
  },

  'cursors are kept per device and namespace, and the epoch of a namespace changes alone': async ({
    store,
    ns,
  }) => {
    const before = await store.read(async (tx) => tx.namespace(ns));
    await store.write(async (tx) => {
      await tx.setAckedCursor(IDS.laptop, ns, { epoch: IDS.epoch, seq: 3, at: NOW });
      await tx.setAckedCursor(IDS.laptop, ns, { epoch: IDS.epoch, seq: 5, at: NOW });
      await tx.setEpoch(ns, IDS.otherEpoch);
    });
    await store.read(async (tx) => {
      assert.equal((await tx.ackedCursor(IDS.laptop, ns))?.seq, 5);
      assert.equal(await tx.ackedCursor(IDS.phone, ns), null);
      assert.deepEqual(await tx.namespace(ns), { ...before, epoch: IDS.otherEpoch });
    });
  },

  'a key is wrapped by several master keys, and those of others go once one wraps it': async ({ store }) => {
    const other = parseTenantId('00000000-0000-7000-8000-000000000001');
    const key = (tenant: TenantId, number: number, masterKey: string) => ({
      tenant,
      number,
      masterKey,
      wrapped: Uint8Array.of(number),
      createdAt: NOW,
    });
    await store.write(async (tx) => {
      assert.deepEqual(await tx.tenantsWithKeys(null, 10), []);
      for (const number of [1, 2]) await tx.addTenantKey(key(IDS.tenant, number, 'm1'));
      await tx.addTenantKey(key(IDS.tenant, 1, 'm2'));
      await tx.addTenantKey(key(other, 1, 'm1'));
    });
    await assert.rejects(store.write(async (tx) => tx.addTenantKey(key(IDS.tenant, 1, 'm2'))));
    await store.write(async (tx) => {
      assert.deepEqual(await tx.tenantsWithKeys(null, 10), [other, IDS.tenant]);
      assert.deepEqual(await tx.tenantsWithKeys(other, 10), [IDS.tenant]);
      assert.deepEqual(await tx.tenantsWithKeys(null, 1), [other]);
      assert.deepEqual([await tx.keysNotUnder('m1'), await tx.keysNotUnder('m2')], [0, 2]);
      assert.equal(await tx.keepKeysUnder(IDS.tenant, 'm2'), 1);
      assert.equal(await tx.keepKeysUnder(other, 'm2'), 0);
      const left = await tx.tenantKeys(IDS.tenant);
      assert.deepEqual(
        left.map(({ number, masterKey }) => [number, masterKey]),
        [
          [1, 'm2'],
          [2, 'm1'],
        ],
      );
    });
  },

  'a tenant key comes back as it was added': async ({ store }) => {
    const row = {
      tenant: IDS.tenant,
      number: 1,
      masterKey: 'm1',
      wrapped: Uint8Array.of(1, 2),
      createdAt: NOW,
    };
    await store.write(async (tx) => tx.addTenantKey(row));
    const [key, ...others] = await store.read(async (tx) => tx.tenantKeys(IDS.tenant));
    assert.deepEqual([key?.number, key?.masterKey, key?.createdAt, others.length], [1, 'm1', NOW, 0]);
    assert.deepEqual([...(key?.wrapped ?? [])], [1, 2]);
  },
};
