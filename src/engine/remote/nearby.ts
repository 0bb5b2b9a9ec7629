/**
 * Which old chunks a new one was probably made from. Pure. What both versions share fixes how far the new bytes lie from
 * the old ones: by the common chunk before and by the one after (the ends of the file count as common).
 */
import type { ChunkId } from '../../protocol/ids.ts';

export interface ChunkSize {
  readonly id: ChunkId;
  readonly size: number;
}

/** A shorter common place holds no sub-chunk worth finding. */
const LEAST_OVERLAP = 4096;

/** Distance from a place in the new version to its place in the old one. */
type Shift = number;

export class Neighbourhood {
  readonly #chunks: readonly ChunkSize[];
  readonly #old: readonly ChunkSize[];
  readonly #oldEnds: readonly number[];
  readonly #ends: readonly number[];
  readonly #shiftBefore: readonly Shift[];
  readonly #shiftAfter: readonly Shift[];

  constructor(chunks: readonly ChunkSize[], old: readonly ChunkSize[]) {
    this.#chunks = chunks;
    this.#old = old;
    this.#ends = endsOf(chunks);
    this.#oldEnds = endsOf(old);
    const oldStart = new Map<ChunkId, number>();
    for (const [i, chunk] of old.entries()) oldStart.set(chunk.id, this.#oldEnds[i]! - chunk.size);
    const before: Shift[] = [];
    const after: Shift[] = [];
    let shift = 0;
    for (let i = 0; i < chunks.length; i += 1) {
      before.push(shift);
      shift = this.#shiftOf(i, oldStart) ?? shift;
    }
    shift = (this.#oldEnds.at(-1) ?? 0) - (this.#ends.at(-1) ?? 0);
    for (let i = chunks.length - 1; i >= 0; i -= 1) {
      after.push(shift);
      shift = this.#shiftOf(i, oldStart) ?? shift;
    }
    this.#shiftBefore = before;
    this.#shiftAfter = after.reverse();
  }

  /**
   * Old chunks for the new chunk at `index`, likeliest first: those with the longest common place; where there are none
   * (a place that is all new), those beside it.
   */
  near(index: number, most: number): readonly ChunkId[] {
    const end = this.#ends[index]!;
    const { size } = this.#chunks[index]!;
    const shifts = new Set([this.#shiftBefore[index]!, this.#shiftAfter[index]!]);
    const overlaps = new Map<ChunkId, number>();
    const neighbours: number[] = [];
    for (const shift of shifts) {
      let at = this.#firstEndingAfter(end - size + shift);
      neighbours.push(at - 1);
      for (; at < this.#old.length; at += 1) {
        const overlap = this.#overlap(at, end - size + shift, end + shift);
        if (overlap <= 0) break;
        const { id } = this.#old[at]!;
        overlaps.set(id, Math.max(overlaps.get(id) ?? 0, overlap));
      }
      neighbours.push(at);
    }
    const least = Math.min(LEAST_OVERLAP, size / 16);
    const ranked = [...overlaps].filter(([, overlap]) => overlap >= least).sort((a, b) => b[1] - a[1]);
    const found = new Set(ranked.map(([id]) => id));
    if (found.size === 0) {
      for (const at of neighbours) if (this.#old[at] !== undefined) found.add(this.#old[at].id);
    }
    return [...found].slice(0, most);
  }

  /** Bytes of [start, end) that lie in the old chunk at `at`. */
  #overlap(at: number, start: number, end: number): number {
    const oldEnd = this.#oldEnds[at]!;
    return Math.min(end, oldEnd) - Math.max(start, oldEnd - this.#old[at]!.size);
  }

  #shiftOf(index: number, oldStart: ReadonlyMap<ChunkId, number>): Shift | null {
    const chunk = this.#chunks[index]!;
    const start = oldStart.get(chunk.id);
    return start === undefined ? null : start - (this.#ends[index]! - chunk.size);
  }

  #firstEndingAfter(place: number): number {
    let low = 0;
    let high = this.#oldEnds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#oldEnds[middle]! > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function endsOf(chunks: readonly ChunkSize[]): readonly number[] {
  let end = 0;
  return chunks.map((chunk) => {
    end += chunk.size;
    return end;
  });
}
