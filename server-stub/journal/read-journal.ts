/**
 * Pages of the journal. Seqs are dense, nothing is left out and nothing merged, so a child never comes before its parent
 * and every prefix of rows is a state the namespace was in. Whoever is far behind is sent to the snapshot instead,
 * which costs by nodes and not by events: that is the compacted replay, and it is a state, not events (RULES 16).
 */
import type { NamespaceId } from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent, JournalPage, ResyncRequired } from '../../src/protocol/journal.ts';
import { EventBuilder } from '../metadata/event-of.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { JournalRead, NamespaceRow } from '../metadata/rows.ts';
import { judgeCursor } from './cursor.ts';

/** Events behind, from which on a snapshot is taken if there are fewer nodes than that. */
const FAR_BEHIND = 20_000;
/** Rows by which a page may grow so as not to end inside a rearrangement. */
const OVERRUN = 4_000;

/** `lost`: the device proves that this database lost history; the caller begins an epoch and answers with a resync. */
export type JournalReading = JournalPage | ResyncRequired | { readonly kind: 'lost' };

export async function readJournal(
  tx: ReadTx,
  namespace: NamespaceId,
  cursor: Cursor | null,
  limit: number,
): Promise<JournalReading> {
  const ns = await tx.namespace(namespace);
  if (ns === null) throw new Error('journal of an unknown namespace');
  if (cursor !== null) {
    const verdict = await judgeCursor(tx, ns, cursor);
    if (verdict === 'unknown') return { kind: 'lost' };
    if (verdict !== 'known') return { kind: 'resync', why: verdict, epoch: ns.epoch };
  }
  const from = cursor?.seq ?? 0;
  const behind = ns.headSeq - from;
  if (from < ns.floorSeq || (behind > FAR_BEHIND && ns.nodeCount < behind)) {
    return { kind: 'resync', why: 'far-behind', epoch: ns.epoch };
  }
  return pageOf(tx, ns, from, limit);
}

async function pageOf(tx: ReadTx, ns: NamespaceRow, from: number, limit: number): Promise<JournalPage> {
  const rows = [...(await tx.journalAfter(ns.id, from, limit))];
  while (rows.at(-1)?.more && rows.length < limit + OVERRUN) {
    rows.push(...(await upToEnd(tx, ns.id, rows.at(-1)?.seq ?? from)));
  }
  const builder = new EventBuilder(tx, ns.id);
  const events: JournalEvent[] = [];
  for (const [index, row] of rows.entries()) {
    // A hole would be a lost change: never passed over in silence (I6).
    if (row.seq !== from + index + 1) throw new Error(`the journal has a hole before ${row.seq}`);
    events.push(await builder.ofJournal(row));
  }
  const last = rows.at(-1);
  const next =
    last === undefined
      ? { epoch: ns.epoch, seq: ns.headSeq, hash: ns.headHash }
      : { epoch: ns.epoch, seq: last.seq, hash: last.hash };
  return { kind: 'page', events, next, hasMore: next.seq < ns.headSeq, head: ns.headSeq };
}

/** The rows after `seq` that belong to the same rearrangement, as far as one look goes. */
async function upToEnd(tx: ReadTx, ns: NamespaceId, seq: number): Promise<readonly JournalRead[]> {
  const rows = await tx.journalAfter(ns, seq, 256);
  const end = rows.findIndex((row) => !row.more);
  return end < 0 ? rows : rows.slice(0, end + 1);
}
