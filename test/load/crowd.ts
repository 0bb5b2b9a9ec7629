/** Many devices of many users, put into a data folder as rows: linking each by its password would take hours. */
import { newDevice } from '../../server-stub/accounts/new-device.ts';
import { addUserTo } from '../../server-stub/accounts/users.ts';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import { openDataFolder } from '../../server-stub/data-folder.ts';
import { createMetadata } from '../../server-stub/metadata/rules.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { realClock, realRandom } from '../../server-stub/real-effects.ts';

/** Each user's devices share a namespace. */
const DEVICES_PER_USER = 20;
const INSTANCE = '0'.repeat(32);

/** Tokens of so many devices, of users whose password nobody can use. */
export async function makeCrowd(data: string, devices: number): Promise<readonly string[]> {
  const folder = await openDataFolder(data);
  const store = openSqliteStore(folder.metadata);
  try {
    const { hash } = await loadBlake3();
    const metadata = createMetadata(store, {
      now: realClock.now,
      randomBytes: realRandom.bytes,
      blake3: hash,
      report: () => undefined,
    });
    await metadata.ensureServer();
    const parts = { store, clock: realClock, random: realRandom, derive: async () => Buffer.alloc(32) };
    const tokens: string[] = [];
    for (let user = 0; tokens.length < devices; user += 1) {
      const added = await addUserTo({ ...parts, scryptCost: 2 }, `user${user}`, 'none');
      if (added.kind !== 'added') throw new Error(added.why);
      await metadata.ensureNamespace(added.tenant, added.user);
      const count = Math.min(DEVICES_PER_USER, devices - tokens.length);
      const made = Array.from({ length: count }, (_, number) =>
        newDevice(parts, {
          user: added.user,
          name: `device ${number}`,
          os: 'linux',
          instance: INSTANCE,
          namespace: null,
          main: null,
        }),
      );
      await store.write(async (tx) => {
        for (const { row } of made) await tx.addDevice(row);
      });
      tokens.push(...made.map(({ token }) => token));
    }
    return tokens;
  } finally {
    await store.close();
  }
}
