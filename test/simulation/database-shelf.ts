/**
 * Connections that nobody needs any more are emptied and lent again, in this run or a later one: to compile all statements
 * of an engine costs more than most engines do with them.
 */
import Database from 'better-sqlite3';
import { Connection, type Keeper, LentDatabase } from './lent-database.ts';

/** One whose pages have become so many more than a new one has is let go: it would cost in every copy. */
const MOST_GROWN = 3;
const MOST_KEPT = 12;

export class Shelf implements Keeper {
  readonly #empty: Buffer;
  readonly #pages: number;
  readonly #schema: string;
  readonly #tables: readonly string[];
  /** Indexes over what other tables hold: they keep rows of their own in tables that only they may write. */
  readonly #indexes: readonly string[];
  /** Rows that a new one has, as statements that make them. */
  readonly #rows: readonly NewRow[];
  readonly #free: Connection[] = [];

  /** `empty`: a new database, with the few rows that a new one has. */
  constructor(empty: Buffer) {
    this.#empty = empty;
    const connection = this.copy(empty);
    const { db } = connection;
    this.#schema = schemaOf(connection);
    this.#pages = pagesOf(connection);
    this.#tables = tablesOf(db, 'table');
    this.#indexes = tablesOf(db, 'virtual');
    this.#rows = this.#tables.flatMap((table) => rowsOf(db, table));
    db.close();
  }

  /** As it was when `bytes` were taken of it; without them, a new one. */
  lend(bytes: Buffer | null): LentDatabase {
    const connection = bytes === null ? (this.#free.pop() ?? this.copy(this.#empty)) : this.copy(bytes);
    return new LentDatabase(connection, this);
  }

  copy(bytes: Buffer): Connection {
    const db = new Database(bytes);
    db.pragma('foreign_keys = ON');
    // Nobody else has it open: there is nothing to look for before each read.
    db.pragma('locking_mode = EXCLUSIVE');
    return new Connection(db);
  }

  take(connection: Connection): void {
    const isSmall = pagesOf(connection) <= MOST_GROWN * this.#pages;
    if (this.#free.length >= MOST_KEPT || !isSmall || schemaOf(connection) !== this.#schema) return;
    const { db } = connection;
    db.pragma('foreign_keys = OFF');
    for (const each of this.#indexes)
      connection.statement(`INSERT INTO "${each}" ("${each}") VALUES ('delete-all')`).run();
    for (const table of this.#tables) connection.statement(`DELETE FROM "${table}"`).run();
    for (const { sql, values } of this.#rows) connection.statement(sql).run(...values);
    db.pragma('foreign_keys = ON');
    this.#free.push(connection);
  }
}

interface NewRow {
  readonly sql: string;
  readonly values: readonly unknown[];
}

function rowsOf(db: Database.Database, table: string): readonly NewRow[] {
  return db
    .prepare<[], Record<string, unknown>>(`SELECT * FROM "${table}"`)
    .all()
    .map((row) => {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const sql = `INSERT INTO "${table}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      return { sql, values: Object.values(row) };
    });
}

const SCHEMA = `SELECT name, sql FROM sqlite_schema UNION ALL SELECT name, sql FROM sqlite_temp_schema
  ORDER BY 1, 2`;

function schemaOf(connection: Connection): string {
  return JSON.stringify(connection.statement(SCHEMA).all());
}

function pagesOf(connection: Connection): number {
  return Number(connection.statement('SELECT page_count FROM pragma_page_count').pluck().get());
}

function tablesOf(db: Database.Database, type: 'table' | 'virtual'): readonly string[] {
  return db
    .prepare<[string], { name: string }>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ? AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')",
    )
    .all(type)
    .map(({ name }) => name);
}
