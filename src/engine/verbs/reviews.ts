/** Deciding about held batches: the default keeps the files; both answers can be undone. */

import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { trashName } from '../executor/keep-in-trash.ts';
import { putBack } from '../executor/put-back.ts';
import { restoreDeleted, separateNode } from '../executor/tree-intents.ts';
import type { Approval, Review, ReviewKind, ReviewNode } from '../state/reviews.ts';
import { claimBase, claimTogether } from './claims.ts';
import { noServer } from './no-server.ts';
import { heldFiles } from './review-rows.ts';

const BATCH = 500;
/** Kinds whose files come back from the server. */
const FROM_SERVER: ReadonlySet<ReviewKind> = new Set(['apply-deletes', 'send-overwrites']);

/** A batch may have grown since it was looked at: a yes is for what was seen. */
export async function approveReview(
  engine: Engine,
  { id, files }: Params<'review.approve'>,
): Promise<Answer<Result<'review.approve'>>> {
  const review = engine.state.reviews.list().find((each) => each.id === id);
  const held = review ? heldFiles(engine, review) : 0;
  if (files !== undefined && held > files) return refused('review-grew', { count: held });
  return decideReview(engine, id, true);
}

export async function decideReview(
  engine: Engine,
  id: string,
  approve: boolean,
): Promise<Answer<Result<'review.approve'>>> {
  const { state, parts } = engine;
  const review = state.reviews.list().find((each) => each.id === id);
  if (!review) return refused('not-found');
  // What is brought back comes from the server: without it nothing is decided.
  const cut = FROM_SERVER.has(review.kind) && !approve ? noServer(engine) : null;
  if (cut) return cut;
  if (review.kind === 'send-overwrites' && !approve) {
    if (!(await engine.context.rootIsOurs())) return refused('root-gone', { file: parts.account.folder });
    await putBack(
      engine.context,
      state.reviews.nodesOf(id).map((each) => each.node),
    );
  }
  const approval = approve ? approvalOf(review.kind) : null;
  const nodes = state.transaction(() => state.reviews.close(id, approval, parts.env.clock.now()));
  if (review.kind === 'zombies' || review.kind === 'unknown') await decideStrangers(engine, nodes, approve);
  else if (!approve && approvalOf(review.kind) === 'delete')
    await bringBack(engine, review.kind === 'send-deletes', nodes);
  for (const { node } of nodes) state.frontier.add(node);
  engine.loop.progress();
  const decision = approve ? 'approved' : 'rejected';
  return ok({ id, decision, files: review.files, sentence: sentenceOf(review, approve) });
}

/** What a yes to the batch is remembered as; strangers are dealt with at once. */
function approvalOf(kind: ReviewKind): Approval | null {
  switch (kind) {
    case 'send-deletes':
    case 'apply-deletes':
      return 'delete';
    case 'send-overwrites':
      return 'overwrite';
    case 'zombies':
    case 'unknown':
      return null;
  }
}

function sentenceOf({ kind, files }: Review, approve: boolean): string {
  if (kind === 'send-overwrites')
    return approve
      ? `${files} files are sent as they are; the contents from before stay in their history.`
      : `${files} files get their contents from before; the trash keeps what stood there for 30 days.`;
  return approve
    ? `${files} files are removed; the trash keeps them for 30 days.`
    : `${files} files are kept and come back everywhere.`;
}

/** Kept: what was deleted here comes down again; what others deleted lives again for everybody. */
async function bringBack(engine: Engine, sending: boolean, nodes: readonly ReviewNode[]): Promise<void> {
  const { state, context } = engine;
  if (!sending) {
    await undelete(
      engine,
      nodes.map((each) => each.node),
    );
    return;
  }
  state.transaction(() => {
    for (const { node } of nodes) restoreDeleted(context, node, 'the held deletion was rejected');
  });
}

/** Folders first, from the top: what returns before its folder would return to somewhere else. */
async function undelete(engine: Engine, nodes: readonly NodeId[]): Promise<void> {
  const { state } = engine;
  const isDead = (node: NodeId) => state.remote.get(node)?.live === false;
  const levels: Set<NodeId>[] = [];
  for (const node of nodes) {
    const chain: NodeId[] = [];
    for (let at: NodeId | undefined = node; at !== undefined && isDead(at) && chain.length < 1024; )
      at = state.remote.get(chain[chain.push(at) - 1] ?? at)?.parent;
    chain.reverse().forEach((each, depth) => {
      levels[depth] ??= new Set();
      levels[depth].add(each);
    });
  }
  for (const level of levels) {
    const dead = [...level].filter(isDead);
    for (let i = 0; i < dead.length; i += BATCH)
      await claimTogether(
        engine,
        dead
          .slice(i, i + BATCH)
          .map((node) => (key) => ({ op: 'undelete', key, node, ...claimBase(engine, node) }) as const),
      );
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
  const name = trashName(parts.env, node);
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
