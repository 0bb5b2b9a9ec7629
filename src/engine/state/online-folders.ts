/**
 * Which folders stay online by the user's choice, and what still has to leave this disk for it. Both are durable before
 * the first file moves: whatever is missing later is known to have left, and is never taken for deleted.
 */
import { type NodeId, parseNodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

export class OnlineFolders {
  private readonly sql;
  private readonly marked: Set<NodeId>;
  private readonly outgoing: Set<NodeId>;
  /** Folders were kept off this disk at some time since the start: what comes back brings its contents along. */
  private wasUsed: boolean;

  constructor(db: Db) {
    this.sql = {
      mark: db.prepare('INSERT OR IGNORE INTO online (node, since) VALUES (?, ?)'),
      unmark: db.prepare('DELETE FROM online WHERE node = ?'),
      leave: db.prepare('INSERT OR IGNORE INTO leaving (node) VALUES (?)'),
      left: db.prepare('DELETE FROM leaving WHERE node = ?'),
      marked: db.prepare<[], { node: string }>('SELECT node FROM online ORDER BY since, node'),
      leaving: db.prepare<[], { node: string }>('SELECT node FROM leaving ORDER BY node'),
    };
    this.marked = new Set();
    this.outgoing = new Set();
    this.wasUsed = false;
    this.forgetRows();
  }

  /** Rows were changed behind this object's back, or a transaction was undone. */
  forgetRows(): void {
    this.marked.clear();
    this.outgoing.clear();
    for (const row of this.sql.marked.all()) this.marked.add(parseNodeId(row.node));
    for (const row of this.sql.leaving.all()) this.outgoing.add(parseNodeId(row.node));
    this.wasUsed ||= this.marked.size > 0;
  }

  get size(): number {
    return this.marked.size;
  }

  get used(): boolean {
    return this.wasUsed;
  }

  has(folder: NodeId): boolean {
    return this.marked.has(folder);
  }

  folders(): readonly NodeId[] {
    return [...this.marked];
  }

  mark(folder: NodeId, at: number): void {
    if (folder === ROOT_NODE) throw new Error('the root cannot stay online');
    this.sql.mark.run(folder, Math.floor(at));
    this.marked.add(folder);
    this.wasUsed = true;
  }

  unmark(folder: NodeId): void {
    this.sql.unmark.run(folder);
    this.marked.delete(folder);
  }

  isLeaving(node: NodeId): boolean {
    return this.outgoing.has(node);
  }

  leaving(): readonly NodeId[] {
    return [...this.outgoing];
  }

  leave(node: NodeId): void {
    this.sql.leave.run(node);
    this.outgoing.add(node);
  }

  /** It has left, or it stays after all. */
  settle(node: NodeId): boolean {
    if (!this.outgoing.delete(node)) return false;
    this.sql.left.run(node);
    return true;
  }

  /** What was to leave is not known any more: it stays until it is asked for again. */
  clearLeaving(): void {
    for (const node of this.leaving()) this.settle(node);
  }
}
