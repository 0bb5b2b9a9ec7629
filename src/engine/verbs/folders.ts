/** Which folders are on this computer and which stay online; bringing one down. Removing one: `folder-removal.ts`. */
import { pathIn } from '../../core/names/path-parts.ts';
import { isAway } from '../../core/planner/away.ts';
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import type { FolderRow } from '../../ipc/selection.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';

export async function listFolders(engine: Engine, path: string): Promise<Answer<Result<'folders.list'>>> {
  const { state } = engine;
  const folder = path === '' ? ROOT_NODE : state.remoteNodeAt(path);
  if (folder === null || (folder !== ROOT_NODE && state.remote.get(folder)?.kind !== 'folder'))
    return refused('not-found', { file: path });
  const counts = state.selection.counts(folder);
  const folders = state.remote
    .children(folder)
    .filter(({ kind }) => kind === 'folder')
    .map(({ node, name }): FolderRow => {
      const below = counts.get(node) ?? { files: 0, bytes: 0, hasFolders: false };
      return {
        node,
        path: pathIn(path, name),
        name,
        ...below,
        place: placeOf(engine, node),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return ok({ folders });
}

function placeOf(engine: Engine, folder: NodeId): FolderRow['place'] {
  const { state, context } = engine;
  if (engine.ready && isAway(context.view, folder)) {
    const stands = state.local.get(folder) !== null && state.local.hasChildren(folder);
    return stands ? 'partly' : 'online';
  }
  const isAbove = state.online.folders().some((each) => standsIn(engine, each, folder));
  return isAbove ? 'partly' : 'here';
}

/** Is the folder below another one on the server, and alive? */
export function standsIn({ state }: Engine, node: NodeId, folder: NodeId): boolean {
  if (state.remote.get(node)?.live !== true) return false;
  for (let at = node, steps = 0; at !== ROOT_NODE && steps < 1024; steps += 1) {
    if (at === folder) return true;
    const row = state.remote.get(at);
    if (!row) return false;
    at = row.parent;
  }
  return false;
}

export async function bringFolder(engine: Engine, path: string): Promise<Answer<Result<'folders.bring'>>> {
  const { state, context } = engine;
  if (!engine.ready) return refused('unavailable');
  const folder = state.remoteNodeAt(path);
  if (folder === null || state.remote.get(folder)?.kind !== 'folder')
    return refused('not-found', { file: path });
  const { parent } = state.remote.get(folder) ?? { parent: ROOT_NODE };
  if (isAway(context.view, parent))
    return refused('in-online-folder', { file: path, other: awayAbove(engine, parent) });
  const marks = state.online.folders().filter((each) => standsIn(engine, each, folder));
  const coming = state.remote.liveBelow(folder);
  const files = coming.filter((each) => each.kind !== 'folder' && !state.local.get(each.node)).length;
  if (marks.length > 0) {
    state.transaction(() => {
      for (const each of marks) state.online.unmark(each);
      context.record(folder, 'comes down', 'brought to this computer by the user', path);
    });
    for (const node of [folder, ...coming.map((each) => each.node)]) state.frontier.add(node);
  }
  const sentence =
    marks.length === 0
      ? `${engine.shown(path)} is on this computer already.`
      : `${engine.shown(path)} comes down: ${files} file${files === 1 ? '' : 's'}.`;
  return ok({ path, files, sentence });
}

function awayAbove({ state }: Engine, folder: NodeId): string {
  for (let at = folder; at !== ROOT_NODE; at = state.remote.get(at)?.parent ?? ROOT_NODE)
    if (state.online.has(at)) return state.remotePathOf(at) ?? '';
  return '';
}
