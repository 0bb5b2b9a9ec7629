/** Answers to claims become facts of the trees: fold what the server committed, then what both sides now agree on. */

import type { RemoteNode, SyncedNode } from '../../core/tree/nodes.ts';
import { assertNever } from '../../protocol/assert-never.ts';
import type { Claim, CreateClaim, EditClaim, RearrangeClaim } from '../../protocol/claims.ts';
import { type Content, sameContent } from '../../protocol/content.ts';
import { ERRORS } from '../../protocol/errors.ts';
import type { NodeId, VersionId } from '../../protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../protocol/journal.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import { holdZombie } from './brake-gate.ts';
import type { Context } from './context.ts';
import { movedDeed, placeBefore, returnDeed, sentDeed } from './deeds.ts';
import { dropMove, endLoan, separateNode } from './tree-intents.ts';
import type { SentClaim } from './upload-lane.ts';

/** Folds post-states into the remote tree; one whose parent is unknown waits for the journal (RULES 15): then false. */
export function foldEvents(context: Context, events: readonly JournalEvent[]): boolean {
  let all = true;
  for (const event of events) {
    if (!context.state.remote.fold(event)) all = false;
    if (event.conflict) context.state.conflicts.put(event.conflict);
  }
  return all;
}

/** Answers that come of something this device made: what it is the author of in them are the very rows of the journal. */
const MADE_ROWS: ReadonlySet<Outcome['kind']> = new Set(['committed', 'renamed', 'forked']);

/** The others tell how nodes stand, which says nothing of what is below a folder that died or came back. */
function madeRows({ self }: Pick<Context, 'self'>, { kind, events }: Outcome): readonly number[] {
  if (!MADE_ROWS.has(kind)) return [];
  return events.flatMap(({ seq, device }) => (device === self.deviceId ? [seq] : []));
}

/** What decides whether answers can be folded. */
export interface Reading extends Pick<Context, 'self' | 'ownRows' | 'catchUp'> {
  readonly state: { readonly meta: { cursor(): Cursor | null } };
}

/**
 * Before answers are folded: if rows of others lie between the cursor and what the answers tell, or are what they tell, the
 * journal is read first, and folding them then changes nothing any more. A server may say that this was all and mean an
 * older moment than its answers; or its history ended since we asked from `sentAt`, and that is what they tell of. False:
 * not now; the same keys give the same answers later, unless the keys ended with the history.
 */
export async function readyToFold(
  context: Reading,
  sentAt: Cursor | null,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const told = outcomes.flatMap(({ events }) => events.map(({ seq }) => seq));
  const made = new Set(outcomes.flatMap((outcome) => madeRows(context, outcome)));
  const isInOrder = (): boolean => {
    const cursor = context.state.meta.cursor();
    if (sentAt !== null && cursor?.epoch !== sentAt.epoch) return false;
    return context.ownRows.inOrder(cursor, told, made);
  };
  return isInOrder() || ((await context.catchUp()) && isInOrder());
}

/** Takes one answer in. Called inside a transaction. */
export function settleOutcome(context: Context, sent: SentClaim, outcome: Outcome): void {
  const { claim } = sent;
  const folded = foldEvents(context, outcome.events);
  if (folded) for (const seq of madeRows(context, outcome)) context.ownRows.folded(seq);
  switch (outcome.kind) {
    case 'committed':
    case 'adopted':
    case 'renamed':
      if (context.state.claims.isByVerb(claim.key)) noteVerb(context, claim, outcome);
      else agree(context, sent, outcome);
      if (outcome.kind === 'committed') keepSurvivors(context, outcome.survivors);
      break;
    case 'forked':
      becomeCopy(context, sent, outcome);
      break;
    case 'dropped':
      dropped(context, claim, outcome.why);
      break;
    case 'zombie':
      holdZombie(context, claim.node, outcome.version);
      break;
    case 'missing-chunks':
      // The bytes are not at hand any more: the key is burned by the next claim.
      context.state.claims.abandon(claim.key, claim.node);
      context.state.frontier.add(claim.node);
      return;
    case 'refused':
      refused(context, claim, outcome);
      break;
    default:
      assertNever(outcome);
  }
  context.state.claims.settle(claim.key);
  context.state.claims.dropAbandoned(claim);
}

function agree(context: Context, sent: SentClaim, outcome: Outcome): void {
  const { claim } = sent;
  switch (claim.op) {
    case 'create':
      agreeOnCreate(context, claim, sent.stamp, outcome);
      break;
    case 'edit':
      agreeOnEdit(context, claim, sent.stamp, outcome);
      break;
    case 'move':
      agreeOnMove(context, claim, outcome.kind !== 'adopted');
      break;
    case 'delete':
      context.state.reviews.forgetApproval(claim.node);
      endLoan(context.state, claim.node);
      context.state.forgetSuccessor(claim.node);
      noteDeleted(context, claim.node);
      break;
    case 'rearrange':
      agreeOnSteps(context, claim);
      break;
    case 'restore':
    case 'undelete':
    case 'resolve':
    case 'reopen':
      noteVerb(context, claim, outcome);
      break;
    default:
      assertNever(claim);
  }
}

/** What the user asked for by name: this disk follows by the journal, only what was done is told. */
function noteVerb(context: Context, claim: Claim, outcome: Outcome): void {
  const { self, state } = context;
  const { node } = outcome;
  switch (claim.op) {
    case 'restore':
    case 'undelete':
      context.record(node, 'restored', 'the user brought it back', '', returnDeed(self, outcome));
      break;
    case 'resolve':
      context.record(node, 'settled', 'the user settled a conflict', '', sentDeed(self, 'conflict'));
      break;
    case 'move': {
      const deed = movedDeed(self, state, node, placeBefore(state, node), 'sent');
      context.record(node, 'moved', 'the user moved it by name', '', deed);
      break;
    }
    default:
      context.record(node, claim.op, 'the user asked for it by name');
  }
}

function claimedContent(claim: CreateClaim | EditClaim): Content | null {
  const content = claim.content;
  if (content === null || content.kind === 'symlink') return content;
  return { kind: 'file', manifest: content.manifest, size: content.size, executable: content.executable };
}

function agreeOnCreate(context: Context, claim: CreateClaim, stamp: string, outcome: Outcome): void {
  const { state } = context;
  const node = outcome.node;
  if (node !== claim.node) {
    // It is coming down by the journal this very moment: the two are compared when it is here.
    if (context.operations.inFlight(node)) return;
    if (state.local.get(node) || state.synced.get(node)) {
      separateNode(context, claim.node);
      return;
    }
    state.local.rename(claim.node, node);
  }
  const remote = state.remote.get(node);
  if (!remote) return;
  const parent = bound(context, claim.parent, outcome);
  const row: SyncedNode = {
    node,
    kind: remote.kind,
    parent,
    name: claim.name,
    entryRev: remote.entryRev,
    version: versionIn(outcome, claimedContent(claim)),
    content: claimedContent(claim),
    stamp,
  };
  state.synced.put(row);
  const clashed = outcome.kind === 'renamed' && outcome.conflict !== null;
  context.record(
    node,
    'uploaded',
    outcome.kind === 'renamed' ? 'the name was taken: attributed' : 'created × nothing there: upload',
    '',
    outcome.kind === 'adopted'
      ? null
      : sentDeed(context.self, clashed ? 'conflict' : 'created', sizeAndNumber(remote)),
  );
}

function sizeAndNumber({ head }: RemoteNode): {
  readonly number: number | null;
  readonly size: number | null;
} {
  return {
    number: head?.number ?? null,
    size: head?.content.kind === 'file' ? head.content.size : null,
  };
}

function noteDeleted(context: Context, node: NodeId): void {
  const remote = context.state.remote.get(node);
  context.record(
    node,
    'deleted',
    'the server has the deletion',
    '',
    sentDeed(context.self, 'deleted', {
      ...(remote ? sizeAndNumber(remote) : {}),
      undo: 'life',
      entryRev: remote?.entryRev ?? null,
    }),
  );
}

/** The parent as the server knows it: proposed ids of folders may have been bound to existing ones meanwhile. */
function bound(context: Context, claimed: NodeId, outcome: Outcome): NodeId {
  if (context.state.local.get(claimed)) return claimed;
  const own = outcome.events.find((event) => event.node === outcome.node);
  return own?.entry.parent ?? claimed;
}

/** The version that holds the claimed content: by the answer, for the remote tree may have gone on since. */
function versionIn(outcome: Outcome, content: Content | null): VersionId | null {
  const head = outcome.events.findLast((event) => event.node === outcome.node)?.head;
  return head && sameContent(head.content, content) ? head.version : null;
}

function agreeOnEdit(context: Context, claim: EditClaim, stamp: string, outcome: Outcome): void {
  const { state } = context;
  const synced = state.synced.get(claim.node);
  const remote = state.remote.get(claim.node);
  if (!synced || !remote?.head) return;
  // A revived node has a new revision at the place it had.
  const claimed = claimedContent(claim);
  const entryRev =
    remote.parent === synced.parent && remote.name === synced.name ? remote.entryRev : synced.entryRev;
  const version = versionIn(outcome, claimed);
  state.synced.put({
    ...synced,
    entryRev,
    version: version ?? synced.version,
    content: claimed,
    stamp,
    lent: null,
  });
  state.reviews.forgetApproval(claim.node);
  context.record(
    claim.node,
    'uploaded',
    'edited × same: upload, base = synced version',
    `V${remote.head.number}`,
    outcome.kind === 'adopted'
      ? null
      : sentDeed(context.self, 'edited', { ...sizeAndNumber(remote), undo: 'version', version }),
  );
}

function agreeOnMove(
  context: Context,
  claim: { node: NodeId; parent: NodeId; name: string },
  tell: boolean,
): void {
  const { state } = context;
  const synced = state.synced.get(claim.node);
  const remote = state.remote.get(claim.node);
  if (!synced || !remote) return;
  const before = placeBefore(state, claim.node);
  state.synced.put({ ...synced, parent: claim.parent, name: claim.name, entryRev: remote.entryRev });
  const deed = tell ? movedDeed(context.self, state, claim.node, before, 'sent') : null;
  context.record(claim.node, 'moved', 'moved × same: claim the move', before.from ?? '', deed);
}

function agreeOnSteps(context: Context, claim: RearrangeClaim): void {
  for (const step of claim.steps) {
    if (step.op === 'move') agreeOnMove(context, step, true);
    else {
      context.state.reviews.forgetApproval(step.node);
      noteDeleted(context, step.node);
    }
  }
}

/** Of a deletion: what lives on, because this device had not seen it, comes back here. */
function keepSurvivors(context: Context, survivors: readonly NodeId[]): void {
  for (const node of survivors) {
    if (context.state.local.get(node)) continue;
    context.state.synced.remove(node);
    context.record(node, 'kept', 'deleted folder: what this device had not seen survives');
  }
}

/**
 * The loser's disk (RULES 6): in this one transaction my object becomes the copy C, still standing at the path of N,
 * and N leaves local and synced. C then is an ordinary remote move, N an ordinary download under a free name.
 */
function becomeCopy(context: Context, sent: SentClaim, outcome: Extract<Outcome, { kind: 'forked' }>): void {
  const { state } = context;
  const { claim } = sent;
  if (claim.op !== 'edit') return;
  if (state.local.get(outcome.node) || context.operations.inFlight(outcome.node)) {
    copyIsHere(context, claim, sent.stamp, outcome.node);
    return;
  }
  if (state.synced.get(outcome.node)) {
    // It came down by itself and is gone again, deleted or moved over this very file: what stands here is no copy of it
    // any more, but an edit that has no other home. It is decided about anew.
    state.frontier.add(claim.node);
    return;
  }
  const row = state.local.get(claim.node);
  const copy = state.remote.get(outcome.node);
  const synced = state.synced.get(claim.node);
  state.synced.remove(claim.node);
  state.reviews.forgetApproval(claim.node);
  if (row) {
    state.local.rename(claim.node, outcome.node);
    state.synced.put({
      node: outcome.node,
      kind: row.kind,
      parent: synced?.parent ?? row.parent,
      name: synced?.name ?? row.name,
      entryRev: copy?.entryRev ?? 1,
      version: versionIn(outcome, claimedContent(claim)),
      content: claimedContent(claim),
      stamp: sent.stamp,
    });
  }
  context.record(
    outcome.node,
    'conflict',
    'edited × new head, other content: finalize forks',
    copy?.name ?? '',
    sentDeed(context.self, 'conflict', copy ? sizeAndNumber(copy) : {}),
  );
}

/**
 * The answer came so late that the copy has come down by the journal, or is about to. Then what stands at the path of N is a
 * content the server has: it is taken as agreed, and N is replaced by its head like any clean file.
 */
function copyIsHere({ state }: Context, claim: EditClaim, stamp: string, copy: NodeId): void {
  const synced = state.synced.get(claim.node);
  if (synced) state.synced.put({ ...synced, content: claimedContent(claim), stamp, lent: copy });
}

/** What stands there is folded by now: the planner decides anew. */
function dropped(context: Context, claim: Claim, why: Extract<Outcome, { kind: 'dropped' }>['why']): void {
  const nodes = claim.op === 'rearrange' ? claim.steps.map((step) => step.node) : [claim.node];
  if (why === 'cycle') for (const node of movedIn(claim)) dropMove(context, node, 'would lie inside itself');
  for (const node of nodes) {
    context.state.frontier.add(node);
    context.record(node, 'dropped', `the server's state stands: ${why}`);
  }
}

function movedIn(claim: Claim): readonly NodeId[] {
  if (claim.op === 'move') return [claim.node];
  return claim.op === 'rearrange'
    ? claim.steps.flatMap((step) => (step.op === 'move' ? [step.node] : []))
    : [];
}

function refused(context: Context, claim: Claim, outcome: Extract<Outcome, { kind: 'refused' }>): void {
  const { state, operations, env } = context;
  state.frontier.add(claim.node);
  if (outcome.code === 'key-burned' || outcome.code === 'key-reused') return;
  operations.defer(claim.node, ERRORS[outcome.code].retry === 'backoff' ? 0 : 30_000);
  const path = state.nameOf(claim.node);
  state.problems.put({
    subject: claim.node,
    node: claim.node,
    path,
    code: outcome.code,
    facts: { detail: outcome.detail },
    since: env.clock.now(),
  });
}
