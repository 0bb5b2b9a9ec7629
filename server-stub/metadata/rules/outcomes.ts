/**
 * Exactly once: an outcome is stored under (device, key) with a digest of the claim. The same claim gets the same
 * answer again, another claim under the same key is refused, and a burned or settled key can never commit.
 */

import { type Static, Type } from 'typebox';
import type { Blake3 } from '../../../src/core/manifest/manifest.ts';
import { assertNever } from '../../../src/protocol/assert-never.ts';
import type { Claim, DeleteClaim, MoveClaim, WireContent } from '../../../src/protocol/claims.ts';
import { ERRORS } from '../../../src/protocol/errors.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { JournalEvent } from '../../../src/protocol/journal.ts';
import { NodeIdSchema, parserOf, record, Seq } from '../../../src/protocol/schema.ts';
import type { EventBuilder } from '../event-of.ts';
import type { ReadTx } from '../metadata-store.ts';
import type { OutcomeRow } from '../rows.ts';
import type { Caller } from './context.ts';
import { Decision } from './decision.ts';

/** Journal rows are named, not copied; nodes without one are told again as they stand when asked again. */
const Stored = record({
  decision: Decision,
  seqs: Type.Array(Seq),
  states: Type.Array(NodeIdSchema),
});
export type Stored = Static<typeof Stored>;
const parseStored = parserOf(Stored);

/** A refusal that may go away by itself had no effect and leaves no trace; every other answer is kept. */
export function isKept(decision: Decision): boolean {
  if (decision.kind === 'missing-chunks') return false;
  if (decision.kind !== 'refused') return true;
  const { retry } = ERRORS[decision.code];
  return retry === 'never' || retry === 'on-change';
}

export function storedBody(decision: Decision, seqs: readonly number[], states: readonly NodeId[]): string {
  return JSON.stringify({ decision, seqs, states });
}

/** `null`: the key was burned. */
export function readStored(row: OutcomeRow): Stored | null {
  if (row.body === null) return null;
  const parsed = parseStored(JSON.parse(row.body));
  if (parsed.kind === 'invalid') throw new Error(`outcome ${row.key} is damaged: ${parsed.why}`);
  return parsed.value;
}

/** The events of a stored answer. */
export async function storedEvents(
  tx: ReadTx,
  caller: Caller,
  builder: EventBuilder,
  { seqs, states }: Stored,
): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for (const seq of seqs) {
    const row = await tx.journalRow(caller.namespace, seq);
    if (row !== null) events.push(await builder.ofJournal(row));
  }
  return [...events, ...(await builder.ofNodes(states))];
}

const encoder = new TextEncoder();

/** 32 hex digits over what a claim says. It covers the claim and not the bytes: a manifest stands for them. */
export function digestOf(claim: Claim, blake3: Blake3): string {
  const hash = blake3(encoder.encode(JSON.stringify(saying(claim))));
  return Buffer.from(hash.buffer, hash.byteOffset, 16).toString('hex');
}

/** Every member of a claim in a fixed order. */
function saying(claim: Claim): readonly unknown[] {
  const base = [claim.op, claim.key, claim.node, claim.editedAt, claim.unanswered];
  switch (claim.op) {
    case 'create':
      return [
        ...base,
        claim.parent,
        claim.name,
        claim.content === null ? null : contentSaying(claim.content),
        claim.mtimeNs,
        claim.checkZombie,
        ...(claim.from === undefined ? [] : [claim.from.namespace, claim.from.version]),
      ];
    case 'edit':
      return [...base, claim.base, contentSaying(claim.content), claim.mtimeNs, claim.onStale];
    case 'move':
      return [...base, ...moveSaying(claim)];
    case 'delete':
      return [...base, ...deleteSaying(claim), claim.approved];
    case 'rearrange':
      return [
        ...base,
        claim.steps.map((step) => [
          step.op,
          step.node,
          step.op === 'move' ? moveSaying(step) : deleteSaying(step),
        ]),
      ];
    case 'restore':
      return [...base, claim.base, claim.version, ...(claim.copy ? [claim.copy.node, claim.copy.name] : [])];
    case 'undelete':
      return base;
    case 'resolve':
      return [
        ...base,
        claim.conflict,
        claim.keep,
        claim.seenOriginal,
        claim.seenCopy,
        ...(claim.content ? [contentSaying(claim.content)] : []),
        ...(claim.copyName === undefined ? [] : [claim.copyName]),
      ];
    case 'reopen':
      return [...base, claim.conflict];
    default:
      return assertNever(claim, 'claim');
  }
}

function contentSaying(content: WireContent): readonly unknown[] {
  if (content.kind === 'symlink') return ['symlink', content.target];
  return ['file', content.manifest, content.size, content.executable];
}

function moveSaying(move: Pick<MoveClaim, 'baseEntryRev' | 'parent' | 'name'>): readonly unknown[] {
  return [move.baseEntryRev, move.parent, move.name];
}

function deleteSaying(
  step: Pick<DeleteClaim, 'base' | 'baseEntryRev' | 'observedSeq' | 'unapplied' | 'successor'>,
): readonly unknown[] {
  return [step.base, step.baseEntryRev, step.observedSeq, step.unapplied, step.successor];
}
