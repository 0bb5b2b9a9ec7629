/**
 * A backup while the server runs. First the database, as of one moment; then the files it names, which nobody erases
 * meanwhile. Chunks are durable before rows name them, so what the snapshot names is there.
 */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import Database from 'better-sqlite3';
import { replaceFile, systemCode } from '../chunks/folder/durable-file.ts';
import { keyPaths } from '../chunks/folder/master-key.ts';
import { type DataFolder, existingDataFolder, lockFolder, openPresentStore } from '../data-folder.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { coldFolder } from '../side-stores.ts';
import { type ChunkFolders, isOfChunks, isOfCold, pathIn } from './chunk-paths.ts';
import { type GoOn, withErasureHeld } from './erasure-hold.ts';
import { type BackupFile, type BackupManifest, DATABASE, MANIFEST, readManifest } from './manifest.ts';
import { NamedCopies } from './named-copies.ts';
import { Objects } from './objects.ts';

export interface BackupOptions {
  readonly data: string;
  readonly to: string;
  /** The key beside what it opens: whoever has the backup can then read everything. */
  readonly withMasterKey: boolean;
  /** The database alone: the chunks are in a second store. */
  readonly withoutChunks?: boolean;
}

export interface BackupDone {
  readonly files: number;
  readonly bytes: number;
  /** What was not in the place from an earlier backup. */
  readonly newFiles: number;
  readonly newBytes: number;
  /** Chunks that the store itself does not have any more. */
  readonly missing: readonly string[];
  readonly withMasterKey: boolean;
}

interface Work {
  readonly folder: DataFolder;
  readonly folders: ChunkFolders;
  readonly objects: Objects;
  readonly before: ReadonlyMap<string, BackupFile>;
  readonly goOn: GoOn;
  newFiles: number;
  newBytes: number;
}

/** Throws a Refusal, with one sentence, where it cannot be done. An earlier backup in the place stays until this one is whole. */
export async function backUp(options: BackupOptions): Promise<BackupDone> {
  const folder = await existingDataFolder(resolve(options.data));
  const to = resolve(options.to);
  if (`${to}${sep}`.startsWith(`${folder.path}${sep}`))
    throw new Refusal('A backup inside the data folder is lost with it; use another place.');
  const before = await openPlace(to);
  const unlock = lockFolder(to, `Another backup is being made in ${to}.`);
  try {
    const store = await openPresentStore(folder);
    try {
      const folders = { chunks: folder.chunks, cold: await coldFolder(store) };
      return await withErasureHeld(store, 'a backup', (goOn) => {
        const known = new Map(before?.files.map((file) => [file.path, file]));
        const work: Work = {
          folder,
          folders,
          objects: new Objects(to),
          before: known,
          goOn,
          newFiles: 0,
          newBytes: 0,
        };
        return copyAll(work, to, before, options);
      });
    } finally {
      await store.close();
    }
  } finally {
    unlock();
  }
}

async function openPlace(to: string): Promise<BackupManifest | null> {
  await mkdir(to, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new Refusal(
      `The place ${to} cannot be created or written (${systemCode(cause) ?? String(cause)}).`,
    );
  });
  const ours = new Set(['objects', 'lock.sqlite', `.${MANIFEST}.new`]);
  const manifest = await readManifest(to);
  if (manifest === null && (await readdir(to)).some((name) => !ours.has(name)))
    throw new Refusal(
      `There is something else in ${to}; give an empty place, or one with an earlier backup.`,
    );
  return manifest;
}

async function copyAll(
  work: Work,
  to: string,
  before: BackupManifest | null,
  { withMasterKey, withoutChunks = false }: BackupOptions,
): Promise<BackupDone> {
  const snapshot = await work.objects.staged();
  try {
    snapshotInto(work.folder.metadata, snapshot);
    const named = new NamedCopies(snapshot);
    try {
      const standing = named.standing();
      if (before !== null && before.serverId !== standing.serverId)
        throw new Refusal(`${to} holds the backup of another server; use another place.`);
      if (!withoutChunks) requireCold(work, named);
      const files = await copyFiles(work, snapshot, withoutChunks ? [] : named.files(), withMasterKey);
      const byPath = new Map(files.map(({ path, hash }) => [path, hash]));
      const absent = await named.absent((file) => {
        const hash = byPath.get(file);
        return hash === undefined ? null : work.objects.pathOf(hash);
      });
      const missing = withoutChunks ? [] : absent.map(({ id }) => id);
      const part = withoutChunks ? { withoutChunks: true } : {};
      const manifest = {
        version: 1,
        at: realClock.now(),
        ...standing,
        ...part,
        missing: absent.length,
        files,
      };
      await replaceFile(join(to, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
      await work.objects.keepOnly(new Set(byPath.values()), snapshot);
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      const { newFiles, newBytes } = work;
      return { files: files.length, bytes, newFiles, newBytes, missing, withMasterKey };
    } finally {
      named.close();
    }
  } finally {
    await rm(snapshot, { force: true });
  }
}

/** A backup that lacks what is in the cold store would look whole. */
function requireCold({ folders: { cold } }: Work, named: NamedCopies): void {
  if (cold?.kind !== 'away' || !named.files().some(isOfCold)) return;
  throw new Refusal(
    `The cold store ${cold.folder} is not there, and a part of the old versions is in it. Is its disk mounted?`,
  );
}

/** One read transaction, whoever writes meanwhile. */
function snapshotInto(database: string, target: string): void {
  const db = new Database(database, { readonly: true, timeout: 5000 });
  try {
    db.prepare('VACUUM INTO ?').run(target);
  } finally {
    db.close();
  }
}

async function copyFiles(
  work: Work,
  snapshot: string,
  chunkFiles: readonly string[],
  withMasterKey: boolean,
): Promise<readonly BackupFile[]> {
  const files: BackupFile[] = [];
  const take = async (path: string, from: string) => {
    await work.goOn();
    const file = await copyOne(work, path, from);
    if (file !== null) files.push(file);
  };
  await take(DATABASE, snapshot);
  const keys = keyPaths(work.folder.keys);
  await take('keys/check.json', keys.check);
  if (withMasterKey) await take('keys/master.key', keys.master);
  for (const file of chunkFiles) await take(file, pathIn(work.folders, file) ?? '');
  return files;
}

/** Null: there is no such file. What is copied is read back. */
async function copyOne(work: Work, path: string, from: string): Promise<BackupFile | null> {
  const found = await stat(from).catch(() => null);
  if (found === null) return null;
  const known = work.before.get(path);
  // A file of one chunk is never written again, and a segment not without a new time.
  const isSame = isOfChunks(path) && known?.size === found.size && known.mtimeMs === found.mtimeMs;
  if (isSame && (await work.objects.isWhole(known))) return known;
  const copied = await work.objects.add(from);
  if (copied === null) return null;
  const { hash, size, isNew } = copied;
  if (!(await work.objects.isWhole(copied)))
    throw new Refusal('The place of the backup does not keep what is written to it; use another disk.');
  if (isNew) {
    work.newFiles += 1;
    work.newBytes += size;
  }
  // It may have grown since it was looked at: then it is not the file of this time, and is read again by the next backup.
  return { path, hash, size, mtimeMs: size === found.size ? found.mtimeMs : null };
}
