/** The state folder on disk: account, token, database, lock. Owner-only. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type Account, parseAccount } from '../account.ts';
import type { Db } from './database.ts';
import { openState } from './database.ts';

const ACCOUNT = 'account.json';
const TOKEN = 'token';
const DATABASE = 'state.db';

export type StateFolder =
  | {
      readonly kind: 'open';
      readonly account: Account;
      /** Null: kept elsewhere, and given to the engine. */
      readonly token: string | null;
      readonly db: Db;
      readonly setAside: string | null;
      readonly release: () => void;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'in-use' }
  | { readonly kind: 'newer' }
  | { readonly kind: 'full' }
  | { readonly kind: 'unusable'; readonly detail: string };

/** Opens a linked state. A corrupt database is set aside, and a fresh one merges without a base: nothing is deleted. */
export function openStateFolder(folder: string): StateFolder {
  if (!existsSync(join(folder, ACCOUNT))) return { kind: 'missing' };
  if (!hasRoomForState(folder)) return { kind: 'full' };
  let release: (() => void) | null = null;
  try {
    release = lock(folder);
    if (!release) return { kind: 'in-use' };
    const opened = openLocked(folder);
    if (opened.kind === 'open') return { ...opened, release };
    release();
    return opened;
  } catch (error) {
    release?.();
    return { kind: 'unusable', detail: error instanceof Error ? error.message : String(error) };
  }
}

type Opened =
  | Omit<Extract<StateFolder, { kind: 'open' }>, 'release'>
  | Exclude<StateFolder, { kind: 'open' }>;

function openLocked(folder: string): Opened {
  const account = parseAccount(JSON.parse(readFileSync(join(folder, ACCOUNT), 'utf8')));
  if (account.kind === 'invalid') return { kind: 'unusable', detail: `${ACCOUNT}: ${account.why}` };
  const token = keptToken(folder, account.value);
  const path = join(folder, DATABASE);
  const existed = existsSync(path);
  const opened = openState(path);
  if (opened.kind === 'newer') return { kind: 'newer' };
  if (opened.kind === 'unusable')
    return opened.trouble === 'full' ? { kind: 'full' } : { kind: 'unusable', detail: opened.detail };
  // A file that is there and holds nothing was emptied: an empty state is no news about the folder.
  if (opened.kind === 'open' && !(existed && opened.isNew)) {
    if (opened.isNew) beginUnion(opened.db);
    return { kind: 'open', account: account.value, token, db: opened.db, setAside: null };
  }
  if (opened.kind === 'open') opened.db.close();
  const aside = `${path}.damaged-${Date.now()}`;
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  const fresh = openState(path);
  if (fresh.kind !== 'open') return { kind: 'unusable', detail: 'the state database cannot be made' };
  beginUnion(fresh.db);
  return { kind: 'open', account: account.value, token, db: fresh.db, setAside: aside };
}

/** The token beside the account, unless it is kept elsewhere. */
function keptToken(folder: string, account: Account): string | null {
  return account.keychain === true ? null : readFileSync(join(folder, TOKEN), 'utf8').trim();
}

/** Without a merge base everything is compared, and nothing is deleted. */
function beginUnion(db: Db): void {
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('union-merge', 'yes')").run();
}

/** Less than this is a full disk: enough for what the database writes between two looks at it. */
const LEAST_ROOM = 4 * 1024 * 1024;

export function hasRoomForState(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= LEAST_ROOM;
  } catch {
    // Not every file system can be asked: then it shows when something is written.
    return true;
  }
}

/** Could a state be made here? Asked before anything is sent. A folder of somebody else's is no place for a token. */
export function mayHoldState(folder: string): boolean {
  const own = process.getuid?.();
  if (own !== undefined && existsSync(folder) && statSync(folder).uid !== own) return false;
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  try {
    accessSync(at, constants.W_OK | constants.X_OK);
    return statSync(at).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Makes the folder of a new device. The token gets an owner-only file of its own, or, kept elsewhere, none. Half of it
 * is none of it.
 */
export function createStateFolder(folder: string, account: Account, token: string | null): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    if (token !== null) writeFileSync(join(folder, TOKEN), `${token}\n`, { mode: 0o600 });
    writeFileSync(join(folder, ACCOUNT), `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 });
    return true;
  } catch {
    removeStateFolder(folder);
    return false;
  }
}

/** Who the device of a state is; it may be a state of nobody. */
export function readAccount(folder: string): Account | 'unusable' {
  try {
    const account = parseAccount(JSON.parse(readFileSync(join(folder, ACCOUNT), 'utf8')));
    return account.kind === 'invalid' ? 'unusable' : account.value;
  } catch {
    return 'unusable';
  }
}

/** Gives a state folder, new or not, its device. Answers with how to undo that, or null where it could not be written. */
export function putAccount(folder: string, account: Account, token: string | null): (() => void) | null {
  if (!isLinked(folder))
    return createStateFolder(folder, account, token) ? () => removeStateFolder(folder) : null;
  const before = readAccount(folder);
  if (before === 'unusable') return null;
  const oldToken = keptToken(folder, before);
  if (replaceAccount(folder, account, token)) return () => void replaceAccount(folder, before, oldToken);
  return null;
}

/** Each file whole or not at all; the account last, since it is what makes the device another one. */
function replaceAccount(folder: string, account: Account, token: string | null): boolean {
  try {
    if (token !== null) writeFileSync(join(folder, `${TOKEN}~new`), `${token}\n`, { mode: 0o600 });
    writeFileSync(join(folder, `${ACCOUNT}~new`), `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 });
    for (const name of token === null ? [ACCOUNT] : [TOKEN, ACCOUNT])
      renameSync(join(folder, `${name}~new`), join(folder, name));
    // It was for the device of before, and is not to lie around.
    if (token === null) rmSync(join(folder, TOKEN), { force: true });
    return true;
  } catch {
    for (const name of [TOKEN, ACCOUNT]) rmSync(join(folder, `${name}~new`), { force: true });
    return false;
  }
}

/** What `createStateFolder` made; anything else in the folder stays. */
export function removeStateFolder(folder: string): void {
  for (const name of [TOKEN, ACCOUNT]) rmSync(join(folder, name), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // It holds something else.
  }
}

export function isLinked(folder: string): boolean {
  return existsSync(join(folder, ACCOUNT));
}

/** One engine per state: a lock of the database file system, which ends with the process however it ends. */
export function lock(folder: string): (() => void) | null {
  const db = new Database(join(folder, 'lock.db'), { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (one INTEGER); COMMIT; BEGIN EXCLUSIVE;');
    return () => db.close();
  } catch (error) {
    db.close();
    const isHeld = error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
    if (!isHeld) throw error;
    return null;
  }
}
