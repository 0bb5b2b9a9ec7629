import type { TenantKeyRows } from './chunks/folder/data-keys.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';

/** Wrapped tenant keys, kept in the metadata: a backup of the rows then holds the keys of what they name. */
export function tenantKeyRows(store: MetadataStore, now: () => number): TenantKeyRows {
  return {
    list: (tenant) => store.read(async (tx) => tx.tenantKeys(tenant)),
    add: (tenant, key) =>
      store.write(async (tx) => {
        await tx.addTenantKey({ tenant, ...key, createdAt: now() });
      }),
    tenants: (after, limit) => store.read(async (tx) => tx.tenantsWithKeys(after, limit)),
    notUnder: (masterKey) => store.read(async (tx) => tx.keysNotUnder(masterKey)),
    keepUnder: (tenant, masterKey) =>
      store.write(async (tx) => {
        await tx.keepKeysUnder(tenant, masterKey);
      }),
  };
}
