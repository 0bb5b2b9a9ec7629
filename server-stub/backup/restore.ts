/** Back from a backup, into an empty place. The database comes last, and a mark keeps everybody out until it has. */
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { flushFolder, replaceFile, systemCode } from '../chunks/folder/durable-file.ts';
import { masterKeyOf } from '../chunks/folder/key-wrapper.ts';
import { type MasterKeySource, openMasterKey } from '../chunks/folder/master-key.ts';
import { reason } from '../data-folder.ts';
import { SCHEMA } from '../metadata/sqlite-connection.ts';
import { checkApart } from '../options.ts';
import { Refusal } from '../refusal.ts';
import { markFolder } from '../replication/side-folder.ts';
import type { ColdFolder } from '../side-stores.ts';
import { type ChunkFolders, isOfChunks, isOfCold, pathIn } from './chunk-paths.ts';
import { type BackupFile, type BackupManifest, DATABASE, readManifest } from './manifest.ts';
import { NamedCopies } from './named-copies.ts';
import { copyHashed, Objects } from './objects.ts';
import { writeRestoredMark } from './restored-mark.ts';

export interface RestoreOptions {
  readonly from: string;
  readonly data: string;
  /** Where the server that is started later finds its master key. */
  readonly masterKey: MasterKeySource;
  /** A file that is to become the master key in the data folder; null: the one of the backup, or none. */
  readonly keyFile: string | null;
  /** An empty folder that becomes the cold store, where the backup holds what was in one. */
  readonly cold?: string;
}

export interface RestoreDone {
  readonly files: number;
  readonly bytes: number;
  readonly at: number;
  readonly namespaces: number;
  readonly missing: number;
  /** The chunks are to be brought back from a second store. */
  readonly withoutChunks: boolean;
}

/** Throws a Refusal where it cannot be done; then nothing can be started from what is in the place. */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreDone> {
  const from = resolve(options.from);
  const data = resolve(options.data);
  const manifest = await readManifest(from);
  if (manifest === null) throw new Refusal(`There is no whole backup in ${from}.`);
  if (manifest.schema > SCHEMA)
    throw new Refusal(`The backup in ${from} was made by a newer server; update this one.`);
  const cold = coldOf(options, manifest);
  await openEmpty(data);
  const coldId = cold === null ? null : await markFolder(cold, 'cold');
  const objects = new Objects(from);
  await writeRestoredMark(data, 'under-way', manifest.at);
  const first = manifest.files.filter(({ path }) => path.startsWith('keys/'));
  for (const file of first) await bringBack(objects, join(data, file.path), file);
  await checkKey(options, data, manifest);
  for (const file of manifest.files)
    if (!first.includes(file)) await bringBack(objects, placeOf(data, cold, file), file);
  const database = join(data, `${DATABASE}.restoring`);
  const coldThere: ColdFolder | null = cold === null ? null : { kind: 'there', folder: cold };
  const folders = { chunks: join(data, 'chunks'), cold: coldThere };
  const missing = await lookThrough(database, folders, manifest);
  if (manifest.withoutChunks !== true)
    nameCold(database, cold === null || coldId === null ? null : { folder: cold, id: coldId });
  await rename(join(data, `${DATABASE}.restoring`), join(data, DATABASE));
  await flushFolder(data);
  await writeRestoredMark(data, 'done', manifest.at);
  const { files, namespaces, at, withoutChunks = false } = manifest;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { files: files.length, bytes, at, namespaces: namespaces.length, missing, withoutChunks };
}

/** Where what was in a cold store goes; null: there was none, or nothing in it. */
function coldOf({ data, cold }: RestoreOptions, { files }: BackupManifest): string | null {
  if (!files.some(({ path }) => isOfCold(path))) return null;
  if (cold === undefined)
    throw new Refusal('A part of the backup was in a cold store: give an empty folder for it with --cold.');
  checkApart({ data, cold });
  return resolve(cold);
}

function placeOf(data: string, cold: string | null, { path }: BackupFile): string {
  if (isOfCold(path) && cold !== null) return join(cold, ...path.split('/').slice(1));
  return join(data, path === DATABASE ? `${path}.restoring` : path);
}

/** The restored server has a cold store of its own: the one before may still be in use. */
function nameCold(database: string, cold: { readonly folder: string; readonly id: string } | null): void {
  const db = new Database(database);
  try {
    db.prepare("DELETE FROM sites WHERE name = 'cold'").run();
    db.prepare("DELETE FROM erasures WHERE site = 'cold'").run();
    if (cold !== null)
      db.prepare("INSERT INTO sites (name, id, whole, folder) VALUES ('cold', ?, 0, ?)").run(
        cold.id,
        cold.folder,
      );
  } finally {
    db.close();
  }
}

async function openEmpty(data: string): Promise<void> {
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    if ((await readdir(data)).length === 0) return;
  } catch (cause) {
    throw new Refusal(`The data folder ${data} cannot be created or written (${reason(cause)}).`);
  }
  throw new Refusal(
    `${data} is not empty. A backup is restored into an empty place only; nothing was changed.`,
  );
}

/** Before anything large is copied: without the right key all of it would be for nothing. */
async function checkKey(options: RestoreOptions, data: string, manifest: BackupManifest): Promise<void> {
  const { masterKey, keyFile } = options;
  const keys = join(data, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  if (keyFile !== null) {
    const text = await readFile(keyFile, 'utf8').catch((cause: unknown) => {
      throw new Refusal(`The master key ${keyFile} cannot be read (${systemCode(cause) ?? String(cause)}).`);
    });
    if (masterKeyOf(text) === null)
      throw new Refusal(`The master key ${keyFile} is not a Tidemark master key.`);
    await replaceFile(join(keys, 'master.key'), text);
  } else if (masterKey.kind === 'folder' && !manifest.files.some(({ path }) => path === 'keys/master.key'))
    throw new Refusal(
      'The master key is not in this backup, and without it nothing can be read: give it with --master-key FILE.',
    );
  // A server that never stored anything has no check yet: then there is nothing that could be closed.
  await openMasterKey(
    keys,
    manifest.files.some(({ path }) => isOfChunks(path)),
    masterKey,
  );
}

async function bringBack(objects: Objects, to: string, file: BackupFile): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const copied = await copyHashed(objects.pathOf(file.hash), to);
  if (copied?.hash === file.hash && copied.size === file.size) return;
  const what = copied === null ? 'is missing' : 'is not what it was';
  throw new Refusal(
    `${file.path} ${what} in the backup. Use another one; what was restored so far is no server.`,
  );
}

/** How many chunks are not there: never more than when the backup was made. */
async function lookThrough(
  database: string,
  folders: ChunkFolders,
  manifest: BackupManifest,
): Promise<number> {
  const named = new NamedCopies(database);
  try {
    const { length } = await named.absent((file) => pathIn(folders, file));
    if (length > manifest.missing)
      throw new Refusal('Files that the backup names are not in it. Use another one.');
    return length;
  } finally {
    named.close();
  }
}
