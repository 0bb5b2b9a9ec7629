/**
 * Journal rows this device made itself and has folded from the answers. When they follow the cursor without a gap, the
 * cursor goes on past them: nobody has to read again what he wrote. A gap is somebody else's row; then the journal is read.
 */
import type { Cursor } from '../../protocol/journal.ts';

/** More than this in hand means that others write too: the journal is read soon anyway. */
const MOST = 20_000;

export class OwnRows {
  private readonly seqs = new Set<number>();
  private readonly ends = new Map<number, Cursor>();

  folded(seq: number): void {
    if (this.seqs.size >= MOST) this.clear();
    this.seqs.add(seq);
  }

  /** Where the journal stood when a batch of ours had been decided. */
  ended(cursor: Cursor): void {
    this.ends.set(cursor.seq, cursor);
  }

  /** The furthest cursor that is reached from `from` over rows of our own alone, or `null`. */
  advance(from: Cursor | null): Cursor | null {
    if (from === null) return null;
    let furthest: Cursor | null = null;
    for (let seq = from.seq + 1; this.seqs.has(seq); seq += 1) {
      const end = this.ends.get(seq);
      if (end && end.epoch === from.epoch) furthest = end;
    }
    this.forgetUpTo(furthest?.seq ?? from.seq);
    return furthest;
  }

  /**
   * May these answers be folded now? Only if everything they tell lies behind the cursor or follows it row by row, all
   * our own: a folder's event speaks for all below it, and means something else when a row before it is missing. `made`:
   * what of `told` are rows of ours.
   */
  inOrder(from: Cursor | null, told: readonly number[], made: ReadonlySet<number>): boolean {
    if (from === null) return false;
    const last = told.reduce((furthest, seq) => Math.max(furthest, seq), from.seq);
    for (let seq = from.seq + 1; seq <= last; seq += 1)
      if (!made.has(seq) && !this.seqs.has(seq)) return false;
    return true;
  }

  private forgetUpTo(seq: number): void {
    for (const each of this.seqs) if (each <= seq) this.seqs.delete(each);
    for (const each of this.ends.keys()) if (each <= seq) this.ends.delete(each);
  }

  clear(): void {
    this.seqs.clear();
    this.ends.clear();
  }
}
