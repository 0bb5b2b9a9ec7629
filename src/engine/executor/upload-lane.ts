/**
 * Claims on their way: built from what is on disk now, durable before the first send, answered, folded. Contents travel
 * in a few batches at once; what changes the shape of the tree goes one batch after the other.
 */
import type { ClaimIntent } from '../../core/planner/intents.ts';
import type { Claim } from '../../protocol/claims.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Cursor } from '../../protocol/journal.ts';
import type { DiskOutcome, Done } from '../environment/disk.ts';
import { SMALL_FILE } from '../environment/hashing.ts';
import type { UploadAnswer, UploadItem } from '../remote/server.ts';
import { durably } from '../state/database.ts';
import { type Draft, draftClaim } from './claim-builder.ts';
import type { Context } from './context.ts';
import { Lane } from './lane.ts';
import { readyToFold, settleOutcome } from './outcomes.ts';
import { noteFlushed, noteUnflushed } from './unflushed-files.ts';

/** A claim that was sent, with what was on disk when it was made. */
export interface SentClaim {
  readonly claim: Claim;
  readonly stamp: string;
}

abstract class ClaimLane extends Lane<ClaimIntent> {
  protected readonly most = 500;

  protected async run(batch: readonly ClaimIntent[]): Promise<void> {
    const { state } = this.context;
    // A folder that is not ours (unplugged, replaced) says nothing about what was deleted.
    const removes = batch.some((intent) => intent.kind === 'delete' || intent.kind === 'rearrange');
    if (removes && !(await this.context.rootIsOurs())) return;
    const drafts: Draft[] = [];
    await this.context.unflushed.flush();
    state.transaction(() => {
      for (const intent of batch) {
        const draft = draftClaim(this.context, intent);
        if (draft) drafts.push(draft);
        else if (this.ordered) {
          this.clear();
          break;
        }
      }
    });
    if (drafts.length === 0) return;
    const claims = state.claims.add((nextKey) => drafts.map((draft) => draft.make(nextKey())));
    this.context.toldCursor.noteFlushed();
    const sent = claims.map((claim, i): SentClaim => ({ claim, stamp: drafts[i]?.stamp ?? '' }));
    const items = drafts.map((draft, i): UploadItem => {
      const claim = sent[i]!.claim;
      return { claim, source: draft.source && { ...draft.source, key: claim.key } };
    });
    await deliver(this.context, items, sent);
    for (const draft of drafts) this.context.contents.drop(draft.intent.node);
  }
}

/** Creates of files and links, and edits: bytes travel, order does not matter. */
export class ContentLane extends ClaimLane {
  protected readonly capacity = 4 * 1024 * 1024;

  protected weigh(intent: ClaimIntent): number {
    return this.context.state.local.get(intent.node)?.size ?? 0;
  }
}

/** Folders, moves, deletes, rearrangements: one batch at a time, in the planner's order. */
export class ShapeLane extends ClaimLane {
  protected readonly capacity = 1000;
  protected override readonly ordered = true;

  protected weigh(): number {
    return 1;
  }

  /** The order was decided for the whole plan: single nodes are not judged anew, only whether they still differ. */
  protected override stillWanted(intent: ClaimIntent): boolean {
    return intent.kind === 'rearrange' || super.stillWanted(intent);
  }

  protected override nodesOf(intent: ClaimIntent): readonly NodeId[] {
    return nodesOfClaim(intent);
  }
}

/** All that one claim decides. */
export function nodesOfClaim(intent: ClaimIntent): readonly NodeId[] {
  return intent.kind === 'rearrange' ? intent.steps.map((step) => step.node) : [intent.node];
}

export function isContentClaim(context: Context, intent: ClaimIntent): boolean {
  return (
    intent.kind === 'edit' ||
    (intent.kind === 'create' && context.state.local.get(intent.node)?.kind !== 'folder')
  );
}

export function isLarge(size: number): boolean {
  return size > SMALL_FILE;
}

/** Sends claims until each has an answer or the engine stops; a lost reply is asked for again under the same key. */
export async function deliver(
  context: Context,
  items: readonly UploadItem[],
  sent: readonly SentClaim[],
): Promise<void> {
  const { delivering } = context.state.claims;
  for (const { claim } of sent) delivering.add(claim.key);
  try {
    await deliverAll(context, items, sent);
  } finally {
    for (const { claim } of sent) delivering.delete(claim.key);
  }
}

async function deliverAll(
  context: Context,
  items: readonly UploadItem[],
  sent: readonly SentClaim[],
): Promise<void> {
  const byKey = new Map(sent.map((each) => [each.claim.key, each]));
  const durable = makeDurable(context, items);
  let left = items;
  for (let tries = 0; left.length > 0 && !context.stopped(); tries += 1) {
    // With a history end the claims made from it: what they were about is decided anew, under keys of its own.
    left = left.filter(({ claim }) => context.state.claims.has(claim.key));
    if (left.length === 0) return;
    const sentAt = await context.toldCursor.flush();
    const result = await context.server.upload(left, sentAt, context.state.claims.settledBelow());
    if (result.kind === 'ok') {
      await durable;
      if (!(await readyToFold(context, sentAt, result.value.outcomes))) {
        await context.env.clock.sleep(pause(context, tries, 0));
        continue;
      }
      const answer = result.value;
      const take = (): readonly UploadItem[] => settle(context, answer, byKey, left, tries > 0);
      // Whose file is whose after a fork is known before the disk shows it, or a power cut makes one copy more (RULES 6).
      if (answer.outcomes.some(({ kind }) => kind === 'forked')) {
        await context.unflushed.flush();
        left = durably(context.state.db, take);
      } else left = take();
    }
    const trouble = result.kind === 'ok' ? result.value.rest : result;
    // What is left then is asked for without its bytes, now: nothing else would ever ask again.
    if (trouble === null) continue;
    context.onTrouble(trouble);
    if (!trouble.unknown && trouble.retryAfterMs === 0) {
      giveUp(context, left, trouble.detail);
      return;
    }
    await context.env.clock.sleep(pause(context, tries, trouble.retryAfterMs));
  }
}

/** Grows with the tries, with jitter, and is never shorter than the server asked for. */
function pause(context: Context, tries: number, leastMs: number): number {
  return Math.max(
    leastMs,
    Math.min(30_000, 200 * 2 ** Math.min(tries, 8)) * (0.5 + context.env.random.fraction()),
  );
}

/** What the user did is flushed, while it is sent, before the synced tree says that the server has it (RULES 20). */
async function makeDurable(context: Context, items: readonly UploadItem[]): Promise<void> {
  const paths = items.flatMap(({ source }) => (source ? [source.path] : []));
  for (const { claim } of items)
    for (const folder of foldersOf(context, claim)) context.unflushed.add(folder);
  if (paths.length > 0) await noteFlush(context, items, await context.env.disk.flushFiles(paths));
  await context.unflushed.flush();
}

async function noteFlush(
  context: Context,
  items: readonly UploadItem[],
  flushed: DiskOutcome<Done>,
): Promise<void> {
  const isGone = flushed.kind === 'failed' && flushed.trouble === 'gone';
  // One that the user took away needs no flush. What went with its disk does, and comes back with it as it was.
  if (isGone && (await context.rootIsOurs())) return;
  // Whoever stopped meanwhile has closed the state.
  if (!context.state.db.open) return;
  const nodes = items.flatMap(({ source, claim }) => (source ? [claim.node] : []));
  if (flushed.kind !== 'failed') noteFlushed(context, nodes);
  else {
    noteUnflushed(context, nodes);
    context.env.log('warn', 'files could not be made durable', { detail: flushed.detail });
  }
}

/** Where the names stand, or stood, that a claim tells of. */
function foldersOf({ state }: Context, claim: Claim): readonly NodeId[] {
  if (claim.op === 'rearrange') {
    return claim.steps.flatMap((step) => foldersOfNode(state, step.node));
  }
  return foldersOfNode(state, claim.node);
}

function foldersOfNode({ local, synced }: Context['state'], node: NodeId): readonly NodeId[] {
  return [local.get(node)?.parent, synced.get(node)?.parent].flatMap((parent) => parent ?? []);
}

/** Takes the answers in. Returns the claims that have none because something stopped the rest of the batch. */
function settle(
  context: Context,
  answer: UploadAnswer,
  byKey: ReadonlyMap<number, SentClaim>,
  items: readonly UploadItem[],
  sentBefore: boolean,
): readonly UploadItem[] {
  const answered = new Set<number>();
  // Changed while it was read, or stale before it was sent: never committed, and must not be later.
  const unsent = new Set([...answer.changed, ...answer.stale]);
  const open: UploadItem[] = [];
  context.state.transaction(() => {
    for (const outcome of answer.outcomes) {
      const sent = byKey.get(outcome.key);
      if (!sent) continue;
      answered.add(outcome.key);
      settleOutcome(context, sent, outcome);
    }
    for (const item of items) {
      const { key } = item.claim;
      if (answered.has(key)) continue;
      if (answer.rest !== null && !unsent.has(key)) open.push(item);
      else if (sentBefore && item.source && isNamedByNone(context, item.claim))
        open.push({ ...item, source: null });
      else {
        withdraw(context, item.claim);
        if (answer.changed.includes(key)) readAnew(context, item.claim.node);
      }
    }
    advanceCursor(context, answer);
  });
  return open;
}

/**
 * The scan may see nothing new: bytes that cannot be read, or that changed under the same stamp, as a power cut changes
 * them. It rests before it is read again, and what was read of it before is not believed any more.
 */
function readAnew({ state, operations }: Context, node: NodeId): void {
  operations.defer(node);
  if (state.local.get(node)?.kind === 'file') state.local.unhash(node);
}

/**
 * What may have happened is asked for until it is answered, without bytes, where no later claim would name its key: of a
 * creation when the file is deleted now, of an edit when it is gone, perhaps with the folder it was in. A file that is
 * still there is saved once more, and that edit names the key.
 */
function isNamedByNone({ state }: Context, { op, node }: Claim): boolean {
  return op === 'create' || state.local.get(node) === null;
}

/** Past rows that are all our own the cursor goes on by itself. Called in the transaction that folded them. */
function advanceCursor(context: Context, answer: UploadAnswer): void {
  for (const cursor of answer.cursors) {
    context.ownRows.ended(cursor);
    context.onServerHead(cursor.seq);
  }
  const next = context.ownRows.advance(context.state.meta.cursor());
  if (next) context.state.meta.setCursor(next);
  noteDecided(context, answer.cursors.at(-1) ?? null);
}

/** Beyond the cursor nothing proves to a restored server that it lost something, but this (RULES 25). */
function noteDecided({ state }: Context, last: Cursor | null): void {
  if (last === null) return;
  const { meta } = state;
  const known = meta.decidedAt();
  const isNews = known === null || known.epoch !== last.epoch || known.seq < last.seq;
  if (isNews && last.seq > (meta.cursor()?.seq ?? 0)) meta.noteDecided(last);
}

function giveUp(context: Context, items: readonly UploadItem[], detail: string): void {
  context.env.log('warn', 'claims were not taken', { claims: items.length, detail });
  context.state.transaction(() => {
    for (const item of items) {
      withdraw(context, item.claim);
      context.operations.defer(item.claim.node);
    }
  });
}

/** The claim will not be answered: its key is named by the next claim of the node, which burns it (RULES 5). */
export function withdraw(context: Context, claim: Claim): void {
  context.state.claims.abandon(claim.key, claim.node);
  const row = context.state.local.get(claim.node);
  if (row) context.scanner.lookAt(row.parent, row.name);
}
