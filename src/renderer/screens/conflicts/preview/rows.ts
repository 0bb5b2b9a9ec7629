/** Stretches as rows of three columns: lines that belong together stand side by side. Pure. */
import type { Stretch } from './three-way.ts';

export interface Cell {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}
export type Row =
  | {
      readonly kind: Stretch['kind'];
      readonly base: Cell | null;
      readonly theirs: Cell | null;
      readonly mine: Cell | null;
      /** Which stretch of those that differ, from 0; null where nothing differs. */
      readonly change: number | null;
    }
  | { readonly kind: 'folded'; readonly lines: number; readonly id: number };

/** Lines around a change that stay in view, and how many must be saved for a fold to be worth it. */
const AROUND = 3;
const WORTH = 4;

/** Unchanged stretches are folded, but for those whose index is in `open`. */
export function rowsOf(stretches: readonly Stretch[], open: ReadonlySet<number>): readonly Row[] {
  const rows: Row[] = [];
  const at = { base: 1, theirs: 1, mine: 1 };
  let change = 0;
  stretches.forEach((stretch, index) => {
    const length = Math.max(stretch.base.length, stretch.theirs.length, stretch.mine.length);
    const isSame = stretch.kind === 'same';
    const head = index === 0 ? 0 : AROUND;
    const tail = index === stretches.length - 1 ? 0 : AROUND;
    const hidden = isSame && !open.has(index) ? length - head - tail : 0;
    for (let line = 0; line < length; line += 1) {
      const isFolded = hidden > WORTH && line >= head && line < length - tail;
      if (isFolded) {
        if (line === head) rows.push({ kind: 'folded', lines: hidden, id: index });
        continue;
      }
      const cell = (side: 'base' | 'theirs' | 'mine'): Cell | null => {
        const text = stretch[side][line];
        return text === undefined ? null : { number: at[side] + line, text };
      };
      rows.push({
        kind: stretch.kind,
        base: cell('base'),
        theirs: cell('theirs'),
        mine: cell('mine'),
        change: isSame ? null : change,
      });
    }
    at.base += stretch.base.length;
    at.theirs += stretch.theirs.length;
    at.mine += stretch.mine.length;
    if (!isSame) change += 1;
  });
  return rows;
}

/** Index of the first row of each change. */
export function changeStarts(rows: readonly Row[]): readonly number[] {
  const starts: number[] = [];
  rows.forEach((row, index) => {
    if (row.kind !== 'folded' && row.change !== null && row.change === starts.length) starts.push(index);
  });
  return starts;
}
