/**
 * The default store: one SQLite file. Writes go through one connection in one queue; writes that wait together share
 * one commit, each behind a savepoint, so that a flush is paid once (an answer is still given only after it). Reads have
 * a connection of their own and see committed states only; a store in memory has one connection for both.
 */
import type { Database } from 'better-sqlite3';
import { systemCode } from '../chunks/folder/durable-file.ts';
import type { Durability, MetadataStore, ReadTx, WriteTx } from './metadata-store.ts';
import { accountReads, accountWrites } from './sqlite-accounts.ts';
import { chunkReads, chunkWrites } from './sqlite-chunks.ts';
import { claimReads, claimWrites } from './sqlite-claims.ts';
import { coldReads, coldWrites } from './sqlite-cold.ts';
import { collectionReads, collectionWrites } from './sqlite-collection.ts';
import { Connection } from './sqlite-connection.ts';
import { copyReads, copyWrites } from './sqlite-copies.ts';
import { crossingReads, crossingWrites } from './sqlite-crossings.ts';
import { explainReads, explainWrites } from './sqlite-explain.ts';
import { floorReads, floorWrites } from './sqlite-floor.ts';
import { jobReads, jobWrites } from './sqlite-jobs.ts';
import { journalReads, journalWrites } from './sqlite-journal.ts';
import { operationReads, operationWrites } from './sqlite-operations.ts';
import { peopleReads, peopleWrites } from './sqlite-people.ts';
import { retentionReads, retentionWrites } from './sqlite-retention.ts';
import { scrubReads, scrubWrites } from './sqlite-scrub.ts';
import { sharingReads, sharingWrites } from './sqlite-sharing.ts';
import { siteReads, siteWrites } from './sqlite-sites.ts';
import { stateReads } from './sqlite-states.ts';
import { treeReads, treeWrites } from './sqlite-tree.ts';
import { versionReads, versionWrites } from './sqlite-versions.ts';

/** Writes in one commit: bounds how long the first of them waits for the others. */
const GROUP = 32;

interface Waiting {
  /** null: it only looks. */
  readonly durable: Durability | null;
  run(tx: WriteTx): Promise<void>;
  fulfil(): void;
  reject(fault: unknown): void;
}

class StoreClosed extends Error {
  constructor() {
    super('the metadata store is closed');
    this.name = 'StoreClosed';
  }
}

function readVerbs(connection: Connection): ReadTx {
  return {
    ...accountReads(connection),
    ...treeReads(connection),
    ...stateReads(connection),
    ...versionReads(connection),
    ...journalReads(connection),
    ...claimReads(connection),
    ...chunkReads(connection),
    ...jobReads(connection),
    ...retentionReads(connection),
    ...floorReads(connection),
    ...collectionReads(connection),
    ...sharingReads(connection),
    ...crossingReads(connection),
    ...copyReads(connection),
    ...scrubReads(connection),
    ...explainReads(connection),
    ...siteReads(connection),
    ...coldReads(connection),
    ...operationReads(connection),
    ...peopleReads(connection),
  };
}

function writeVerbs(connection: Connection): WriteTx {
  return {
    ...readVerbs(connection),
    ...accountWrites(connection),
    ...treeWrites(connection),
    ...versionWrites(connection),
    ...journalWrites(connection),
    ...claimWrites(connection),
    ...chunkWrites(connection),
    ...jobWrites(connection),
    ...retentionWrites(connection),
    ...floorWrites(connection),
    ...collectionWrites(connection),
    ...sharingWrites(connection),
    ...crossingWrites(connection),
    ...copyWrites(connection),
    ...scrubWrites(connection),
    ...explainWrites(connection),
    ...siteWrites(connection),
    ...coldWrites(connection),
    ...operationWrites(connection),
    ...peopleWrites(connection),
    savepoint: (fn) => inSavepoint(connection, fn),
  };
}

async function inSavepoint<T>(connection: Connection, fn: () => Promise<T>): Promise<T> {
  connection.control('savepoint');
  try {
    const value = await fn();
    connection.control('release');
    return value;
  } catch (fault) {
    connection.forgetNumbers();
    // Some faults (a full disk) end the whole transaction; then there is nothing to go back to.
    if (connection.inTransaction) {
      connection.control('undo');
      connection.control('release');
    }
    throw fault;
  }
}

class SqliteStore implements MetadataStore {
  readonly #writer: Connection;
  readonly #reader: Connection | null;
  readonly #writeTx: WriteTx;
  readonly #readTx: ReadTx;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #reading: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** Whether there are commits that wait for the next flush. */
  #hasUnflushed = false;
  #broken: { readonly fault: unknown } | null = null;

  constructor(at: string | Database) {
    this.#writer = new Connection(at, 'writer');
    this.#writeTx = writeVerbs(this.#writer);
    this.#reader = typeof at !== 'string' || at === ':memory:' ? null : new Connection(at, 'reader');
    this.#readTx = this.#reader === null ? this.#writeTx : readVerbs(this.#reader);
  }

  write<T>(fn: (tx: WriteTx) => Promise<T>, durable: Durability = 'at-once'): Promise<T> {
    return this.#queued(fn, durable);
  }

  #queued<T>(fn: (tx: WriteTx) => Promise<T>, durable: Durability | null): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreClosed());
    return new Promise<T>((fulfil, reject) => {
      let result: { readonly value: T } | null = null;
      this.#waiting.push({
        durable,
        run: async (tx) => {
          result = { value: await fn(tx) };
        },
        fulfil: () => {
          if (result === null) reject(new Error('a write ended without a result'));
          else fulfil(result.value);
        },
        reject,
      });
      this.#writing ??= this.#drain();
    });
  }

  read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreClosed());
    const reader = this.#reader;
    if (reader === null) return this.#queued(fn, null);
    const result = this.#reading.then(() => inReadTransaction(reader, () => fn(this.#readTx)));
    this.#reading = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#reading;
    this.#reader?.close();
    this.#writer.close();
  }

  async #drain(): Promise<void> {
    await this.#gather();
    while (this.#waiting.length > 0) {
      await this.#commit(this.#waiting.splice(0, GROUP));
      if (this.#waiting.length > 0) await this.#gather();
    }
    this.#writing = null;
  }

  /**
   * Lets everybody whose request is there already ask for a write, so that they share a commit: a flush holds the thread
   * up, and what came meanwhile is all heard of before the next one. Without a file nothing is flushed, nor waited for.
   */
  #gather(): Promise<void> {
    if (this.#reader === null) return Promise.resolve();
    return new Promise((resolve) => setImmediate(resolve));
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const done: Waiting[] = [];
    const undone: { readonly waiting: Waiting; readonly fault: unknown }[] = [];
    const before = this.#writer.changes;
    const isFlushed = group.some(({ durable }) => durable === 'at-once');
    try {
      if (this.#broken !== null) throw this.#broken.fault;
      if (isFlushed || group.some(({ durable }) => durable !== null)) this.#writer.flushes = isFlushed;
      this.#writer.control('beginWrite');
      for (const waiting of group) {
        try {
          // Alone, the transaction is savepoint enough.
          if (group.length === 1) await waiting.run(this.#writeTx);
          else await inSavepoint(this.#writer, () => waiting.run(this.#writeTx));
          done.push(waiting);
        } catch (fault) {
          if (group.length === 1 || !this.#writer.inTransaction) throw fault;
          undone.push({ waiting, fault });
        }
      }
      this.#writer.control('commit');
      if (this.#writer.changes > before) this.#hasUnflushed = !isFlushed;
    } catch (fault) {
      this.#writer.forgetNumbers();
      undo(this.#writer);
      // Of a file whose flush failed nobody knows what the disk has: what was written behind a lost commit would be lost
      // at the next power cut. The log is read anew when the store is opened again.
      if (this.#hasUnflushed && systemCode(fault) === 'SQLITE_IOERR_FSYNC') this.#broken = { fault };
      for (const waiting of group) waiting.reject(fault);
      return;
    }
    for (const waiting of done) waiting.fulfil();
    for (const { waiting, fault } of undone) waiting.reject(fault);
  }
}

async function inReadTransaction<T>(connection: Connection, fn: () => Promise<T>): Promise<T> {
  connection.control('begin');
  try {
    const value = await fn();
    connection.control('commit');
    return value;
  } catch (fault) {
    undo(connection);
    throw fault;
  }
}

/** On a disk that fails this may fail as well: whoever waits is told all the same, and so is whoever comes next. */
function undo(connection: Connection): void {
  try {
    if (connection.inTransaction) connection.control('rollback');
  } catch {
    // The first fault is the one to tell of.
  }
}

/** What only looks: it shares nothing with whoever writes, waits for nobody, and makes nobody wait. */
export type ReadStore = Pick<MetadataStore, 'read' | 'close'>;

class SqliteReader implements ReadStore {
  readonly #connection: Connection;
  readonly #readTx: ReadTx;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#connection = new Connection(path, 'reader');
    this.#readTx = readVerbs(this.#connection);
  }

  read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> {
    const result = this.#reading.then(() => inReadTransaction(this.#connection, () => fn(this.#readTx)));
    this.#reading = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#reading;
    this.#connection.close();
  }
}

/** Opens what is there, for reading only: it must have been made by this very program's schema. */
export function openSqliteReader(path: string): ReadStore {
  return new SqliteReader(path);
}

/** Opens (and creates or migrates) a store in a file, or one that lives in memory: a new one, or what is given. */
export function openSqliteStore(at: string | Database): MetadataStore {
  return new SqliteStore(at);
}
