/**
 * Rows of one tree that were read or are known to be absent. One file's way through the engine asks for the same few
 * rows a dozen times; the database is asked once. A write of a row sets or forgets it; a rollback forgets everything.
 */
import type { NodeId } from '../../protocol/ids.ts';

const MOST = 8192;

export class RowCache<Row> {
  private readonly rows = new Map<NodeId, Row | null>();

  get(node: NodeId, read: () => Row | null): Row | null {
    const known = this.rows.get(node);
    if (known !== undefined) return known;
    const row = read();
    this.set(node, row);
    return row;
  }

  /** As written just now; `null`: there is none. The one that has been here longest makes room. */
  set(node: NodeId, row: Row | null): void {
    if (this.rows.size >= MOST && !this.rows.has(node))
      for (const oldest of this.rows.keys()) {
        this.rows.delete(oldest);
        break;
      }
    this.rows.set(node, row);
  }

  /** Is it remembered that there is no such row? */
  knowsAbsent(node: NodeId): boolean {
    return this.rows.get(node) === null;
  }

  forget(node: NodeId): void {
    this.rows.delete(node);
  }

  clear(): void {
    this.rows.clear();
  }
}
