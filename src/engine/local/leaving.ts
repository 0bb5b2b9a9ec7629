/**
 * Files that were seen at a new name while their old one was empty. Either they moved, or an editor is between "rename
 * the old file away" and "write the new one": it is a move only if the old name stays empty for a while.
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { Clock } from '../environment/environment.ts';
import type { ObservedNode } from '../state/local-tree.ts';

const PATIENCE_MS = 80;
/** A look that never came back must not keep a node for ever. */
const FORGET_MS = 1000;

export class LeavingNodes {
  private readonly clock: Clock;
  private readonly lookAt: (parent: NodeId, name: string) => void;
  private readonly since = new Map<NodeId, number>();

  constructor(clock: Clock, lookAt: (parent: NodeId, name: string) => void) {
    this.clock = clock;
    this.lookAt = lookAt;
  }

  get size(): number {
    return this.since.size;
  }

  /** Has the old name of `row` been empty long enough? If not, the new name is looked at again in time. */
  isSettled(row: ObservedNode, at: { readonly parent: NodeId; readonly name: string }): boolean {
    const now = this.clock.monotonic();
    const since = this.since.get(row.node);
    if (since !== undefined && now - since >= PATIENCE_MS) {
      this.since.delete(row.node);
      return true;
    }
    if (since === undefined) {
      this.since.set(row.node, now);
      // It may have left once more meanwhile: that is another look's to forget.
      this.clock.after(FORGET_MS, () => {
        if (this.since.get(row.node) === now) this.since.delete(row.node);
      });
    }
    this.clock.after(PATIENCE_MS, () => this.lookAt(at.parent, at.name));
    return false;
  }

  /** Not to be taken for deleted: it has been seen elsewhere. */
  has(node: NodeId): boolean {
    return this.since.has(node);
  }
}
