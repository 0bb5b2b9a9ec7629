/** What a first sync will do, path by path, before it does anything. It never deletes. */
import type { MergePlan } from '../ipc/link.ts';
import { contentKey } from '../protocol/content.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { type NodeId, ROOT_NODE } from '../protocol/ids.ts';
import type { RelPath } from './environment/disk.ts';
import type { Environment } from './environment/environment.ts';
import { IgnoreFiles } from './local/ignore-files.ts';
import type { Server } from './remote/server.ts';
import { openState } from './state/database.ts';
import { State } from './state/state.ts';

export type PlanRefused = { readonly code: ErrorCode; readonly facts: Readonly<Record<string, string>> };

interface Tally {
  identical: number;
  upload: number;
  download: number;
  differ: number;
  excluded: number;
  unseen: number;
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
): Promise<MergePlan | PlanRefused> {
  const opened = openState(':memory:');
  if (opened.kind !== 'open') return { code: 'internal', facts: {} };
  const state = new State(opened.db);
  try {
    const remote = await readRemote(server, state);
    if ('code' in remote) return remote;
    const tally: Tally = { identical: 0, upload: 0, download: 0, differ: 0, excluded: 0, unseen: 0 };
    const local = folderExists ? await listLocal(env, tally) : [];
    if ('code' in local) return local;
    await compare(env, tally, local, remote);
    return { ...tally, lines: linesOf(tally) };
  } finally {
    opened.db.close();
  }
}

/** Live files of the server by path. */
async function readRemote(
  server: Server,
  state: State,
): Promise<Map<RelPath, { readonly key: string; readonly size: number }> | PlanRefused> {
  let continuation: string | null = null;
  do {
    const page = await server.snapshot(continuation);
    if (page.kind === 'trouble') return { code: page.code, facts: { detail: page.detail } };
    state.transaction(() => {
      for (const event of page.value.events) state.remote.fold(event);
    });
    continuation = page.value.continuation;
  } while (continuation !== null);
  const files = new Map<RelPath, { key: string; size: number }>();
  const walk = (folder: NodeId, path: RelPath): void => {
    for (const child of state.remote.children(folder)) {
      const at = path === '' ? child.name : `${path}/${child.name}`;
      if (child.kind === 'folder') walk(child.node, at);
      else if (child.head)
        files.set(at, {
          key: contentKey(child.head.content),
          size: child.head.content.kind === 'file' ? child.head.content.size : 0,
        });
    }
  };
  walk(ROOT_NODE, '');
  return files;
}

async function listLocal(env: Environment, tally: Tally): Promise<readonly LocalFile[] | PlanRefused> {
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
      tally.unseen += 1;
      continue;
    }
    await ignore.update(folder, folder, listing.entries);
    for (const { name, stamp } of listing.entries) {
      if (name === '.tidemark' && folder !== '') return { code: 'root-nested', facts: { other: folder } };
      const path = folder === '' ? (name ?? '') : `${folder}/${name ?? ''}`;
      if (name === null || stamp.kind === 'other') tally.unseen += 1;
      else if (ignore.isExcluded(path, stamp.kind === 'folder')) tally.excluded += 1;
      else if (stamp.kind === 'folder') queue.push(path);
      else files.push({ path, size: stamp.size, kind: stamp.kind });
    }
  }
  return files;
}

async function compare(
  env: Environment,
  tally: Tally,
  local: readonly LocalFile[],
  remote: Map<RelPath, { readonly key: string; readonly size: number }>,
): Promise<void> {
  const alike: LocalFile[] = [];
  for (const file of local) {
    const there = remote.get(file.path);
    if (!there) tally.upload += 1;
    else if (file.kind === 'symlink' || there.size === file.size) alike.push(file);
    else tally.differ += 1;
  }
  for (let i = 0; i < alike.length; i += 256) {
    const group = alike.slice(i, i + 256);
    const keys = await keysOf(env, group);
    group.forEach((file, at) => {
      if (keys[at] === remote.get(file.path)?.key) tally.identical += 1;
      else tally.differ += 1;
    });
  }
  const here = new Set(local.map((file) => file.path));
  for (const path of remote.keys()) if (!here.has(path)) tally.download += 1;
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

function linesOf(tally: Tally): readonly string[] {
  const say = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count.toLocaleString('en-US')} ${count === 1 ? one : many}`];
  return [
    ...say(tally.identical, 'file is the same on both sides', 'files are the same on both sides'),
    ...say(tally.upload, 'file goes up', 'files go up'),
    ...say(tally.download, 'file comes down', 'files come down'),
    ...say(tally.differ, 'file differs: both are kept', 'files differ: both are kept'),
    ...say(tally.excluded, 'path is left out by a rule', 'paths are left out by rules'),
    ...say(tally.unseen, 'path cannot be read and waits', 'paths cannot be read and wait'),
    'Nothing is deleted.',
  ];
}
