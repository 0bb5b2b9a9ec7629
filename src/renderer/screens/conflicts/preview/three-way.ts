/** Ancestor, theirs and mine cut into stretches that belong together, and the merge that follows from them. Pure. */
import { diffIndices } from 'node-diff3';

/** Lines [from, to) of each; `base` null when there is no ancestor. */
export interface Stretch {
  readonly kind: 'same' | 'theirs' | 'mine' | 'alike' | 'clash';
  readonly base: readonly string[];
  readonly theirs: readonly string[];
  readonly mine: readonly string[];
}

interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Pairs of equal lines that are worth looking at: beyond it, what differs is one hunk. */
const MOST_PAIRS = 4_000_000;

function pairs(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  let sum = 0;
  for (const line of b) sum += counts.get(line) ?? 0;
  return sum;
}

/** What must be done to `base` to have `other`. What both begin and end with is left out first: most edits are small. */
export function hunksOf(base: readonly string[], other: readonly string[]): readonly Hunk[] {
  const most = Math.min(base.length, other.length);
  let head = 0;
  while (head < most && base[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && base[base.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const before = base.slice(head, base.length - tail);
  const after = other.slice(head, other.length - tail);
  if (before.length === 0 && after.length === 0) return [];
  if (before.length === 0 || after.length === 0 || pairs(before, after) > MOST_PAIRS)
    return [{ from: head, to: head + before.length, lines: after }];
  return diffIndices(before, after).map(({ buffer1: [from, length], buffer2Content }) => ({
    from: head + from,
    to: head + from + length,
    lines: buffer2Content,
  }));
}

/** `hunks` played on lines [from, to) of the base. */
function played(base: readonly string[], from: number, to: number, hunks: readonly Hunk[]): string[] {
  const out: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    out.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  out.push(...base.slice(at, to));
  return out;
}

const isEqual = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, index) => line === b[index]);

function stretch(
  base: string[],
  theirs: string[],
  mine: string[],
  hasTheirs: boolean,
  hasMine: boolean,
): Stretch {
  const kind = !hasMine ? 'theirs' : !hasTheirs ? 'mine' : isEqual(theirs, mine) ? 'alike' : 'clash';
  return { kind, base, theirs, mine };
}

/** Changes of both sides that touch become one stretch. */
export function stretchesOf(
  base: readonly string[],
  theirs: readonly string[],
  mine: readonly string[],
): readonly Stretch[] {
  const left = [...hunksOf(base, theirs)];
  const right = [...hunksOf(base, mine)];
  const out: Stretch[] = [];
  let at = 0;
  const same = (to: number) => {
    if (to <= at) return;
    const lines = base.slice(at, to);
    out.push({ kind: 'same', base: lines, theirs: lines, mine: lines });
  };
  while (left.length > 0 || right.length > 0) {
    const from = Math.min(left[0]?.from ?? Infinity, right[0]?.from ?? Infinity);
    let to = from;
    const ours: Hunk[] = [];
    const yours: Hunk[] = [];
    // Each one taken may reach into the next of the other side.
    for (;;) {
      const side =
        (left[0]?.from ?? Infinity) <= to ? left : (right[0]?.from ?? Infinity) <= to ? right : null;
      const hunk = side?.shift();
      if (hunk === undefined) break;
      (side === left ? ours : yours).push(hunk);
      to = Math.max(to, hunk.to);
    }
    same(from);
    out.push(
      stretch(
        base.slice(from, to),
        played(base, from, to, ours),
        played(base, from, to, yours),
        ours.length > 0,
        yours.length > 0,
      ),
    );
    at = to;
  }
  same(base.length);
  return out;
}

/** Without an ancestor every difference is a clash: nobody can say who changed what. */
export function stretchesOfTwo(theirs: readonly string[], mine: readonly string[]): readonly Stretch[] {
  const out: Stretch[] = [];
  let at = 0;
  const same = (to: number) => {
    if (to <= at) return;
    const lines = theirs.slice(at, to);
    out.push({ kind: 'same', base: lines, theirs: lines, mine: lines });
  };
  for (const hunk of hunksOf(theirs, mine)) {
    same(hunk.from);
    out.push({ kind: 'clash', base: [], theirs: theirs.slice(hunk.from, hunk.to), mine: [...hunk.lines] });
    at = hunk.to;
  }
  same(theirs.length);
  return out;
}

export interface Counts {
  readonly added: number;
  readonly removed: number;
}
export function countsOf(base: readonly string[], other: readonly string[]): Counts {
  const hunks = hunksOf(base, other);
  return {
    added: hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0),
    removed: hunks.reduce((sum, hunk) => sum + hunk.to - hunk.from, 0),
  };
}
