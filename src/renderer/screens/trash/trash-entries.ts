/** Rows of the trash as they are listed: what was deleted together stands below one line. Pure. */
import type { TrashRow } from '../../../ipc/history.ts';

export interface BatchHead {
  readonly kind: 'batch';
  readonly batch: string;
  readonly device: string;
  readonly user: string;
  readonly deletedAt: number;
  /** As far as it is known now. */
  readonly tally: () => Tally;
}
export type TrashEntry =
  | BatchHead
  | { readonly kind: 'item'; readonly item: TrashRow; readonly inBatch: boolean };

export interface Tally {
  /** Things of the batch that were seen so far. */
  readonly things: number;
  /** More may come. */
  readonly open: boolean;
}

const thingsOf = (row: TrashRow): number => 1 + row.below;

export function matches(row: TrashRow, search: string): boolean {
  return row.path.toLowerCase().includes(search);
}

/**
 * Groups pages as they come. Of a batch only its sum is kept, and only for batches of which more than one row was
 * seen, so that a long trash costs no memory.
 */
export class TrashGrouping {
  readonly #lastBefore = new Map<string, string>();
  readonly #tallies = new Map<string, Tally>();
  readonly #counted = new Set<string>();

  tally(batch: string): Tally {
    return this.#tallies.get(batch) ?? { things: 0, open: false };
  }

  /** `after` names the page; `next` the one behind it. */
  entries(rows: readonly TrashRow[], after: string | undefined, next: string | null): readonly TrashEntry[] {
    const isNew = !this.#counted.has(after ?? '');
    this.#counted.add(after ?? '');
    const before = after === undefined ? null : (this.#lastBefore.get(after) ?? null);
    let running = before;
    const entries: TrashEntry[] = [];
    for (const [index, row] of rows.entries()) {
      const { batch } = row;
      const isLast = index === rows.length - 1 && next !== null;
      const follows = batch !== null && batch === running;
      const leads = batch !== null && !follows && (isLast || rows[index + 1]?.batch === batch);
      if (leads) entries.push({ ...headOf(row, batch), tally: () => this.tally(batch) });
      if (isNew && batch !== null && (follows || leads)) this.#count(batch, row, isLast);
      entries.push({ kind: 'item', item: row, inBatch: follows || leads });
      running = batch;
    }
    if (next !== null && running !== null) this.#lastBefore.set(next, running);
    if (isNew) this.#close(rows, before, next);
    return entries;
  }

  /** What ran on from the page before ends where another batch follows, and at the end of all. */
  #close(rows: readonly TrashRow[], before: string | null, next: string | null): void {
    const hasEnded = rows.length > 0 ? rows[0]?.batch !== before : next === null;
    const tally = before === null ? undefined : this.#tallies.get(before);
    if (before !== null && tally !== undefined && hasEnded) {
      this.#tallies.set(before, { ...tally, open: false });
    }
  }

  #count(batch: string, row: TrashRow, open: boolean): void {
    this.#tallies.set(batch, { things: this.tally(batch).things + thingsOf(row), open });
  }
}

function headOf({ device, user, deletedAt }: TrashRow, batch: string): Omit<BatchHead, 'tally'> {
  return { kind: 'batch', batch, device, user, deletedAt };
}
