/** What a first sync will do, path by path, before it does anything. It never deletes. */
import { nfcKey } from '../core/names/fold.ts';
import type { MergePlan } from '../ipc/link.ts';
import { contentKey } from '../protocol/content.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { NamespaceId } from '../protocol/ids.ts';
import { RESERVED_FOLDER, type RelPath } from './environment/disk.ts';
import type { Environment } from './environment/environment.ts';
import { readMarkerIn } from './local/boundaries.ts';
import { IgnoreFiles } from './local/ignore-files.ts';
import { type Graves, type LivingFile, type RemoteFiles, readRemote } from './merge-remote.ts';
import { isUnportable, MergeTally } from './merge-tally.ts';
import type { Server } from './remote/server.ts';
import { openState } from './state/database.ts';
import { State } from './state/state.ts';

export type PlanRefused = { readonly code: ErrorCode; readonly facts: Readonly<Record<string, string>> };

/** Of the root that is to be linked. */
interface OwnRoot {
  readonly serverId: string;
  readonly namespace: NamespaceId;
}

interface LocalFile {
  readonly path: RelPath;
  readonly size: number;
  readonly kind: 'file' | 'symlink';
}

export async function planMerge(
  env: Environment,
  server: Server,
  folderExists: boolean,
  own: OwnRoot | null = null,
): Promise<MergePlan | PlanRefused> {
  const opened = openState(':memory:');
  if (opened.kind !== 'open') return { code: 'internal', facts: {} };
  try {
    const remote = await readRemote(server, new State(opened.db));
    if ('code' in remote) return remote;
    const tally = new MergeTally();
    const local = folderExists ? await listLocal(env, tally, own) : [];
    if ('code' in local) return local;
    return (await compare(env, tally, local, remote)) ?? tally.plan();
  } finally {
    opened.db.close();
  }
}

async function listLocal(
  env: Environment,
  tally: MergeTally,
  own: OwnRoot | null,
): Promise<readonly LocalFile[] | PlanRefused> {
  const ignore = new IgnoreFiles<RelPath>(
    env.disk,
    (folder) => folder,
    () => undefined,
  );
  const files: LocalFile[] = [];
  const queue: RelPath[] = [''];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    const listing = await env.disk.list(folder);
    if (listing.kind === 'failed') {
      if (folder === '') return { code: 'root-unwritable', facts: { detail: listing.detail } };
      tally.add('unseen', folder);
      continue;
    }
    if (folder !== '' && listing.entries.some(({ name }) => name === RESERVED_FOLDER)) {
      if (await isShareRoot(env, folder, own)) continue;
      return { code: 'root-nested', facts: { other: folder } };
    }
    await ignore.update(folder, folder, listing.entries);
    for (const { name, stamp } of listing.entries) {
      const path = folder === '' ? (name ?? '') : `${folder}/${name ?? ''}`;
      if (name === null || stamp.kind === 'other') tally.add('unseen', name === null ? folder : path);
      else if (ignore.isExcluded(path, stamp.kind === 'folder')) tally.excluded += 1;
      else {
        if (isUnportable(name)) tally.add('unportable', path);
        if (stamp.kind === 'folder') queue.push(path);
        else files.push({ path, size: stamp.size, kind: stamp.kind });
      }
    }
  }
  return files;
}

/** The folder of a share, from before this computer was linked again: it is no part of this one, and is taken up by itself. */
async function isShareRoot(env: Environment, folder: RelPath, own: OwnRoot | null): Promise<boolean> {
  const marker = own === null ? null : await readMarkerIn(env.disk, folder);
  return marker !== null && marker.serverId === own?.serverId && marker.namespace !== own.namespace;
}

/** Only what may be the same as something there is read. */
async function compare(
  env: Environment,
  tally: MergeTally,
  local: readonly LocalFile[],
  { living, graves }: RemoteFiles,
): Promise<PlanRefused | null> {
  const toRead: LocalFile[] = [];
  for (const file of local) {
    const there = living.get(nfcKey(file.path));
    const mayBeSame = there !== undefined && (file.kind === 'symlink' || there.size === file.size);
    if (mayBeSame || graves.mayHold(file.path)) toRead.push(file);
    else tally.add(there ? 'differ' : 'upload', file.path);
  }
  for (let i = 0; i < toRead.length; i += 256) {
    const group = toRead.slice(i, i + 256);
    const keys = await keysOf(env, group);
    for (const [at, file] of group.entries()) {
      const kind = await kindOf(file, keys[at] ?? null, living, graves);
      if (typeof kind !== 'string') return kind;
      tally.add(kind, file.path);
    }
  }
  const here = new Set(local.map((file) => nfcKey(file.path)));
  for (const [key, { path }] of living) if (!here.has(key)) tally.add('download', path);
  return null;
}

/** The same content is one file; one that was deleted at this path is asked about; all else is kept. */
async function kindOf(
  { path }: LocalFile,
  key: string | null,
  living: ReadonlyMap<string, LivingFile>,
  graves: Graves,
): Promise<'identical' | 'differ' | 'upload' | 'zombies' | PlanRefused> {
  const there = living.get(nfcKey(path));
  if (there && there.key === key) return 'identical';
  const wasHere = key === null ? false : await graves.held(path, key);
  if (typeof wasHere !== 'boolean') return wasHere;
  if (wasHere) return 'zombies';
  return there ? 'differ' : 'upload';
}

async function keysOf(env: Environment, files: readonly LocalFile[]): Promise<readonly (string | null)[]> {
  const plain = files.filter((file) => file.kind === 'file');
  const prints = await env.hashing.fingerprint(
    plain.map(({ path, size }) => ({ path, size, wantSignature: false })),
  );
  const byPath = new Map<RelPath, string>();
  plain.forEach((file, i) => {
    const print = prints[i];
    if (print?.kind !== 'fingerprint') return;
    byPath.set(
      file.path,
      contentKey({
        kind: 'file',
        manifest: print.manifestId,
        size: print.manifest.size,
        executable: print.stamp.executable,
      }),
    );
  });
  for (const file of files) {
    if (file.kind !== 'symlink') continue;
    const link = await env.disk.readLink(file.path);
    if (link.kind === 'link') byPath.set(file.path, contentKey({ kind: 'symlink', target: link.target }));
  }
  return files.map((file) => byPath.get(file.path) ?? null);
}
