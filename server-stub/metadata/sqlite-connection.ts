/** One connection: settings, migrations, prepared statements, and the numbers that stand in for ids. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import {
  type DeviceId,
  type NamespaceId,
  parseDeviceId,
  type TenantId,
  type UserId,
} from '../../src/protocol/ids.ts';
import { int, type Row } from './sqlite-values.ts';

export type SqlValue = string | number | Uint8Array | null;
type Named = Readonly<Record<string, SqlValue>>;

type Numbered = 'tenant' | 'user' | 'device' | 'namespace' | 'namespaceTenant';

const CONTROL = {
  begin: 'BEGIN',
  beginWrite: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  savepoint: 'SAVEPOINT inner_step',
  release: 'RELEASE inner_step',
  undo: 'ROLLBACK TO inner_step',
} as const;
type ControlStep = keyof typeof CONTROL;

/** A statement, prepared once. */
export interface Sql {
  run(...values: readonly (SqlValue | Named)[]): number;
  one(...values: readonly (SqlValue | Named)[]): Row | null;
  all(...values: readonly (SqlValue | Named)[]): readonly Row[];
}

/** In order; each file is one step and is never changed once released. */
const MIGRATIONS: readonly string[] = [
  readFileSync(new URL('./migrations/001-first.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/002-settlements.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/003-jobs.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/004-starts.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/005-retention.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/006-collection.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/007-key-wraps.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/008-sharing.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/009-orphans.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/010-scrub.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/011-places.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/012-operations.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/013-history.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/014-figures.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/015-crossings.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/016-people.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/017-explain.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/019-sites.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/020-departures.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/021-cold.sql', import.meta.url), 'utf8'),
];

/**
 * SQLite peeks at the values of compared parameters when it plans a join, and compiles the statement anew whenever they
 * change: many times the cost of running it. A unary plus hides the value and changes nothing else.
 */
const COMPARED_PARAMETER = /(?<=[=<>] )(\?|:\w+)/g;

/** What `user_version` says of a database as this program makes it. */
export const SCHEMA = MIGRATIONS.length;

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
  /** One map per kind: its keys are the ids themselves, whose hashes are known already. */
  readonly #numbers: Readonly<Record<Numbered, Map<string, number>>> = {
    tenant: new Map(),
    user: new Map(),
    device: new Map(),
    namespace: new Map(),
    namespaceTenant: new Map(),
  };
  readonly #devices = new Map<number, DeviceId>();
  #flushes = true;
  #changes = 0;
  readonly #control: Readonly<Record<ControlStep, Sql>>;
  readonly #deviceSql: Sql;
  readonly #numberSql: Readonly<Record<Numbered, Sql>>;

  constructor(at: string | Database.Database, role: 'writer' | 'reader') {
    this.#db = typeof at === 'string' ? new Database(at, { readonly: role === 'reader' }) : at;
    this.#db.pragma('busy_timeout = 5000');
    this.#db.pragma('foreign_keys = ON');
    this.#db.pragma('trusted_schema = OFF');
    this.#db.pragma('cache_size = -65536');
    // What a savepoint would undo is kept in memory: in a file it costs more than the claim behind it.
    this.#db.pragma('temp_store = MEMORY');
    if (role === 'writer') {
      this.#db.pragma('journal_mode = WAL');
      // An answer means durable: the log is synced with every commit.
      this.#db.pragma('synchronous = FULL');
      this.#db.pragma('wal_autocheckpoint = 4000');
      this.#migrate();
    }
    this.#control = this.#controls();
    this.#deviceSql = this.sql('SELECT id FROM devices WHERE no = ?');
    this.#numberSql = {
      tenant: this.sql('SELECT no FROM tenants WHERE id = ?'),
      user: this.sql('SELECT no FROM users WHERE id = ?'),
      device: this.sql('SELECT no FROM devices WHERE id = ?'),
      namespace: this.sql('SELECT no FROM namespaces WHERE id = ?'),
      namespaceTenant: this.sql('SELECT tenant AS no FROM namespaces WHERE id = ?'),
    };
  }

  sql(source: string): Sql {
    const statement = this.#db.prepare<unknown[], Row>(source.replace(COMPARED_PARAMETER, '+$1'));
    return {
      run: (...values) => {
        const { changes } = statement.run(...values);
        this.#changes += changes;
        return changes;
      },
      one: (...values) => statement.get(...values) ?? null,
      all: (...values) => statement.all(...values),
    };
  }

  /** Opens, ends or undoes a transaction or a savepoint. */
  control(step: ControlStep): void {
    this.#control[step].run();
  }

  /** Rows changed since it was opened, also those that were then rolled back. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Whether the log is synced with the commits from here on; not in a transaction. What was not synced is with the next
   * commit that is: the log is one file, and its end is worth nothing without what stands before it.
   */
  set flushes(whether: boolean) {
    if (whether === this.#flushes) return;
    this.#db.pragma(`synchronous = ${whether ? 'FULL' : 'NORMAL'}`);
    this.#flushes = whether;
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  /** After a rollback: numbers may have been given to rows that never were. */
  forgetNumbers(): void {
    for (const numbers of Object.values(this.#numbers)) numbers.clear();
    this.#devices.clear();
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
  /** Back from a device's number: looked up here, because a join costs more than all else in a small query. */
  deviceAt(no: number): DeviceId {
    const known = this.#devices.get(no);
    if (known !== undefined) return known;
    const row = this.#deviceSql.one(no);
    if (row === null) throw new UnknownId('device', String(no));
    const id = parseDeviceId(row['id']);
    this.#devices.set(no, id);
    return id;
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
    const known = this.#numbers[kind].get(id);
    if (known !== undefined) return known;
    const row = this.#numberSql[kind].one(id);
    if (row === null) throw new UnknownId(kind, id);
    const found = int(row, 'no');
    this.#numbers[kind].set(id, found);
    return found;
  }

  #controls(): Readonly<Record<ControlStep, Sql>> {
    const sql = (step: ControlStep) => this.sql(CONTROL[step]);
    return {
      begin: sql('begin'),
      beginWrite: sql('beginWrite'),
      commit: sql('commit'),
      rollback: sql('rollback'),
      savepoint: sql('savepoint'),
      release: sql('release'),
      undo: sql('undo'),
    };
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
