/** Cursors: (epoch, seq, running hash), and what one that arrives says about the device and about us (RULES 25). */
import type { Cursor } from '../../src/protocol/journal.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { NamespaceRow } from '../metadata/rows.ts';

export type CursorVerdict =
  /** A position of this journal. */
  | 'known'
  /** Older than what is kept. */
  | 'expired'
  /** Of an epoch that is over. */
  | 'other-epoch'
  /** Of this epoch, and we never were there: the device has seen a history that this database lost. */
  | 'unknown';

export async function judgeCursor(tx: ReadTx, ns: NamespaceRow, cursor: Cursor): Promise<CursorVerdict> {
  if (cursor.epoch !== ns.epoch) return 'other-epoch';
  if (cursor.seq > ns.headSeq) return 'unknown';
  if (cursor.seq < ns.floorSeq) return 'expired';
  return cursor.hash === (await hashAt(tx, ns, cursor.seq)) ? 'known' : 'unknown';
}

async function hashAt(tx: ReadTx, ns: NamespaceRow, seq: number): Promise<string | null> {
  if (seq === ns.headSeq) return ns.headHash;
  if (seq === ns.floorSeq) return ns.floorHash;
  return (await tx.journalRow(ns.id, seq))?.hash ?? null;
}

/** The newest position. */
export function headCursor(ns: NamespaceRow): Cursor {
  return { epoch: ns.epoch, seq: ns.headSeq, hash: ns.headHash };
}
