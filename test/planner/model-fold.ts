/**
 * A device's remote tree. The journal, in its order, gives exactly the server's tree at the cursor. Answers to claims run
 * ahead of it: what they tell is shown at once, and beside it the row as of the cursor is kept and carried on. When the
 * cursor has come past an answer, that row counts again. So nothing steps back, and no guess outlives the journal.
 */
import type { NodeId } from '../../src/protocol/ids.ts';
import type { MemoryTrees, RemoteNode } from './memory-trees.ts';
import type { Event } from './model-claims.ts';

export class RemoteFold {
  private readonly trees: MemoryTrees;
  /** Rows as of the cursor, of the nodes that answers have brought further; `null`: not there yet. */
  private readonly behind = new Map<NodeId, RemoteNode | null>();
  /** Up to which seq the journal has to come for them. */
  private readonly ahead = new Map<NodeId, number>();

  constructor(trees: MemoryTrees) {
    this.trees = trees;
  }

  /** The next journal row. */
  journal(event: Event): void {
    const parent = event.parent;
    if (this.trees.remote(parent) === null && !this.behind.get(parent))
      throw new Error('a child before its parent');
    this.write(rowOf(event));
    this.below(
      event,
      (folder) => this.childrenBehind(folder),
      (row) => this.write(row),
    );
  }

  /** The cursor has come to `seq`. */
  reach(seq: number): void {
    for (const [node, until] of this.ahead) {
      if (until > seq) continue;
      const row = this.behind.get(node);
      if (row) this.trees.remotes.put(row);
      else this.trees.remotes.remove(node);
      this.behind.delete(node);
      this.ahead.delete(node);
    }
    this.trees.cursorSeq = seq;
  }

  /** A row of an answer; old ones (the journal has been there) say nothing new. */
  answer(event: Event): void {
    const old = this.trees.remotes.get(event.node);
    const seq = Math.max(event.entrySeq, event.head?.seq ?? 0);
    if (seq <= this.trees.cursorSeq || (!old && !this.trees.remote(event.parent))) return;
    const row = rowOf(event);
    const entry = !old || row.entrySeq >= old.entrySeq ? row : old;
    const head = (row.head?.seq ?? 0) >= (old?.head?.seq ?? 0) ? row.head : (old?.head ?? null);
    this.show({ ...entry, head }, seq);
    this.below(
      event,
      (folder) => [...this.trees.remotes.childrenOf(folder)],
      (each) => this.show(each, event.seq),
    );
  }

  private show(row: RemoteNode, seq: number): void {
    if (!this.behind.has(row.node)) this.behind.set(row.node, this.trees.remotes.get(row.node));
    this.ahead.set(row.node, Math.max(seq, this.ahead.get(row.node) ?? 0));
    this.trees.remotes.put(row);
  }

  private write(row: RemoteNode): void {
    if (this.behind.has(row.node)) this.behind.set(row.node, row);
    else this.trees.remotes.put(row);
  }

  private childrenBehind(folder: NodeId): RemoteNode[] {
    const shown = [...this.trees.remotes.childrenOf(folder)].filter((row) => !this.behind.has(row.node));
    return [...shown, ...[...this.behind.values()].filter((row) => row?.parent === folder)].filter(
      (row) => row !== null,
    );
  }

  /** What dies or lives again with a folder. */
  private below(
    event: Event,
    children: (folder: NodeId) => RemoteNode[],
    put: (row: RemoteNode) => void,
  ): void {
    if (event.subtree !== 'dead' && event.subtree !== 'revived') return;
    const live = event.subtree === 'revived';
    const walk = (folder: NodeId): void => {
      for (const row of children(folder)) {
        if (live ? row.deadSeq !== event.batch : !row.live) continue;
        put({
          ...row,
          live,
          deadSeq: live ? null : event.seq,
          entrySeq: event.seq,
          entryRev: row.entryRev + 1,
        });
        walk(row.node);
      }
    };
    walk(event.node);
  }
}

function rowOf({ node, kind, parent, name, live, rev, entrySeq, deadSeq, head }: Event): RemoteNode {
  return { node, kind, parent, name, live, entryRev: rev, entrySeq, deadSeq, approved: false, head };
}
