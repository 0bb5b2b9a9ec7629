/**
 * A database that outlives those who work with it: each life of an engine or a server is lent its own view of one
 * connection, whose statements are compiled at most once. A life that ended in the middle of something loses the
 * connection; what of it still runs goes on with a copy that nobody reads.
 */
import type Database from 'better-sqlite3';
import type { Db } from '../../src/engine/state/database.ts';

type Work = (...values: never[]) => unknown;

/** A connection with all that was ever compiled on it. */
export class Connection {
  readonly db: Db;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(db: Db) {
    this.db = db;
  }

  undo(): void {
    if (this.db.inTransaction) this.db.exec('ROLLBACK');
  }

  statement(source: string): Database.Statement {
    const known = this.#statements.get(source);
    if (known !== undefined) return known;
    const made = this.db.prepare(source);
    this.#statements.set(source, made);
    return made;
  }
}

/** Nobody changes how a statement answers (`pluck`, `raw`), so that lives can share it; many are never used in a run. */
class LentStatement {
  readonly source: string;
  readonly #view: LentDatabase;
  #of: Connection | null = null;
  #statement: Database.Statement | null = null;

  constructor(view: LentDatabase, source: string) {
    this.#view = view;
    this.source = source;
  }

  run(...values: unknown[]): Database.RunResult {
    const result = this.#get().run(...values);
    if (this.source === 'COMMIT') this.#view.committed();
    return result;
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
    const { connection } = this.#view;
    if (this.#statement !== null && this.#of === connection) return this.#statement;
    this.#of = connection;
    this.#statement = connection.statement(this.source);
    return this.#statement;
  }
}

/** Where connections come from, and who takes those that nobody needs any more. */
export interface Keeper {
  copy(bytes: Buffer): Connection;
  take(connection: Connection): void;
}

/** As much of a database as engine and server use, for one life. */
export class LentDatabase {
  readonly #keeper: Keeper;
  readonly #known = new Map<string, LentStatement>();
  #connection: Connection | null;
  /** What a life that lost its connection goes on with. */
  #last: Buffer | null = null;
  #isFull = false;
  /** Told of every transaction that ended well, and whether it is durable. */
  onCommit: (isFull: boolean) => void = () => undefined;
  /** Told before the first commit that is not durable at once. */
  onLoosened: () => void = () => undefined;

  constructor(connection: Connection, keeper: Keeper) {
    this.#connection = connection;
    this.#keeper = keeper;
  }

  /** What was not committed is undone, and another life goes on with the connection. */
  handOver(): LentDatabase {
    return new LentDatabase(this.#detach(), this.#keeper);
  }

  /** Nobody goes on with it. */
  giveBack(): void {
    if (this.#connection !== null) this.#keeper.take(this.#detach());
  }

  #detach(): Connection {
    const { connection } = this;
    connection.undo();
    this.#last = connection.db.serialize();
    this.#connection = null;
    this.onCommit = () => undefined;
    this.onLoosened = () => undefined;
    return connection;
  }

  /** For those who ask for a whole database. */
  get db(): Db {
    return this as unknown as Db;
  }

  get connection(): Connection {
    if (this.#connection !== null) return this.#connection;
    if (this.#last === null) throw new Error('a database that was closed is used');
    this.#connection = this.#keeper.copy(this.#last);
    return this.#connection;
  }

  get open(): boolean {
    return this.#connection !== null || this.#last !== null;
  }

  get inTransaction(): boolean {
    return this.connection.db.inTransaction;
  }

  prepare(source: string): LentStatement {
    const statement = this.#known.get(source) ?? new LentStatement(this, source);
    this.#known.set(source, statement);
    return statement;
  }

  transaction(work: Work): Work {
    let of: Connection | null = null;
    let inner: Work = work;
    return (...values) => {
      const { connection } = this;
      if (of !== connection) {
        of = connection;
        inner = connection.db.transaction(work);
      }
      const answer = inner(...values);
      if (!connection.db.inTransaction) this.committed();
      return answer;
    };
  }

  /** A transaction ended well. */
  committed(): void {
    this.onCommit(this.#isFull);
  }

  /** Rows changed on the connection so far: a commit that changed none flushes nothing. */
  get changes(): number {
    return Number(this.connection.statement('SELECT total_changes() AS n').pluck().get());
  }

  /** How durable a commit is, is for the one who keeps it to say: in memory the pragma would only cost time. */
  pragma(source: string, options?: Database.PragmaOptions): unknown {
    if (source.startsWith('synchronous')) {
      const was = this.#isFull;
      this.#isFull = source.endsWith('FULL');
      if (was && !this.#isFull) this.onLoosened();
      return [];
    }
    return this.connection.db.pragma(source, options);
  }

  exec(source: string): this {
    this.connection.db.exec(source);
    return this;
  }

  serialize(): Buffer {
    return this.connection.db.serialize();
  }

  close(): this {
    this.giveBack();
    this.#last = null;
    return this;
  }
}
