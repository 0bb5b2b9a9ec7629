/** The folder that holds everything a server knows, and the lock that keeps two servers from sharing it. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { refuseHalfRestored } from './backup/restored-mark.ts';
import { systemCode } from './chunks/folder/durable-file.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';
import { NewerSchema, SCHEMA } from './metadata/sqlite-connection.ts';
import { openSqliteReader, openSqliteStore, type ReadStore } from './metadata/sqlite-store.ts';
import { Refusal } from './refusal.ts';

export interface DataFolder {
  readonly path: string;
  readonly metadata: string;
  readonly chunks: string;
  readonly keys: string;
  readonly highWater: string;
}

export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Refusal(`The data folder ${path} cannot be created or written (${reason(cause)}).`);
  }
  await refuseHalfRestored(path);
  return {
    path,
    metadata: join(path, 'metadata.sqlite'),
    chunks: join(path, 'chunks'),
    keys: join(path, 'keys'),
    highWater: join(path, 'high-water.json'),
  };
}

/** The same, of a server that has stored something there before. Throws a Refusal where none has. */
export async function existingDataFolder(path: string): Promise<DataFolder> {
  await access(join(path, 'metadata.sqlite')).catch(() => {
    throw new Refusal(`There is no server's data in ${path}.`);
  });
  return openDataFolder(path);
}

/**
 * Takes the folder for this process. The lock is the operating system's, held through an SQLite file, so it ends with
 * the process however that ends.
 */
export function lockDataFolder(folder: DataFolder): () => void {
  return lockFolder(folder.path, `Another server is running with the data in ${folder.path}.`);
}

export function lockFolder(path: string, whenTaken: string): () => void {
  let lock: Database.Database | null = null;
  try {
    lock = new Database(join(path, 'lock.sqlite'), { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    if (systemCode(cause)?.startsWith('SQLITE_BUSY')) throw new Refusal(whenTaken);
    throw new Refusal(`The folder ${path} cannot be written (${reason(cause)}).`);
  }
  const held = lock;
  return () => held.close();
}

/** Two processes may open a new database at the same time: the later one waits until the first has made it. */
const OPEN_TRIES = 20;
const OPEN_EVERY_MS = 50;

export async function openMetadataStore(folder: DataFolder): Promise<MetadataStore> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openSqliteStore(folder.metadata);
    } catch (cause) {
      if (cause instanceof NewerSchema)
        throw new Refusal(`The data in ${folder.path} was written by a newer server; update this one.`);
      if (!isBeingMade(cause) || attempt >= OPEN_TRIES)
        throw new Refusal(`The database ${folder.metadata} cannot be opened (${reason(cause)}).`);
    }
    await new Promise((resolve) => setTimeout(resolve, OPEN_EVERY_MS));
  }
}

/**
 * The store of a server that may be running, as that server made it: a newer program must not change it under its feet.
 */
export async function openPresentStore(folder: DataFolder): Promise<MetadataStore> {
  requireThisSchema(folder);
  return openMetadataStore(folder);
}

/** The same, for who only looks. */
export function openPresentReader(folder: DataFolder): ReadStore {
  requireThisSchema(folder);
  return openSqliteReader(folder.metadata);
}

function requireThisSchema(folder: DataFolder): void {
  const db = new Database(folder.metadata, { readonly: true, timeout: 5000 });
  const found = Number(db.pragma('user_version', { simple: true }));
  db.close();
  if (found < SCHEMA)
    throw new Refusal(
      `The data in ${folder.path} was written by an older server; start this one there first.`,
    );
  if (found > SCHEMA)
    throw new Refusal(`The data in ${folder.path} was written by a newer server; update this one.`);
}

function isBeingMade(cause: unknown): boolean {
  const code = systemCode(cause) ?? '';
  return code.startsWith('SQLITE_BUSY') || (cause instanceof Error && /already exists/.test(cause.message));
}

export function reason(cause: unknown): string {
  return systemCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
