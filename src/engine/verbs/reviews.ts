/** Held batches: the default keeps the files; both answers can be undone. */
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import type { ReviewRow } from '../../ipc/review.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { restoreDeleted, separateNode } from '../executor/tree-intents.ts';
import type { Review, ReviewNode } from '../state/reviews.ts';
import { claimBase, claimNow } from './claims.ts';

export function listReviews(engine: Engine): Promise<Answer<Result<'review.list'>>> {
  return Promise.resolve(
    ok({ batches: engine.state.reviews.list().map((each) => rowOf(engine, each)), next: null }),
  );
}

function rowOf(engine: Engine, review: Review): ReviewRow {
  const { state, parts } = engine;
  const nodes = state.reviews.nodesOf(review.id);
  const paths = nodes.slice(0, 100).map((each) => each.path);
  const total = Math.max(1, state.synced.countFiles());
  return {
    id: review.id,
    what: 'delete',
    direction: review.kind === 'send-deletes' ? 'sending' : 'receiving',
    files: review.files,
    share: Math.min(1, review.files / total),
    bytes: 0,
    folder: commonFolder(nodes.map((each) => each.path)),
    paths,
    device: parts.account.device,
    user: parts.account.user,
    firstAt: review.at,
    lastAt: review.at,
    sentence: `${review.evidence}. Keeping them is the default.`,
  };
}

function commonFolder(paths: readonly string[]): string {
  let common = paths[0]?.split('/').slice(0, -1) ?? [];
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    let same = 0;
    while (same < common.length && common[same] === parts[same]) same += 1;
    common = common.slice(0, same);
  }
  return common.join('/');
}

export async function decideReview(
  engine: Engine,
  id: string,
  approve: boolean,
): Promise<Answer<Result<'review.approve'>>> {
  const { state, parts } = engine;
  const review = state.reviews.list().find((each) => each.id === id);
  if (!review) return refused('not-found');
  const nodes = state.transaction(() =>
    state.reviews.close(id, approve && review.kind.endsWith('deletes'), parts.env.clock.now()),
  );
  if (review.kind === 'zombies' || review.kind === 'unknown') await decideStrangers(engine, nodes, approve);
  else if (!approve) await bringBack(engine, review.kind === 'send-deletes', nodes);
  for (const { node } of nodes) state.frontier.add(node);
  engine.loop.progress();
  const decision = approve ? 'approved' : 'rejected';
  return ok({
    id,
    decision,
    files: review.files,
    sentence: approve
      ? `${review.files} files are removed; the trash keeps them for 30 days.`
      : `${review.files} files are kept and come back everywhere.`,
  });
}

/** Kept: what was deleted here comes down again; what others deleted lives again for everybody. */
async function bringBack(engine: Engine, sending: boolean, nodes: readonly ReviewNode[]): Promise<void> {
  const { state, context } = engine;
  for (const { node } of nodes) {
    if (sending) state.transaction(() => restoreDeleted(context, node, 'the held deletion was rejected'));
    else await claimNow(engine, (key) => ({ op: 'undelete', key, node, ...claimBase(engine) }));
  }
}

/** Files that others had deleted, or that the server forgot: rejected, they go up as new; approved, into the trash here. */
async function decideStrangers(
  engine: Engine,
  nodes: readonly ReviewNode[],
  approve: boolean,
): Promise<void> {
  const { state, context } = engine;
  if (approve) {
    for (const { node } of nodes) await trashHere(engine, node);
    return;
  }
  state.transaction(() => {
    for (const { node } of nodes) separateNode(context, node);
    state.meta.remove('union-merge');
  });
}

async function trashHere(engine: Engine, node: NodeId): Promise<void> {
  const { state, parts } = engine;
  const path = state.pathOf(node);
  const row = state.local.get(node);
  if (path === null || !row) return;
  const name = `${Math.floor(parts.env.clock.now()).toString(36)}-${node}`;
  const moved = await parts.env.disk.toTrash([{ path, name }]);
  if (moved[0]?.kind !== 'found') return;
  state.transaction(() => {
    state.trash.add({
      name,
      node,
      path,
      kind: row.kind,
      version: null,
      why: 'deleted elsewhere, confirmed by you',
      at: parts.env.clock.now(),
    });
    state.local.remove(node);
    state.synced.remove(node);
  });
}
