/**
 * One random key per tenant, kept only wrapped by the master key, beside the rows that name what it seals. Another
 * master key means wrapping these anew; no chunk is touched.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { TenantId } from '../../../src/protocol/ids.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import type { DataKey } from './sealing.ts';

const KEY_BYTES = 32;

export interface WrappedKey {
  readonly number: number;
  readonly masterKey: string;
  readonly wrapped: Uint8Array;
}

export interface StoredKey extends WrappedKey {
  readonly createdAt: number;
}

export interface TenantKeyRows {
  /** One row for every master key that wraps a key. */
  list(tenant: TenantId): Promise<readonly StoredKey[]>;
  /** Durable when resolved. Refuses a number that is taken under this master key. */
  add(tenant: TenantId, key: WrappedKey): Promise<void>;
  /** Tenants that have keys, in order. */
  tenants(after: TenantId | null, limit: number): Promise<readonly TenantId[]>;
  /** Keys that this master key does not wrap. */
  notUnder(masterKey: string): Promise<number>;
  /** Forgets what others wrap, as far as this one wraps the same keys. */
  keepUnder(tenant: TenantId, masterKey: string): Promise<void>;
}

export class DataKeys {
  readonly #master: KeyWrapper;
  readonly #rows: TenantKeyRows;
  readonly #known = new Map<TenantId, Promise<readonly DataKey[]>>();

  constructor(master: KeyWrapper, rows: TenantKeyRows) {
    this.#master = master;
    this.#rows = rows;
  }

  /** Oldest first, at least one: drawn, and durable, before the first chunk is sealed with it. */
  of(tenant: TenantId): Promise<readonly DataKey[]> {
    const known = this.#known.get(tenant);
    if (known !== undefined) return known;
    const loading = this.#loadOrDraw(tenant);
    this.#known.set(tenant, loading);
    loading.catch(() => this.#known.delete(tenant));
    return loading;
  }

  async #loadOrDraw(tenant: TenantId): Promise<readonly DataKey[]> {
    let rows = await this.#rows.list(tenant);
    if (rows.length === 0) {
      const secret = randomBytes(32);
      const drawn = await wrapKey(this.#master, tenant, 1, secret);
      const refusal = await this.#rows.add(tenant, drawn).then(
        () => null,
        (cause: unknown) => ({ cause }),
      );
      if (refusal === null) return [{ number: 1, key: createSecretKey(secret) }];
      // Another store of this server drew one at the same moment: that one counts.
      rows = await this.#rows.list(tenant);
      if (rows.length === 0) throw refusal.cause;
    }
    const opened = await openKeys(this.#master, tenant, rows);
    return opened.map(({ number, secret }) => ({ number, key: createSecretKey(secret) }));
  }
}

export interface OpenedKey {
  readonly number: number;
  readonly secret: Uint8Array;
}

/** Every key of a tenant, oldest first. Throws when one does not open: what it sealed could not be read. */
export async function openKeys(
  master: KeyWrapper,
  tenant: TenantId,
  rows: readonly WrappedKey[],
): Promise<readonly OpenedKey[]> {
  const numbers = [...new Set(rows.map(({ number }) => number))].sort((a, b) => a - b);
  const opened: OpenedKey[] = [];
  for (const number of numbers) {
    const row = rows.find((each) => each.number === number && each.masterKey === master.id);
    const secret = row === undefined ? null : await master.unwrap(row.wrapped, labelOf(tenant, number));
    if (secret?.length !== KEY_BYTES)
      throw new Error(`key ${number} of tenant ${tenant} does not open with the master key`);
    opened.push({ number, secret });
  }
  return opened;
}

/** Wraps, and opens again what it wrapped before anybody relies on it. */
export async function wrapKey(
  master: KeyWrapper,
  tenant: TenantId,
  number: number,
  secret: Uint8Array,
): Promise<WrappedKey> {
  const label = labelOf(tenant, number);
  const wrapped = await master.wrap(secret, label);
  const again = await master.unwrap(wrapped, label);
  if (again === null || !Buffer.from(again).equals(secret))
    throw new Error(`key ${number} of tenant ${tenant} does not come back from the master key`);
  return { number, masterKey: master.id, wrapped };
}

function labelOf(tenant: TenantId, number: number): string {
  return `tenant ${tenant} ${number}`;
}

/** Wrapped keys in memory, for tests. */
export function createMemoryKeyRows(): TenantKeyRows {
  const rows = new Map<TenantId, StoredKey[]>();
  let now = 0;
  const under = (list: readonly WrappedKey[], number: number, masterKey: string) =>
    list.some((each) => each.number === number && each.masterKey === masterKey);
  return {
    list: async (tenant) => [...(rows.get(tenant) ?? [])],
    add: async (tenant, key) => {
      const list = rows.get(tenant) ?? [];
      if (under(list, key.number, key.masterKey)) throw new Error('this key number is taken');
      now += 1;
      rows.set(tenant, [...list, { ...key, createdAt: now }]);
    },
    tenants: async (after, limit) =>
      [...rows.keys()]
        .sort()
        .filter((tenant) => after === null || tenant > after)
        .slice(0, limit),
    notUnder: async (masterKey) => {
      const lists = [...rows.values()];
      return lists.flatMap((list) => {
        const numbers = new Set(list.map(({ number }) => number));
        return [...numbers].filter((number) => !under(list, number, masterKey));
      }).length;
    },
    keepUnder: async (tenant, masterKey) => {
      const list = rows.get(tenant) ?? [];
      const kept = list.filter(
        (each) => each.masterKey === masterKey || !under(list, each.number, masterKey),
      );
      rows.set(tenant, kept);
    },
  };
}
