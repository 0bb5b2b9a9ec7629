/** Which files are under way and how far: noted where bytes move, asked when somebody looks. */
import type { NodeId } from '../../protocol/ids.ts';

export type TransferDirection = 'up' | 'down';

export interface Moving {
  readonly node: NodeId;
  readonly direction: TransferDirection;
  readonly done: number;
  readonly total: number;
}

export class TransferMeter {
  private readonly files = { up: new Map<NodeId, Tally>(), down: new Map<NodeId, Tally>() };
  /** Bytes of files that were brought over since the start, whatever of them had to travel. */
  readonly moved = { up: 0, down: 0 };
  private readonly hearers = new Set<(begun: Moving) => void>();

  begin(node: NodeId, direction: TransferDirection, total: number): void {
    this.files[direction].set(node, { done: 0, total });
    for (const hear of this.hearers) hear({ node, direction, done: 0, total });
  }

  /** Hears when something begins to move. Answers with what ends that. */
  onBegin(hear: (begun: Moving) => void): () => void {
    this.hearers.add(hear);
    return () => void this.hearers.delete(hear);
  }

  add(node: NodeId, direction: TransferDirection, bytes: number): void {
    const file = this.files[direction].get(node);
    if (!file) return;
    const more = Math.min(bytes, file.total - file.done);
    file.done += more;
    this.moved[direction] += more;
  }

  end(node: NodeId, direction: TransferDirection): void {
    this.files[direction].delete(node);
  }

  get count(): number {
    return this.files.up.size + this.files.down.size;
  }

  /** The first `most`, those that are on their way the longest. */
  list(most: number, directions: readonly TransferDirection[] = ['up', 'down']): readonly Moving[] {
    const found: Moving[] = [];
    for (const direction of directions)
      for (const [node, { done, total }] of this.files[direction]) {
        if (found.length >= most) return found;
        found.push({ node, direction, done, total });
      }
    return found;
  }

  /** Bytes that the files under way still lack. */
  left(direction: TransferDirection): number {
    let bytes = 0;
    for (const { done, total } of this.files[direction].values()) bytes += total - done;
    return bytes;
  }
}

interface Tally {
  done: number;
  readonly total: number;
}
