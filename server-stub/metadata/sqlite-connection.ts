/** One connection: settings, migrations, prepared statements, and the numbers that stand in for ids. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { DeviceId, NamespaceId, TenantId, UserId } from '../../src/protocol/ids.ts';
import { int, type Row } from './sqlite-values.ts';

export type SqlValue = string | number | Uint8Array | null;
type Named = Readonly<Record<string, SqlValue>>;

type Numbered = 'tenant' | 'user' | 'device' | 'namespace' | 'namespaceTenant';

/** A statement, prepared once. */
export interface Sql {
  run(...values: readonly (SqlValue | Named)[]): number;
  one(...values: readonly (SqlValue | Named)[]): Row | null;
  all(...values: readonly (SqlValue | Named)[]): readonly Row[];
}

/** In order; each file is one step and is never changed once released. */
const MIGRATIONS: readonly string[] = [
  readFileSync(new URL('./migrations/001-first.sql', import.meta.url), 'utf8'),
];

export class NewerSchema extends Error {
  constructor(found: number) {
    super(`the database has schema ${found}; this server knows up to ${MIGRATIONS.length}`);
    this.name = 'NewerSchema';
  }
}

export class UnknownId extends Error {
  constructor(kind: string, id: string) {
    super(`no ${kind} ${id}`);
    this.name = 'UnknownId';
  }
}

export class Connection {
  readonly #db: Database.Database;
  readonly #numbers = new Map<string, number>();
  readonly #numberSql: Readonly<Record<Numbered, Sql>>;

  constructor(path: string, role: 'writer' | 'reader') {
    this.#db = new Database(path, { readonly: role === 'reader' });
    this.#db.pragma('busy_timeout = 5000');
    this.#db.pragma('foreign_keys = ON');
    this.#db.pragma('trusted_schema = OFF');
    this.#db.pragma('cache_size = -65536');
    if (role === 'writer') {
      this.#db.pragma('journal_mode = WAL');
      // An answer means durable: the log is synced with every commit.
      this.#db.pragma('synchronous = FULL');
      this.#db.pragma('wal_autocheckpoint = 4000');
      this.#migrate();
    }
    this.#numberSql = {
      tenant: this.sql('SELECT no FROM tenants WHERE id = ?'),
      user: this.sql('SELECT no FROM users WHERE id = ?'),
      device: this.sql('SELECT no FROM devices WHERE id = ?'),
      namespace: this.sql('SELECT no FROM namespaces WHERE id = ?'),
      namespaceTenant: this.sql('SELECT tenant AS no FROM namespaces WHERE id = ?'),
    };
  }

  sql(source: string): Sql {
    const statement = this.#db.prepare<unknown[], Row>(source);
    return {
      run: (...values) => statement.run(...values).changes,
      one: (...values) => statement.get(...values) ?? null,
      all: (...values) => statement.all(...values),
    };
  }

  exec(source: string): void {
    this.#db.exec(source);
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  /** After a rollback: numbers may have been given to rows that never were. */
  forgetNumbers(): void {
    this.#numbers.clear();
  }

  tenant(id: TenantId): number {
    return this.#number('tenant', id);
  }
  user(id: UserId): number {
    return this.#number('user', id);
  }
  device(id: DeviceId): number {
    return this.#number('device', id);
  }
  namespace(id: NamespaceId): number {
    return this.#number('namespace', id);
  }
  tenantOf(id: NamespaceId): number {
    return this.#number('namespaceTenant', id);
  }

  close(): void {
    this.#db.close();
  }

  #number(kind: Numbered, id: string): number {
    const cacheKey = kind + id;
    const known = this.#numbers.get(cacheKey);
    if (known !== undefined) return known;
    const row = this.#numberSql[kind].one(id);
    if (row === null) throw new UnknownId(kind, id);
    const found = int(row, 'no');
    this.#numbers.set(cacheKey, found);
    return found;
  }

  #migrate(): void {
    const found = Number(this.#db.pragma('user_version', { simple: true }));
    if (!Number.isInteger(found) || found > MIGRATIONS.length) {
      this.#db.close();
      throw new NewerSchema(found);
    }
    for (let step = found; step < MIGRATIONS.length; step += 1) {
      this.#db.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[step]}; PRAGMA user_version = ${step + 1}; COMMIT;`);
    }
  }
}
