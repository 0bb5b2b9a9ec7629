/**
 * One random key per tenant, kept only wrapped by the master key, beside the rows that name what it seals. Another
 * master key means wrapping these anew; no chunk is touched.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { TenantId } from '../../../src/protocol/ids.ts';
import type { MasterKey } from './master-key.ts';
import type { DataKey } from './sealing.ts';

export interface WrappedKey {
  readonly number: number;
  readonly masterKey: string;
  readonly wrapped: Uint8Array;
}

export interface TenantKeyRows {
  list(tenant: TenantId): Promise<readonly WrappedKey[]>;
  /** Durable when resolved. Refuses a number that is taken. */
  add(tenant: TenantId, key: WrappedKey): Promise<void>;
}

export class DataKeys {
  readonly #master: MasterKey;
  readonly #rows: TenantKeyRows;
  readonly #known = new Map<TenantId, Promise<readonly DataKey[]>>();

  constructor(master: MasterKey, rows: TenantKeyRows) {
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
    const rows = [...(await this.#rows.list(tenant))].sort((a, b) => a.number - b.number);
    if (rows.length > 0) return rows.map((row) => this.#unwrap(tenant, row));
    const secret = randomBytes(32);
    const first: WrappedKey = {
      number: 1,
      masterKey: this.#master.id,
      wrapped: this.#master.wrap(secret, labelOf(tenant, 1)),
    };
    await this.#rows.add(tenant, first);
    return [{ number: 1, key: createSecretKey(secret) }];
  }

  #unwrap(tenant: TenantId, row: WrappedKey): DataKey {
    const secret = this.#master.unwrap(row.wrapped, labelOf(tenant, row.number));
    if (secret?.length !== 32)
      throw new Error(`key ${row.number} of tenant ${tenant} does not open with the master key`);
    return { number: row.number, key: createSecretKey(secret) };
  }
}

function labelOf(tenant: TenantId, number: number): string {
  return `tenant ${tenant} ${number}`;
}

/** Wrapped keys in memory, for tests. */
export function createMemoryKeyRows(): TenantKeyRows {
  const rows = new Map<TenantId, WrappedKey[]>();
  return {
    list: async (tenant) => [...(rows.get(tenant) ?? [])],
    add: async (tenant, key) => {
      const list = rows.get(tenant) ?? [];
      if (list.some(({ number }) => number === key.number)) throw new Error('this key number is taken');
      rows.set(tenant, [...list, key]);
    },
  };
}
