/** A folder's tree of then, from the server, beside today's. */
import type { MomentTrees, ThenNode } from '../../core/moment/plan-moment.ts';
import { type Answer, ok, type Params, refused } from '../../ipc/contract.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { MomentNode } from '../../protocol/routes.ts';
import type { Engine } from '../engine.ts';
import { pathNow } from './conflict-sides.ts';
import { noServer, unanswered } from './no-server.ts';
import { refusedBy } from './refused-by.ts';

export interface Gathered {
  readonly folder: NodeId;
  /** Where the folder stands, or stood last. */
  readonly path: string;
  readonly trees: MomentTrees;
  /** Path of then, below where the folder is today. */
  readonly pathThen: (node: NodeId) => string;
  /** Everything up to this change is in today's tree. */
  readonly seq: number;
}

export async function gatherMoment(
  engine: Engine,
  { folder: path, at }: Pick<Params<'moment.plan'>, 'folder' | 'at'>,
): Promise<Answer<Gathered>> {
  const { state, parts, context } = engine;
  const cut = noServer(engine);
  if (cut) return cut;
  if (at > parts.env.clock.now())
    return refused('no-moment', { file: shown(path), detail: 'that moment is still to come' });
  const candidates = await foldersAt(engine, path);
  if (candidates.kind === 'refused') return candidates;
  let why = 'it was not there yet, or not any more';
  for (const folder of candidates.value) {
    const then = await readThen(engine, folder, at);
    if (then.kind === 'refused') return then;
    if (then.value === 'too-old') why = 'the server does not keep track that far back';
    if (typeof then.value === 'string') continue;
    if (!(await context.catchUp())) return unanswered(engine);
    return ok(gathered(engine, folder, then.value));
  }
  return refused('no-moment', { file: shown(path), detail: why });

  function shown(text: string): string {
    return text === '' && engine.shown('') === '' ? state.nameOf(ROOT_NODE) || 'The folder' : text;
  }
}

/** The folder that stands at the path; if none does, those that stood there, the latest first. */
async function foldersAt(engine: Engine, path: string): Promise<Answer<readonly NodeId[]>> {
  if (path === '') return ok([ROOT_NODE]);
  const found = await engine.server.lookup(path);
  if (found.kind === 'trouble') return refusedBy(engine, found);
  const { nodes } = found.value;
  const live = nodes.find(({ entry }) => entry.live);
  const folders = live ? [live] : nodes;
  const ids = folders.filter(({ kind }) => kind === 'folder').map(({ node }) => node);
  if (ids.length > 0) return ok(ids);
  return live
    ? refused('no-moment', { file: path, detail: 'it is no folder; its versions are in its history' })
    : refused('not-found', { file: path });
}

interface Then {
  readonly nodes: readonly ThenNode[];
  /** Files that were there and cannot return. */
  readonly gone: number;
}

async function readThen(
  engine: Engine,
  folder: NodeId,
  at: number,
): Promise<Answer<Then | 'too-old' | 'not-there'>> {
  const found: ThenNode[] = [];
  let gone = 0;
  let continuation: string | null = null;
  do {
    const page = await engine.server.moment(folder, at, continuation);
    if (page.kind === 'trouble') return refusedBy(engine, page);
    if (page.value.kind === 'unknown') return ok(page.value.why);
    const nodes = page.value.nodes.filter((each) => each.gone !== true);
    gone += page.value.nodes.filter((each) => each.gone === true && each.below).length;
    found.push(...nodes.map(thenNode));
    continuation = page.value.continuation;
  } while (continuation !== null);
  return ok({ nodes: found, gone });
}

function thenNode({ node, kind, parent, name, below, head }: MomentNode): ThenNode {
  const { version, number, content } = head ?? {};
  const known = version !== undefined && number !== undefined && content !== undefined;
  return { node, kind, parent, name, below, head: known ? { version, number, content } : null };
}

function gathered(engine: Engine, folder: NodeId, then: Then): Gathered {
  const { remote, meta } = engine.state;
  const path = folder === ROOT_NODE ? '' : pathNow(engine, folder);
  const byNode = new Map(then.nodes.map((each) => [each.node, each]));
  const known = new Map<NodeId, string>([[folder, path]]);
  const pathThen = (node: NodeId): string => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const each = byNode.get(node);
    const above = each ? pathThen(each.parent) : '';
    const made = above === '' ? (each?.name ?? '') : `${above}/${each?.name ?? ''}`;
    known.set(node, made);
    return made;
  };
  const now = remote.get(folder);
  // A folder that is gone returns to where it stood.
  const itself: readonly ThenNode[] =
    now && !now.live
      ? [{ node: folder, kind: 'folder', parent: now.parent, name: now.name, below: true, head: null }]
      : [];
  return {
    folder,
    path,
    trees: {
      was: [...itself, ...then.nodes],
      gone: then.gone,
      now: (node) => remote.get(node),
      liveBelow: now?.live === false ? [] : remote.liveBelow(folder),
    },
    pathThen,
    seq: meta.cursor()?.seq ?? 0,
  };
}
