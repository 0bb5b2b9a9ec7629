/** What a user, or everybody in a share together, may store, as an operator sets it. */
import { resolve } from 'node:path';
import { type NamespaceId, parseNamespaceId, type TenantId } from '../../src/protocol/ids.ts';
import { existingDataFolder, openPresentStore } from '../data-folder.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { StoredBytes } from '../metadata/operation-rows.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { normalUserName } from './users.ts';

/** undefined: only look; null: as much as there is room. */
type Wanted = number | null | undefined;

/** Works while the server runs. */
export function userQuota(data: string, name: string, set: Wanted): Promise<StoredBytes> {
  return quotaOf(data, set, async (tx) => {
    const user = await tx.userByName(normalUserName(name));
    if (user === null) throw new Refusal(`There is no user "${name}".`);
    return user.tenant;
  });
}

/** A share is a tenant of its own: what stands in it counts for none of its members. */
export function shareQuota(data: string, id: string, set: Wanted): Promise<StoredBytes> {
  return quotaOf(data, set, async (tx) => {
    const ns = namespaceIn(id);
    const row = ns === null ? null : await tx.namespace(ns);
    // A personal namespace has no members, and a share always has an owner.
    if (row === null || (await tx.membersOf(row.id)).length === 0)
      throw new Refusal(`There is no share with the id "${id}".`);
    return row.tenant;
  });
}

function namespaceIn(text: string): NamespaceId | null {
  try {
    return parseNamespaceId(text);
  } catch {
    return null;
  }
}

async function quotaOf(
  data: string,
  set: Wanted,
  tenantOf: (tx: ReadTx) => Promise<TenantId>,
): Promise<StoredBytes> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    return await store.write(async (tx) => {
      const tenant = await tenantOf(tx);
      if (set !== undefined) await tx.setQuota(tenant, set, 'an operator', realClock.now());
      return tx.storedBytes(tenant);
    });
  } finally {
    await store.close();
  }
}
