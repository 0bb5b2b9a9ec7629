/** Corrections of our own trees: they need neither disk nor server. */

import { nfcKey } from '../../core/names/fold.ts';
import type { TreeIntent } from '../../core/planner/intents.ts';
import { type LocalNode, type Place, samePlace } from '../../core/tree/nodes.ts';
import { assertNever } from '../../protocol/assert-never.ts';
import { sameContent } from '../../protocol/content.ts';
import { type NodeId, parseNodeId, ROOT_NODE, uuidV7 } from '../../protocol/ids.ts';
import type { State } from '../state/state.ts';
import type { Context } from './context.ts';

/** Applies one correction. Called inside a transaction; the node is decided again afterwards. */
export function applyTreeIntent(context: Context, intent: TreeIntent): void {
  const { state } = context;
  switch (intent.kind) {
    case 'adopt':
      adopt(context, intent.node);
      break;
    case 'bind':
      bind(context, intent.node, intent.to);
      break;
    case 'forget':
      for (const node of [...goneWith(context, intent.node), intent.node]) forget(context, node);
      break;
    case 'drop-delete':
      restoreDeleted(context, intent.node, intent.rule);
      break;
    case 'drop-move':
      dropMove(context, intent.node, intent.rule);
      break;
    case 'leave':
      leave(context, intent.node, intent.rule);
      break;
    case 'rejoin':
      state.local.setCondition(intent.node, 'seen');
      break;
    case 'stay':
      stay(context, intent.node, intent.rule);
      break;
    default:
      assertNever(intent);
  }
  state.frontier.add(intent.node);
}

function forget(context: Context, node: NodeId): void {
  const { state } = context;
  asItStands(context, state.synced.get(node));
  state.synced.remove(node);
  state.online.settle(node);
  state.reviews.forgetApproval(node);
  endLoan(state, node);
  state.forgetSuccessor(node);
}

/**
 * A copy that was moved over its original here is no more. What was agreed on because the copy held it is the user's choice
 * by now, and stays an edit when nothing is left to tell so.
 */
export function endLoan(state: State, copy: NodeId): void {
  const original = state.successorOf(copy);
  const synced = original && state.synced.get(original);
  if (synced?.lent === copy) state.synced.put({ ...synced, content: null, lent: null });
}

/** What was in it, is gone on both sides as well, and rests or is under way: left alone it would be in no folder. */
function goneWith({ state }: Context, node: NodeId): readonly NodeId[] {
  if (state.synced.get(node)?.kind !== 'folder') return [];
  const below = state.synced.below(node).map((row) => row.node);
  return below.filter((each) => state.local.get(each) === null && state.remote.get(each)?.live !== true);
}

function adopt(context: Context, node: NodeId): void {
  const { state } = context;
  const local = state.local.get(node);
  const remote = state.remote.get(node);
  if (!local || !remote) return;
  const synced = state.synced.get(node);
  const place = samePlace(local, remote) ? remote : (synced ?? agreedPlace(local, remote));
  const old = synced ?? { version: null, content: null, stamp: '' };
  const equal = remote.head !== null && sameContent(local.content, remote.head.content);
  const content = equal ? local.content : old.content;
  // A clean file whose head moved to equal content: the version is the head's although nothing is hashed anew.
  const sameAsBase = !equal && remote.head !== null && sameContent(remote.head.content, old.content);
  const version = equal || sameAsBase ? (remote.head?.version ?? null) : old.version;
  const isAgreed = local.kind === 'folder' || sameContent(local.content, content);
  state.synced.put({
    node,
    kind: local.kind,
    parent: place.parent,
    name: place.name,
    entryRev: place.entryRev,
    version,
    content,
    stamp: isAgreed ? local.stamp : old.stamp,
    lent: equal || sameAsBase ? null : (synced?.lent ?? null),
  });
  if (!synced || !samePlace(synced, place)) {
    asItStands(context, synced);
    asItStands(context, local);
  }
  if (isAgreed) state.reviews.forgetApproval(node);
  if (local.condition === 'leftover') state.local.setCondition(node, 'seen');
}

/**
 * What the user made, moved or removed there is agreed on without a claim that would flush it. It is flushed before the
 * state knows of it durably: a power cut that takes it back must not look like the user's doing (RULES 20).
 */
function asItStands({ unflushed }: Context, place: Place | null): void {
  if (place) unflushed.add(place.parent);
}

/**
 * Without a base the place there is the agreed one: what was moved here since differs from it. Not so another spelling
 * (NFC, NFD) of the very name: nobody moved it, and the server's spelling is followed. Nor a folder that was left over
 * here: it goes to where it lives.
 */
function agreedPlace(local: LocalNode, remote: Place & { readonly entryRev: number }) {
  const isSpelling = local.parent === remote.parent && nfcKey(local.name) === nfcKey(remote.name);
  return isSpelling || local.condition === 'leftover' ? { ...local, entryRev: remote.entryRev } : remote;
}

/** The newcomer here is the node there: its row, and what is below it, go over to that id. */
function bind(context: Context, node: NodeId, to: NodeId): void {
  const { state } = context;
  if (state.local.get(to) || !state.local.get(node)) return;
  const wasSynced = state.synced.get(to) !== null;
  state.local.rename(node, to);
  adopt(context, to);
  // What is in it there may have rested, as nothing could come down into it.
  for (const child of state.remote.children(to)) state.frontier.add(child.node);
  // A folder deleted and made again: what was in it no longer went with it, each is gone by itself.
  if (wasSynced) for (const below of state.synced.below(to)) state.frontier.add(below.node);
}

/** The deletion here is dropped: without a base the node, and what was deleted with it, is new there and comes down. */
export function restoreDeleted(context: Context, node: NodeId, rule: string): void {
  const { state } = context;
  const below = state.synced.below(node);
  for (const each of [node, ...below.map((row) => row.node)]) {
    if (state.local.get(each)) continue;
    state.synced.remove(each);
    state.reviews.forgetApproval(each);
  }
  state.forgetSuccessor(node);
  context.record(node, 'kept', rule);
}

/** The place here is taken as agreed, so that the server's differs from it and the node follows. */
export function dropMove(context: Context, node: NodeId, rule: string): void {
  const { state } = context;
  const local = state.local.get(node);
  const synced = state.synced.get(node);
  if (!local || !synced) return;
  state.synced.put({ ...synced, parent: local.parent, name: local.name });
  context.record(node, 'move dropped', rule);
}

/** The object here becomes a node of its own, under a fresh id. */
export function separateNode(context: Context, node: NodeId): void {
  const { state, env } = context;
  const fresh = parseNodeId(uuidV7(env.clock.now(), env.random.bytes(10)));
  state.synced.remove(node);
  if (state.local.get(node)) state.local.rename(node, fresh);
  context.record(fresh, 'separated', 'shares an id by accident only: both are kept');
}

/** All that stands in it leaves with it; what a rule leaves out is left alone. */
function leave(context: Context, node: NodeId, rule: string): void {
  const { state } = context;
  for (const each of [node, ...state.local.below(node)]) {
    if (state.local.get(each)?.condition !== 'seen' || !state.synced.get(each)) continue;
    state.online.leave(each);
    state.frontier.add(each);
  }
  context.record(node, 'leaves', rule);
}

/** The folder it is in cannot go either. */
function stay(context: Context, node: NodeId, rule: string): void {
  const { state } = context;
  if (!state.online.settle(node)) return;
  const parent = state.local.get(node)?.parent;
  if (parent !== undefined && parent !== ROOT_NODE) state.frontier.add(parent);
  context.record(node, 'stays', rule);
}
