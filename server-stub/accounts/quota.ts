/** What a user may store, as an operator sets it. */
import { resolve } from 'node:path';
import { existingDataFolder, openPresentStore } from '../data-folder.ts';
import type { StoredBytes } from '../metadata/operation-rows.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { normalUserName } from './users.ts';

/** `set` undefined: only look; null: as much as there is room. Works while the server runs. */
export async function userQuota(
  data: string,
  name: string,
  set: number | null | undefined,
): Promise<StoredBytes> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    return await store.write(async (tx) => {
      const user = await tx.userByName(normalUserName(name));
      if (user === null) throw new Refusal(`There is no user "${name}".`);
      if (set !== undefined) await tx.setQuota(user.tenant, set, 'an operator', realClock.now());
      return tx.storedBytes(user.tenant);
    });
  } finally {
    await store.close();
  }
}
