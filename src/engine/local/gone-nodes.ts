/**
 * Nodes that both sides agreed on and that this disk does not show any more, by the object they were. What nobody told of
 * when it was renamed turns up later as a newcomer: as long as its deletion is not told, it is the same node, with its
 * history. Only where birth times tell an object from the next one with its inode.
 */
import type { NodeKind } from '../../protocol/content.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { Operations } from '../executor/operations.ts';
import { decodeStamp } from '../state/stamps.ts';
import type { State } from '../state/state.ts';

export class GoneNodes {
  private readonly state: State;
  private readonly operations: Operations;
  /** Null until something is new: then those of earlier lives are looked up, once. */
  private byFile: Map<string, NodeId> | null = null;

  constructor(state: State, operations: Operations) {
    this.state = state;
    this.operations = operations;
  }

  /** It is gone from this disk. */
  note(node: NodeId): void {
    const synced = this.state.synced.get(node);
    if (synced && this.byFile) this.remember(this.byFile, node, synced.stamp);
  }

  /** The node that this newcomer is, or `null`. */
  take(stamp: Stamp, kind: NodeKind): NodeId | null {
    if (!stamp.trusted) return null;
    const byFile = this.known();
    const node = byFile.get(stamp.fileId);
    if (node === undefined) return null;
    byFile.delete(stamp.fileId);
    const { state, operations } = this;
    const isGone = state.synced.get(node)?.kind === kind && state.local.get(node) === null;
    const isTold = operations.inFlight(node) || state.remote.get(node)?.live !== true;
    return isGone && !isTold ? node : null;
  }

  private known(): Map<string, NodeId> {
    if (this.byFile) return this.byFile;
    const byFile = new Map<string, NodeId>();
    for (const { node, stamp } of this.state.synced.withoutLocal()) this.remember(byFile, node, stamp);
    this.byFile = byFile;
    return byFile;
  }

  private remember(byFile: Map<string, NodeId>, node: NodeId, stamp: string): void {
    const parts = decodeStamp(stamp);
    if (parts) byFile.set(parts.fileId, node);
  }
}
