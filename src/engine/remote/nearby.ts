/**
 * Which old chunks a new one was probably made from. Pure. What both versions share fixes how far the new bytes lie from
 * the old ones: by the common chunk before and by the one after (the ends of the file count as common).
 */
import type { ChunkId } from '../../protocol/ids.ts';

export interface ChunkSize {
  readonly id: ChunkId;
  readonly size: number;
}

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

  /** Old chunks for the new chunk at `index`, likeliest first. */
  near(index: number, most: number): readonly ChunkId[] {
    const found = new Set<ChunkId>();
    const end = this.#ends[index]!;
    const start = end - this.#chunks[index]!.size;
    const ranges = [this.#shiftBefore[index]!, this.#shiftAfter[index]!].map((shift) =>
      this.#overlapping(start + shift, end + shift),
    );
    const add = (at: number): void => {
      const chunk = this.#old[at];
      if (chunk !== undefined && found.size < most) found.add(chunk.id);
    };
    for (const [first, last] of ranges) for (let at = first; at <= last; at += 1) add(at);
    for (const [first, last] of ranges) {
      add(first - 1);
      add(last + 1);
    }
    return [...found];
  }

  #shiftOf(index: number, oldStart: ReadonlyMap<ChunkId, number>): Shift | null {
    const chunk = this.#chunks[index]!;
    const start = oldStart.get(chunk.id);
    return start === undefined ? null : start - (this.#ends[index]! - chunk.size);
  }

  /** First and last old chunk that share a byte with [start, end); the last is before the first when none does. */
  #overlapping(start: number, end: number): readonly [number, number] {
    const first = this.#firstEndingAfter(start);
    let last = first - 1;
    while (last + 1 < this.#old.length && this.#oldEnds[last + 1]! - this.#old[last + 1]!.size < end)
      last += 1;
    return [first, last];
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
