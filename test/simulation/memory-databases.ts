/** Databases in memory that cost little to open: the schema is made once in a process and copied from then on. */
import Database from 'better-sqlite3';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { openState } from '../../src/engine/state/database.ts';
import { Shelf } from './database-shelf.ts';
import type { LentDatabase } from './lent-database.ts';

/** What is read, written and copied at once: as small as it gets, because most tables hold a few rows. */
const PAGE_BYTES = 1024;

/** Made when first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const emptyPages = once(() => {
  const db = new Database(':memory:');
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.exec('CREATE TABLE page (one INTEGER); DROP TABLE page');
  return db.serialize();
});
const emptyState = once(() => {
  const opened = openState(emptyPages());
  if (opened.kind !== 'open') throw new Error(`a state does not open: ${opened.kind}`);
  return opened.db.serialize();
});
const emptyStore = once(() => {
  const db = new Database(emptyPages());
  openSqliteStore(db);
  return db.serialize();
});

const states = once(() => new Shelf(emptyState()));
const stores = once(() => new Shelf(emptyStore()));

/** A state as it was when `bytes` were taken of it; without them, a new one. */
export function stateFrom(bytes: Buffer | null = null): LentDatabase {
  return states().lend(bytes);
}

/** The database of a server as it was when `bytes` were taken of it; without them, a new one. */
export function storeFrom(bytes: Buffer | null = null): LentDatabase {
  return stores().lend(bytes);
}
