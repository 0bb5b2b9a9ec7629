/**
 * Finalize: the one moment of truth. A batch is one transaction with a savepoint per claim, and every answer is given
 * after its one commit (RULES 8).
 */
import { assertNever } from '../../../src/protocol/assert-never.ts';
import type { Claim } from '../../../src/protocol/claims.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../../src/protocol/journal.ts';
import type { Outcome } from '../../../src/protocol/outcomes.ts';
import type { FinalizeAnswer, FinalizeRequest } from '../../../src/protocol/routes.ts';
import { judgeCursor } from '../../journal/cursor.ts';
import { requireWriter } from '../../sharing/standing.ts';
import type { WriteTx } from '../metadata-store.ts';
import type { NamespaceRow, OutcomeRow } from '../rows.ts';
import type { Caller, RuleEffects } from './context.ts';
import { create } from './create.ts';
import { type Decision, outcomeOf, refused } from './decision.ts';
import { remove } from './delete.ts';
import { edit } from './edit.ts';
import { acknowledge, beginEpoch } from './epoch.ts';
import { KeyBook } from './key-book.ts';
import { move } from './move.ts';
import { digestOf, isKept, readStored, storedBody, storedEvents } from './outcomes.ts';
import { rearrange } from './rearrange.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { restore, undelete } from './restore.ts';
import { Scope } from './scope.ts';

export async function finalize(
  tx: WriteTx,
  effects: RuleEffects,
  caller: Caller,
  request: FinalizeRequest,
): Promise<FinalizeAnswer> {
  if (request.settledBelow > 0) await tx.settleBelow(caller.device, request.settledBelow);
  const { settledBelow } = await requireWriter(tx, caller);
  const ns = await tx.namespace(caller.namespace);
  if (ns === null || ns.tenant !== caller.tenant) throw new Error('not a namespace of this tenant');
  const known = await historyIsKnown(tx, effects, caller, ns, request.cursor);
  const scope = new Scope(tx, ns, caller, effects);
  const book = await KeyBook.of(tx, caller, request.claims, settledBelow);
  const outcomes = await decideAll(scope, request.claims, book, known);
  await scope.ledger.flush();
  effects.answered?.(
    outcomes.filter(({ key }) => !book.again.has(key)),
    book.again.size,
  );
  const done = answeredUpTo(outcomes);
  if (done > 0) await tx.closeSessions(caller.device, done);
  return { outcomes, head: scope.ledger.seq, cursor: scope.ledger.cursor };
}

/** The largest key below which nothing of this batch waits for chunks: sessions up to there are over. */
function answeredUpTo(outcomes: readonly Outcome[]): number {
  let answered = 0;
  for (const { kind, key } of outcomes) if (kind !== 'missing-chunks') answered = Math.max(answered, key);
  for (const { kind, key } of outcomes) if (kind === 'missing-chunks') answered = Math.min(answered, key - 1);
  return answered;
}

/**
 * A savepoint per claim costs as much as the claim, and only a fault of the server ever needs one: every rule decides
 * before it writes. So all claims go behind one savepoint first; should one of them fail, everything is undone and done
 * again with a savepoint for each, and only the faulty one is without effect.
 */
async function decideAll(
  scope: Scope,
  claims: readonly Claim[],
  book: KeyBook,
  known: boolean,
): Promise<Outcome[]> {
  let fault: unknown;
  try {
    return await scope.savepoint(async () => {
      const outcomes: Outcome[] = [];
      for (const claim of claims) outcomes.push(await decideOnce(scope, claim, book, known));
      return outcomes;
    });
  } catch (cause) {
    fault = cause;
  }
  book.reset();
  const outcomes: Outcome[] = [];
  let isFound = false;
  for (const claim of claims) {
    const decided = await decideAlone(scope, claim, book, known);
    isFound ||= decided.kind === 'fault';
    outcomes.push(decided.outcome);
  }
  if (!isFound) scope.effects.report(fault);
  return outcomes;
}

interface Alone {
  readonly kind: 'decided' | 'fault';
  readonly outcome: Outcome;
}

async function decideAlone(scope: Scope, claim: Claim, book: KeyBook, known: boolean): Promise<Alone> {
  try {
    const outcome = await scope.savepoint(() => decideOnce(scope, claim, book, known));
    return { kind: 'decided', outcome };
  } catch (fault) {
    scope.effects.report(fault);
    const answer = refused(claim.node, 'internal', 'a fault of the server');
    return { kind: 'fault', outcome: outcomeOf(claim.key, answer, []) };
  }
}

/**
 * A claim is made from a history. If the device's cursor is none of ours (a restored backup, an older epoch), its seqs
 * and revs mean something else here and nothing of it may be decided (RULES 25).
 */
async function historyIsKnown(
  tx: WriteTx,
  effects: RuleEffects,
  caller: Caller,
  ns: NamespaceRow,
  cursor: Cursor | null,
): Promise<boolean> {
  if (cursor === null) return true;
  const verdict = await judgeCursor(tx, ns, cursor);
  if (verdict === 'unknown') await beginEpoch(tx, effects, ns.id);
  if (verdict !== 'known') return verdict === 'expired';
  await acknowledge(tx, effects, caller, cursor);
  return true;
}

async function decideOnce(scope: Scope, claim: Claim, book: KeyBook, known: boolean): Promise<Outcome> {
  const { tx, caller, effects } = scope;
  const digest = digestOf(claim, effects.blake3);
  const before = book.has(claim.key) ? await tx.outcome(caller.device, claim.key) : null;
  if (before !== null) {
    book.again.add(claim.key);
    return answerAgain(scope, claim, before, digest);
  }
  if (claim.key < book.settledBelow) {
    return outcomeOf(claim.key, refused(claim.node, 'key-burned', 'this key is settled'), []);
  }
  if (!known) {
    const why = 'the history this claim was made from is not that of the server';
    return outcomeOf(claim.key, refused(claim.node, 'unknown-node', why), []);
  }
  const outcome = await decideNew(scope, claim, digest);
  for (const key of [claim.key, ...claim.unanswered]) book.add(key);
  return outcome;
}

async function decideNew(scope: Scope, claim: Claim, digest: string): Promise<Outcome> {
  const { tx, caller, ledger } = scope;
  ledger.under(claim.key);
  const decision = await decide(scope, claim);
  const events = ledger.take();
  const seqs = events.map((event) => event.seq);
  if (!isKept(decision) && events.length > 0) {
    throw new Error(`a ${claim.op} was answered ${decision.kind} after it had an effect`);
  }
  const states = await statesToTell(scope, claim, decision, events);
  if (states.length > 0) events.push(...(await scope.events.ofNodes(states)));
  if (isKept(decision)) {
    const body = storedBody(decision, seqs, states);
    await tx.addOutcome(caller.device, { key: claim.key, digest, body });
  }
  return outcomeOf(claim.key, decision, events);
}

/**
 * Every answer carries the state of its node, also when nothing about it changed. Whoever hears that a rearrangement came
 * to nothing has to know of which of its steps things stand otherwise.
 */
async function statesToTell(
  scope: Scope,
  claim: Claim,
  decision: Decision,
  events: readonly JournalEvent[],
): Promise<readonly NodeId[]> {
  if (decision.kind === 'refused' || decision.kind === 'missing-chunks') return [];
  if (claim.op !== 'rearrange' || decision.kind !== 'dropped') {
    return events.some((event) => event.node === decision.node) ? [] : [decision.node];
  }
  const nodes = new Set([decision.node]);
  for (const step of claim.steps) nodes.add(await scope.meant(step.node));
  return [...nodes];
}

async function answerAgain(scope: Scope, claim: Claim, before: OutcomeRow, digest: string): Promise<Outcome> {
  const stored = readStored(before);
  if (stored === null) {
    return outcomeOf(claim.key, refused(claim.node, 'key-burned', 'a later claim overtook it'), []);
  }
  if (before.digest !== digest) {
    return outcomeOf(claim.key, refused(claim.node, 'key-reused', 'another claim has this key'), []);
  }
  const events = await storedEvents(scope.tx, scope.caller, scope.events, stored);
  return outcomeOf(claim.key, stored.decision, events);
}

function decide(scope: Scope, claim: Claim): Promise<Decision> {
  if (claim.op !== 'create') scope.forgetFolder();
  switch (claim.op) {
    case 'create':
      return create(scope, claim);
    case 'edit':
      return edit(scope, claim);
    case 'move':
      return move(scope, claim);
    case 'delete':
      return remove(scope, claim);
    case 'rearrange':
      return rearrange(scope, claim);
    case 'restore':
      return restore(scope, claim);
    case 'undelete':
      return undelete(scope, claim);
    case 'resolve':
      return resolve(scope, claim);
    case 'reopen':
      return reopen(scope, claim);
    default:
      return assertNever(claim, 'claim');
  }
}
