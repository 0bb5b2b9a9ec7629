/**
 * Databases in memory that cost little to open: the schema is made once in a process and copied from then on, and a
 * statement is compiled at most once for all lives that a database sees.
 */
import Database from 'better-sqlite3';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { type Db, openState } from '../../src/engine/state/database.ts';

/** Made when first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const emptyState = once(() => open(':memory:').serialize());
const emptyStore = once(() => {
  const db = new Database(':memory:');
  openSqliteStore(db);
  return db.serialize();
});

/** A state as it was when `bytes` were taken of it; without them, a new one. */
export function stateFrom(bytes: Buffer = emptyState()): Db {
  return preparingOnce(open(bytes));
}

/** The database of a server as it was when `bytes` were taken of it; without them, a new one. */
export function storeFrom(bytes: Buffer = emptyStore()): Db {
  return preparingOnce(new Database(bytes));
}

function open(at: string | Buffer): Db {
  const opened = openState(at);
  if (opened.kind !== 'open') throw new Error(`a state does not open: ${opened.kind}`);
  return opened.db;
}

/** Nobody changes how a statement answers (`pluck`, `raw`), so that it can be shared; many are never used in a run. */
class LateStatement {
  readonly #compile: () => Database.Statement;
  #statement: Database.Statement | null = null;

  constructor(compile: () => Database.Statement) {
    this.#compile = compile;
  }

  run(...values: unknown[]): Database.RunResult {
    return this.#get().run(...values);
  }

  get(...values: unknown[]): unknown {
    return this.#get().get(...values);
  }

  all(...values: unknown[]): unknown[] {
    return this.#get().all(...values);
  }

  iterate(...values: unknown[]): IterableIterator<unknown> {
    return this.#get().iterate(...values);
  }

  #get(): Database.Statement {
    this.#statement ??= this.#compile();
    return this.#statement;
  }
}

function preparingOnce(db: Db): Db {
  const known = new Map<string, LateStatement>();
  const prepare = db.prepare.bind(db);
  const prepareOnce = (source: string): LateStatement => {
    const statement = known.get(source) ?? new LateStatement(() => prepare(source));
    known.set(source, statement);
    return statement;
  };
  return Object.assign(db, { prepare: prepareOnce as unknown as Db['prepare'] });
}
