/**
 * The verbs over all namespaces of the user. What is asked by path is answered by the engine of the share it is in, what is
 * asked by id by the one that it belongs to, and lists hold what all of them have. Below this every verb knows one
 * namespace and nothing of the others.
 */
import { type Answer, type Call, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { findConflict } from '../verbs/conflicts.ts';
import type { EngineVerbs, RoutedMethod } from '../verbs/engine-verbs.ts';
import { HERE } from '../verbs/trash.ts';
import { plural } from '../verbs/words.ts';
import { type Asked, askIn } from './ask-in.ts';
import { routedLists } from './routed-lists.ts';
import type { Surface, Surfaces } from './surfaces.ts';
import { activityId, activityOfId, batchId, batchOfId } from './told-apart.ts';

export function routedVerbs(surfaces: Surfaces): EngineVerbs {
  const route = new Route(surfaces);
  const one =
    <M extends RoutedMethod>(method: M, find: (params: Params<M>) => Answer<Asked<Params<M>>>) =>
    async (params: Params<M>, call: Call): Promise<Answer<Result<M>>> => {
      const found = find(params);
      return found.kind === 'refused' ? found : askIn(method, found.value, call);
    };
  return {
    ...routedLists(surfaces),
    'conflicts.show': one('conflicts.show', (params) => route.byConflict(params)),
    'conflicts.resolve': one('conflicts.resolve', (params) => route.byConflict(params)),
    'conflicts.undo': one('conflicts.undo', (params) => route.byConflict(params)),
    history: one('history', (params) => route.byName(params)),
    cat: one('cat', (params) => route.byName(params)),
    label: one('label', (params) => route.byName(params)),
    restore: one('restore', (params) => route.byName(params)),
    'retention.get': one('retention.get', (params) => route.bySpace(params)),
    'retention.set': one('retention.set', (params) => route.bySpace(params)),
    hold: one('hold', (params) => route.byPath(params)),
    'trash.restore': (params, call) => restoreTrash(surfaces, params, call),
    'moment.plan': one('moment.plan', (params) => route.byFolder(params)),
    'moment.restore': one('moment.restore', (params) => route.byFolder(params)),
    'review.files': one('review.files', (params) => route.byReview(params)),
    'review.approve': one('review.approve', (params) => route.byReview(params)),
    'review.reject': one('review.reject', (params) => route.byReview(params)),
    explain: one('explain', (params) => route.byFile(params)),
    repair: (params, call) => repair(surfaces, params, call),
    'ignore.get': one('ignore.get', (params) => route.byFolder(params)),
    'ignore.preview': one('ignore.preview', (params) => route.byFolder(params)),
    'ignore.set': one('ignore.set', (params) => route.byFolder(params)),
    'folders.list': one('folders.list', (params) => route.byFolder(params)),
    'folders.remove': one('folders.remove', (params) => route.byFile(params)),
    'folders.bring': one('folders.bring', (params) => route.byFile(params)),
    'activity.undo': (params, call) => undoActivity(surfaces, params, call),
    'problems.remedy': one('problems.remedy', (params) =>
      // Of a share that has gone: another may stand at its path by now.
      params.remedy === 'dismiss' ? ok({ surface: surfaces.root, params }) : route.byPath(params),
    ),
  };
}

/** By what the params name, who is asked. */
class Route {
  readonly #surfaces: Surfaces;

  constructor(surfaces: Surfaces) {
    this.#surfaces = surfaces;
  }

  byPath<P extends { readonly path: string }>(params: P): Answer<Asked<P>> {
    const placed = this.#surfaces.at(params.path);
    if (placed.kind === 'refused') return placed;
    const { surface, below } = placed.value;
    return ok({ surface, params: { ...params, path: below } });
  }

  byFolder<P extends { readonly folder: string }>(params: P): Answer<Asked<P>> {
    const placed = this.#surfaces.at(params.folder);
    if (placed.kind === 'refused') return placed;
    const { surface, below } = placed.value;
    return ok({ surface, params: { ...params, folder: below } });
  }

  /** Of something in it: the folder of a share is nobody's file. */
  byFile<P extends { readonly path: string }>(params: P): Answer<Asked<P>> {
    const found = this.byPath(params);
    return found.kind === 'ok' && found.value.params.path === ''
      ? refused('share-folder', { file: params.path })
      : found;
  }

  /** Of the space that a path is in; the user's own without one. */
  bySpace<P extends { readonly path?: string | undefined }>(params: P): Answer<Asked<P>> {
    return this.byPath({ ...params, path: params.path ?? '' });
  }

  byName<P extends { readonly path?: string | undefined } | { readonly node?: string | undefined }>(
    params: P,
  ): Answer<Asked<P>> {
    const path = 'path' in params ? params.path : undefined;
    const node = 'node' in params ? params.node : undefined;
    if (path !== undefined) return this.byFile({ ...params, path });
    const surface = node === undefined ? this.#surfaces.root : owningNode(this.#surfaces, parseNodeId(node));
    return ok({ surface, params });
  }

  byConflict<P extends { readonly id: string }>(params: P): Answer<Asked<P>> {
    const surface = this.#surfaces.owning((engine) => findConflict(engine, params.id) !== null);
    return ok({ surface, params });
  }

  byReview<P extends { readonly id: string }>(params: P): Answer<Asked<P>> {
    return ok({ surface: this.#surfaces.owning(({ state }) => state.reviews.has(params.id)), params });
  }
}

function owningNode(surfaces: Surfaces, node: NodeId): Surface {
  return surfaces.owning(({ state }) => state.remote.get(node) !== null || state.local.get(node) !== null);
}

async function restoreTrash(
  surfaces: Surfaces,
  params: Params<'trash.restore'>,
  call: Call,
): Promise<Answer<Result<'trash.restore'>>> {
  if ('id' in params) {
    const surface = surfaces.owning((engine) => isInTrashOf(engine, params.id));
    return askIn('trash.restore', { surface, params }, call);
  }
  const found = batchOfId(surfaces, params.batch);
  if (found.kind === 'refused') return found;
  const { surface, id } = found.value;
  const done = await askIn('trash.restore', { surface, params: { batch: id } }, call);
  return done.kind === 'ok' ? ok({ ...done.value, id: batchId(surface, done.value.id) }) : done;
}

function isInTrashOf({ state }: Engine, id: string): boolean {
  if (id.startsWith(HERE)) return state.trash.get(id.slice(HERE.length)) !== null;
  try {
    return state.remote.get(parseNodeId(id)) !== null;
  } catch {
    return false;
  }
}

async function undoActivity(
  surfaces: Surfaces,
  params: Params<'activity.undo'>,
  call: Call,
): Promise<Answer<Result<'activity.undo'>>> {
  const found = activityOfId(surfaces, params.id);
  if (found.kind === 'refused') return found;
  const { surface, id } = found.value;
  const done = await askIn('activity.undo', { surface, params: { id } }, call);
  return done.kind === 'ok' ? ok({ ...done.value, id: activityId(surfaces, surface, id) }) : done;
}

/** One folder or file where it is; the journals of all of them. */
async function repair(
  surfaces: Surfaces,
  params: Params<'repair'>,
  call: Call,
): Promise<Answer<Result<'repair'>>> {
  if ('replay' in params) return replayAll(surfaces, params, call);
  const path = 'surface' in params ? params.surface : params.file;
  const placed = surfaces.at(path);
  if (placed.kind === 'refused') return placed;
  const { surface, below } = placed.value;
  if ('surface' in params) return askIn('repair', { surface, params: { surface: below } }, call);
  if (below === '') return refused('share-folder', { file: path });
  return askIn('repair', { surface, params: { file: below } }, call);
}

async function replayAll(
  surfaces: Surfaces,
  params: Params<'repair'>,
  call: Call,
): Promise<Answer<Result<'repair'>>> {
  const [root, ...shares] = surfaces.all();
  const own = await askIn('repair', { surface: root ?? surfaces.root, params }, call);
  if (own.kind === 'refused' || shares.length === 0) return own;
  let { checked, found } = own.value;
  for (const surface of shares) {
    const each = await askIn('repair', { surface, params }, call);
    if (each.kind === 'refused') return each;
    checked += each.value.checked;
    found += each.value.found;
  }
  const differs = found === 0 ? 'nothing differs' : `${plural(found, 'path')} differ and are put right`;
  const sentence = `The server was read again, with ${plural(shares.length, 'share')}: ${differs}.`;
  return ok({ ...own.value, checked, found, sentence });
}
