/** What corrections and answers do to a device's trees: the effects that the planner may count on. */
import { nfcKey } from '../../src/core/names/fold.ts';
import {
  type ClaimIntent,
  claimedName,
  type DeleteIntent,
  type MoveIntent,
  type TreeIntent,
} from '../../src/core/planner/intents.ts';
import { type Place, type SyncedNode, samePlace } from '../../src/core/tree/nodes.ts';
import { type Content, sameContent } from '../../src/protocol/content.ts';
import type { NodeId, VersionId } from '../../src/protocol/ids.ts';
import type { LocalNode, MemoryTrees, RemoteNode } from './memory-trees.ts';
import type { Claim, CreateClaim, DeleteStep, EditClaim, MoveStep, Outcome } from './model-claims.ts';

/** What these effects need of the device that has the trees. */
export interface Desk {
  readonly trees: MemoryTrees;
  rename(from: NodeId, to: NodeId): void;
  freshId(): NodeId;
  abandonedKeys(node: NodeId): readonly number[];
}

/** A claim under way, with the stamp of the file when it was made. */
export interface SentClaim {
  readonly claim: Claim;
  readonly stamp: string;
}

export function applyTreeIntent(desk: Desk, intent: TreeIntent): void {
  const { trees } = desk;
  const { node } = intent;
  switch (intent.kind) {
    case 'adopt':
      adopt(trees, node);
      break;
    case 'bind':
      if (trees.local(intent.to) || !trees.local(node)) return;
      desk.rename(node, intent.to);
      adopt(trees, intent.to);
      break;
    case 'forget':
      trees.synceds.remove(node);
      endLoan(trees, node);
      trees.successors.delete(node);
      break;
    case 'rejoin': {
      // Bound to a new folder by the same plan, it goes under that name already.
      const local = trees.local(node);
      if (local) trees.locals.put({ ...local, condition: 'seen' });
      break;
    }
    case 'drop-delete':
      restoreDeleted(trees, node);
      break;
    case 'drop-move':
      dropMove(trees, node);
      break;
  }
}

function adopt(trees: MemoryTrees, node: NodeId): void {
  const local = trees.local(node);
  const remote = trees.remote(node);
  if (!local || !remote) return;
  const { parent, name, entryRev } = remote;
  const base = trees.synced(node);
  const place = samePlace(local, remote) ? { parent, name, entryRev } : (base ?? agreedPlace(local, remote));
  const equal = remote.head !== null && sameContent(local.content, remote.head.content);
  const cleanHead = !equal && remote.head !== null && sameContent(remote.head.content, base?.content ?? null);
  const content = equal ? local.content : (base?.content ?? null);
  const agreed = local.kind === 'folder' || sameContent(local.content, content);
  trees.synceds.put({
    node,
    kind: local.kind,
    parent: place.parent,
    name: place.name,
    entryRev: place.entryRev,
    content,
    version: equal || cleanHead ? (remote.head?.version ?? null) : (base?.version ?? null),
    stamp: agreed ? local.stamp : (base?.stamp ?? ''),
    lent: equal || cleanHead ? null : (base?.lent ?? null),
  });
  if (local.condition === 'leftover') trees.locals.put({ ...local, condition: 'seen' });
}

/** Another spelling of the very name was no move, nor has a leftover folder moved: the server's place is followed. */
function agreedPlace(local: LocalNode, remote: RemoteNode): Place & { readonly entryRev: number } {
  const isSpelling = local.parent === remote.parent && nfcKey(local.name) === nfcKey(remote.name);
  return isSpelling || local.condition === 'leftover' ? { ...local, entryRev: remote.entryRev } : remote;
}

/** A copy that was moved over its original here is no more: what it held is an edit of the original from now on. */
function endLoan(trees: MemoryTrees, copy: NodeId): void {
  const original = trees.successorOf(copy);
  const base = original && trees.synced(original);
  if (base?.lent === copy) trees.synceds.put({ ...base, content: null, lent: null });
}

export function restoreDeleted(trees: MemoryTrees, node: NodeId): void {
  for (const each of [node, ...[...trees.syncedBelow(node)].map((row) => row.node)]) {
    if (!trees.local(each)) trees.synceds.remove(each);
  }
  trees.successors.delete(node);
}

function dropMove(trees: MemoryTrees, node: NodeId): void {
  const local = trees.local(node);
  const base = trees.synced(node);
  if (local && base) trees.synceds.put({ ...base, parent: local.parent, name: local.name });
}

export function separate(desk: Desk, node: NodeId): void {
  desk.trees.synceds.remove(node);
  desk.rename(node, desk.freshId());
}

// --- claims ------------------------------------------------------------------------------------------------------

/** What an intent claims; `null` when this disk shows something else by now (it is decided again). */
export function claimFor(desk: Desk, intent: ClaimIntent, key: number): Claim | null {
  const { trees } = desk;
  const local = trees.local(intent.node);
  const common = { key, node: intent.node, unanswered: [...desk.abandonedKeys(intent.node)] };
  switch (intent.kind) {
    case 'create': {
      if (!local || !samePlace(local, intent.at) || (local.kind !== 'folder' && local.content === null))
        return null;
      return {
        op: 'create',
        ...common,
        parent: local.parent,
        name: claimedName(intent),
        content: local.content,
        aside: intent.aside,
      };
    }
    case 'edit': {
      const base = trees.synced(intent.node)?.version;
      return local?.content && base ? { op: 'edit', ...common, base, content: local.content } : null;
    }
    case 'move':
    case 'delete': {
      const step = stepFor(trees, intent);
      return step && { ...common, ...step };
    }
    case 'rearrange': {
      const steps = intent.steps.map((each) => stepFor(trees, each)).filter((step) => step !== null);
      return steps.length < intent.steps.length ? null : { op: 'rearrange', ...common, steps };
    }
  }
}

function stepFor(trees: MemoryTrees, intent: MoveIntent | DeleteIntent): MoveStep | DeleteStep | null {
  const { node, entryRev: rev } = intent;
  const local = trees.local(node);
  if (intent.kind === 'move')
    return local && samePlace(local, intent.at) ? { op: 'move', node, rev, ...intent.at } : null;
  const base = trees.synced(node);
  const { observedSeq, unapplied } = intent;
  return base && !local ? { op: 'delete', node, rev, base: base.version, observedSeq, unapplied } : null;
}

// --- answers -----------------------------------------------------------------------------------------------------

/** Takes one answer in. The journal has been read as far as the answer tells, so the remote tree knows of it. */
export function settle(desk: Desk, sent: SentClaim, outcome: Outcome): void {
  const { trees } = desk;
  const { claim } = sent;
  switch (outcome.kind) {
    case 'committed':
    case 'adopted':
    case 'renamed':
      agree(desk, sent, outcome);
      for (const node of outcome.survivors) if (!trees.local(node)) trees.synceds.remove(node);
      break;
    case 'forked':
      becomeCopy(desk, sent, outcome);
      break;
    case 'dropped':
      if (outcome.why === 'cycle') undoMoves(trees, claim);
      break;
    case 'burned':
      break;
  }
}

function agree(desk: Desk, { claim, stamp }: SentClaim, outcome: Outcome): void {
  const { trees } = desk;
  switch (claim.op) {
    case 'create':
      agreeOnCreate(desk, claim, stamp, outcome);
      break;
    case 'edit':
      agreeOnEdit(trees, claim, stamp, outcome);
      break;
    case 'move':
      agreeOnMove(trees, claim);
      break;
    case 'rearrange':
      for (const step of claim.steps) if (step.op === 'move') agreeOnMove(trees, step);
      break;
    case 'delete':
      endLoan(trees, claim.node);
      trees.successors.delete(claim.node);
  }
}

function agreeOnCreate(desk: Desk, claim: CreateClaim, stamp: string, outcome: Outcome): void {
  const { trees } = desk;
  const { node } = outcome;
  if (node !== claim.node) {
    // It is coming down by the journal this very moment: the two are compared when it is here.
    if (trees.flying.has(node)) return;
    if (trees.local(node) || trees.synced(node)) {
      separate(desk, claim.node);
      return;
    }
    desk.rename(claim.node, node);
  }
  const remote = trees.remote(node);
  // Forgotten there since: it is asked about.
  if (!remote) return;
  const parent = trees.local(claim.parent)
    ? claim.parent
    : (outcome.events.find((event) => event.node === node)?.parent ?? claim.parent);
  trees.synceds.put({
    node,
    kind: remote.kind,
    parent,
    name: claim.name,
    entryRev: remote.entryRev,
    version: versionIn(outcome, claim.content),
    content: claim.content,
    stamp,
  });
}

function agreeOnEdit(trees: MemoryTrees, claim: EditClaim, stamp: string, outcome: Outcome): void {
  const base = trees.synced(claim.node);
  const remote = trees.remote(claim.node);
  if (!base || !remote) return;
  const entryRev = samePlace(remote, base) ? remote.entryRev : base.entryRev;
  const version = versionIn(outcome, claim.content) ?? base.version;
  trees.synceds.put({ ...base, entryRev, version, content: claim.content, stamp, lent: null });
}

/** The version that holds the claimed content: by the answer, for the remote tree may have gone on since. */
function versionIn(outcome: Outcome, content: Content | null): VersionId | null {
  const head = outcome.events.findLast((event) => event.node === outcome.node)?.head;
  return head && sameContent(head.content, content) ? head.version : null;
}

function agreeOnMove(trees: MemoryTrees, step: { node: NodeId; parent: NodeId; name: string }): void {
  const base = trees.synced(step.node);
  const remote = trees.remote(step.node);
  if (base && remote)
    trees.synceds.put({ ...base, parent: step.parent, name: step.name, entryRev: remote.entryRev });
}

function becomeCopy(desk: Desk, { claim, stamp }: SentClaim, outcome: Outcome): void {
  const { trees } = desk;
  const copy = outcome.node;
  if (claim.op !== 'edit' && claim.op !== 'create') return;
  if (trees.local(copy) || trees.flying.has(copy)) {
    // The answer came so late that the copy came down by itself: what stands here is a content that the server has.
    const base = trees.synced(claim.node);
    if (base) trees.synceds.put({ ...base, content: claim.content, stamp, lent: copy });
    return;
  }
  // It came down by itself and is gone again: what stands here is an edit that has no other home.
  if (trees.synced(copy)) return;
  const local = trees.local(claim.node);
  const base = trees.synced(claim.node);
  const remote = trees.remote(copy);
  trees.synceds.remove(claim.node);
  if (!local) return;
  desk.rename(claim.node, copy);
  const row: SyncedNode = {
    node: copy,
    kind: local.kind,
    parent: base?.parent ?? local.parent,
    name: base?.name ?? local.name,
    entryRev: remote?.entryRev ?? 1,
    version: versionIn(outcome, claim.content),
    content: claim.content,
    stamp,
  };
  trees.synceds.put(row);
}

/** Refused because it would make a cycle: our own place is taken for agreed, so that the server's is followed again. */
function undoMoves(trees: MemoryTrees, claim: Claim): void {
  if (claim.op === 'move') dropMove(trees, claim.node);
  if (claim.op === 'rearrange')
    for (const step of claim.steps) if (step.op === 'move') dropMove(trees, step.node);
}
