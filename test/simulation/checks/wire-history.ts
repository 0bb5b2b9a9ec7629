/** The log of the line, as a history of writes and reads, beside the journal as it stands in the end. */
import type { Claim, WireContent } from '../../../src/protocol/claims.ts';
import type { DeviceId, Epoch } from '../../../src/protocol/ids.ts';
import type { JournalEvent } from '../../../src/protocol/journal.ts';
import { nameOfLink } from '../ledger.ts';
import { contentNameOf, type ServerFold } from '../server-fold.ts';
import type { FinalRow, HeadWrite, History, RowsRead } from './history.ts';
import { type ClaimCall, type Executed, isFinal, type WireLog } from './wire-log.ts';

/** Changes whose content its claim does not name: it is that of an older version, or of the other side. */
const BY_VERB: readonly JournalEvent['cause'][] = ['restore', 'resolve', 'reopen', 'revive'];

/** `wasLiedTo`: to these devices "nothing is new" was told in spite of better knowledge. */
export function historyOf(
  log: WireLog,
  fold: ServerFold,
  epoch: Epoch,
  wasLiedTo: (device: DeviceId) => boolean = () => false,
): History {
  const calls = [...log.claims.values()];
  const told = new Set(calls.flatMap((call) => toldBy(call, call.claim.key) ?? []));
  return {
    writes: calls.flatMap((call) => writesOf(call, calls, told)),
    reads: log.pages
      .filter((page) => page.next.epoch === epoch && (page.events.length > 0 || !wasLiedTo(page.device)))
      .map(
        (page): RowsRead => ({
          process: page.device,
          after: page.from?.seq ?? 0,
          upTo: page.next.seq,
          head: page.head,
          rows: page.events.map((event) => ({ seq: event.seq, says: says(event) })),
          invoked: page.invoked,
          returned: page.answered,
        }),
      ),
    final: fold.rows.map(finalRow),
  };
}

/** All that a row will always say. What became of its conflict since, and how its manifest is told, is left out. */
function says(event: JournalEvent): string {
  const { seq, node, kind, cause, entry, head, subtree, revivedBatch, device } = event;
  const content = head === null ? null : [head.version, head.base, contentNameOf(head.content), head.mtimeNs];
  return JSON.stringify([seq, node, kind, cause, entry, content, subtree, revivedBatch, device]);
}

function finalRow(event: JournalEvent): FinalRow {
  const { seq, head, node, cause, device } = event;
  const isNew = head !== null && head.seq === seq;
  return {
    seq,
    says: says(event),
    version: isNew
      ? {
          id: head.version,
          node,
          base: head.base,
          content: contentNameOf(head.content),
          process: BY_VERB.includes(cause) ? null : device,
        }
      : null,
  };
}

function contentOf(claim: Claim): WireContent | null {
  return claim.op === 'create' || claim.op === 'edit' ? claim.content : null;
}

/** Which version it was told to have made, under a key; `null`: none. */
function toldBy(call: ClaimCall, key: number): string | null {
  const result = resultOf(call);
  return result.kind === 'ok' ? `${call.device} ${key} ${result.version}` : null;
}

/**
 * Its answer was heard and lost again with what was not durable, so the edit was sent anew, and named the key of the claim
 * before it: told of the version which that one had made, it made none.
 */
function isToldAgain(call: ClaimCall, told: ReadonlySet<string>): boolean {
  return call.claim.unanswered.some((key) => told.has(toldBy(call, key) ?? ''));
}

/**
 * Since when what it was told of may be there: it may have been made by a claim of the same edit whose key it names, and
 * whose answer was never heard.
 */
function askedSince(call: ClaimCall, calls: readonly ClaimCall[]): number {
  const { device, claim } = call;
  const wanted = JSON.stringify(contentOf(claim));
  const named = calls.filter(
    (each) =>
      each.device === device &&
      claim.unanswered.includes(each.claim.key) &&
      each.claim.node === claim.node &&
      JSON.stringify(contentOf(each.claim)) === wanted,
  );
  return Math.min(call.invoked, ...named.map(({ invoked }) => invoked));
}

function writesOf(call: ClaimCall, calls: readonly ClaimCall[], told: ReadonlySet<string>): HeadWrite[] {
  const { device, claim, answered, outcome } = call;
  const wire = contentOf(claim);
  if (wire === null) return [];
  const content = wire.kind === 'file' ? wire.manifest : nameOfLink(wire.target);
  const base = claim.op === 'edit' ? claim.base : null;
  const invoked = claim.unanswered.length === 0 ? call.invoked : askedSince(call, calls);
  const common = { process: device, base, content, invoked, returned: answered };
  const result: HeadWrite['result'] = isToldAgain(call, told) ? { kind: 'other' } : resultOf(call);
  const write: HeadWrite = { ...common, node: outcome?.node ?? claim.node, result };
  // A fork is a write of a node of its own, and a refused one of the node it was made from.
  return outcome?.kind === 'forked' && claim.op === 'edit'
    ? [write, { ...common, node: claim.node, result: { kind: 'fail' } }]
    : [write];
}

function resultOf({ claim, outcome }: ClaimCall): HeadWrite['result'] {
  switch (outcome?.kind) {
    case undefined:
      return { kind: 'unknown' };
    case 'committed':
    case 'renamed':
    case 'forked': {
      const made = outcome.events.find(
        (event) => event.node === outcome.node && event.head?.seq === event.seq,
      );
      return made?.head ? { kind: 'ok', version: made.head.version } : { kind: 'other' };
    }
    case 'dropped':
      return claim.op === 'edit' && outcome.why === 'stale' ? { kind: 'fail' } : { kind: 'other' };
    default:
      return { kind: 'other' };
  }
}

/**
 * I4: a claim has one outcome, however often it was sent. That it has one effect, the authors of versions show. A server
 * that was put back knows nothing of what it answered since its backup, nor does a device whose state was put back.
 */
export function repeatedEffects(executed: readonly Executed[]): string[] {
  const first = new Map<string, string>();
  const faults: string[] = [];
  for (const { device, claim, outcome, era } of executed) {
    if (!isFinal(outcome)) continue;
    const id = `${era} ${device} ${claim.key}`;
    const now = `${claim.op} ${outcome.kind} ${outcome.node}`;
    const before = first.get(id);
    if (before !== undefined && before !== now)
      faults.push(`I4 key ${claim.key} of ${device} was answered ${before}, and then ${now}`);
    first.set(id, before ?? now);
  }
  return faults;
}
