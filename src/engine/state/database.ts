/** Opening the client's state: migrations, refusal of newer schemas, integrity, durability levels. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { unreadable } from './node-unreadable.ts';

export type Db = Database.Database;

/** Numbered migrations in order; each runs in its own transaction and moves `user_version` up by one. */
const MIGRATIONS: readonly string[] = [
  readFileSync(new URL('./migrations/001-first.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/002-ancestors.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/003-online.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/004-activity.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/005-review-files.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/006-exchange-stamps.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/007-lent.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/008-mounts.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/009-shaping.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/010-exchange-ours.sql', import.meta.url), 'utf8'),
];

export type OpenedState =
  | { readonly kind: 'open'; readonly db: Db /** Nothing was in it. */; readonly isNew: boolean }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'corrupt'; readonly detail: string }
  /** The disk does not let us: that says nothing about what is in the state. */
  | { readonly kind: 'unusable'; readonly trouble: 'full' | 'failing'; readonly detail: string };

export type StateTrouble = 'full' | 'damaged' | 'failing';

// EIO at a read has a code of its own, IOERR_CORRUPTFS, and means a disk that fails, not what lies on it.
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/;
const FULL = /^SQLITE_(FULL|IOERR_SHMSIZE)/;
const FAILING = /^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|BUSY|LOCKED|NOMEM)/;

/** What keeps the database from working; null for every other error, which is a fault of the program. */
export function stateTrouble(error: unknown): StateTrouble | null {
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (DAMAGED.test(code)) return 'damaged';
  if (FULL.test(code)) return 'full';
  return FAILING.test(code) ? 'failing' : null;
}

/**
 * Opens (and migrates) the state at a path, in ':memory:', or in memory as a copy of a state's bytes. A newer schema is
 * refused, a corrupt file reported, never guessed at: a disk that fails while the database is checked makes it look
 * corrupt, so it counts as that only if every byte can be read and it is found so once more.
 */
export function openState(at: string | Buffer): OpenedState {
  const first = openOnce(at);
  if (first.kind !== 'corrupt' || typeof at !== 'string') return first;
  const detail = unreadable(at) ?? unreadable(`${at}-wal`);
  return detail === null ? openOnce(at) : { kind: 'unusable', trouble: 'failing', detail };
}

function openOnce(at: string | Buffer): OpenedState {
  let db: Db | null = null;
  try {
    db = new Database(at);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > MIGRATIONS.length) {
      db.close();
      return { kind: 'newer', version };
    }
    configure(db);
    const check = String(db.pragma('quick_check(1)', { simple: true }));
    if (check !== 'ok') throw new Error(check);
    migrate(db, version);
    return { kind: 'open', db, isNew: version === 0 };
  } catch (error) {
    db?.close();
    const detail = error instanceof Error ? error.message : String(error);
    const trouble = stateTrouble(error);
    return trouble === 'full' || trouble === 'failing'
      ? { kind: 'unusable', trouble, detail }
      : { kind: 'corrupt', detail };
  }
}

function configure(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma('cache_size = -16000');
  db.pragma('temp_store = MEMORY');
  db.pragma('wal_autocheckpoint = 4000');
}

function migrate(db: Db, from: number): void {
  for (let version = from; version < MIGRATIONS.length; version += 1) {
    db.transaction(() => {
      db.exec(MIGRATIONS[version]!);
      db.pragma(`user_version = ${version + 1}`);
    })();
  }
}

/** Runs `work` in a transaction whose commit is flushed to the disk: identity, generation, keys (RULES 20). */
export function durably<T>(db: Db, work: () => T): T {
  db.pragma('synchronous = FULL');
  try {
    return db.transaction(work)();
  } finally {
    db.pragma('synchronous = NORMAL');
  }
}
