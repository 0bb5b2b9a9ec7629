/**
 * Changes of names that are only in memory yet, in order, and which of them a power cut takes back.
 *
 * What real file systems promise: ext4, btrfs and XFS journal names, so that one rename or exchange happens as a whole or
 * not at all, and commit them within seconds; a flush of a folder makes its names durable. ext4 keeps their order. POSIX
 * promises no order between different folders, and btrfs uses that freedom: hence any set of changes may be lost here, as
 * long as nothing stays that builds on what was lost.
 */
import type { Stream } from './random.ts';
import type { SimNode } from './volume-node.ts';

/** A change of one or two names. Two of them build on each other when one writes what the other reads or writes. */
export interface EntryChange {
  readonly at: number;
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** Whose flush makes it durable. */
  readonly folders: readonly SimNode[];
  readonly undo: () => void;
}

/** The latest that a journal commits by itself. */
const COMMIT_WITHIN_MS = 30_000;
const PRUNE_FROM = 512;

class Marks {
  readonly #writes = new Set<string>();
  readonly #reads = new Set<string>();

  add(change: EntryChange): void {
    for (const key of change.writes) this.#writes.add(key);
    for (const key of change.reads) this.#reads.add(key);
  }

  /** One of the changes marked and this one build on each other. */
  touch({ writes, reads }: EntryChange): boolean {
    return (
      writes.some((key) => this.#writes.has(key) || this.#reads.has(key)) ||
      reads.some((key) => this.#writes.has(key))
    );
  }
}

export class UnflushedNames {
  #changes: EntryChange[] = [];

  note(change: EntryChange): void {
    this.#changes.push(change);
    if (this.#changes.length % PRUNE_FROM === 0) this.#commitUntil(change.at - COMMIT_WITHIN_MS);
  }

  /** `fsync` of a folder: its names, and whatever they build on. */
  flush(folder: SimNode): void {
    const durable = new Marks();
    const left: EntryChange[] = [];
    for (const change of this.#changes.toReversed()) {
      if (change.folders.includes(folder) || durable.touch(change)) durable.add(change);
      else left.push(change);
    }
    this.#changes = left.toReversed();
  }

  flushAll(): void {
    this.#changes = [];
  }

  /** The power is cut: takes back what never reached the disk, the newest first. The answer is how many changes. */
  cut(now: number, stream: Stream): number {
    this.#commitUntil(now - stream.fraction() * COMMIT_WITHIN_MS);
    const isTaken = stream.chance(0.5) ? this.#inOrder(stream) : this.#inAnyOrder(stream);
    const taken = new Marks();
    const lost: EntryChange[] = [];
    for (const change of this.#changes) {
      if (!taken.touch(change) && !isTaken()) continue;
      taken.add(change);
      lost.push(change);
    }
    for (const change of lost.toReversed()) change.undo();
    this.#changes = [];
    return lost.length;
  }

  /** Everything up to one moment, and nothing after it. */
  #inOrder(stream: Stream): () => boolean {
    let left = stream.below(this.#changes.length + 1);
    return () => {
      left -= 1;
      return left < 0;
    };
  }

  #inAnyOrder(stream: Stream): () => boolean {
    const likelihood = stream.fraction();
    return () => stream.chance(likelihood);
  }

  #commitUntil(time: number): void {
    const first = this.#changes.findIndex(({ at }) => at > time);
    this.#changes = first < 0 ? [] : this.#changes.slice(first);
  }
}
