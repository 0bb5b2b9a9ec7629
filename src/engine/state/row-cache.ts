/**
 * Rows of one tree that were read or are known to be absent. One file's way through the engine asks for the same few
 * rows a dozen times; the database is asked once. Every write of a row forgets it; a rollback forgets everything.
 */
import type { NodeId } from '../../protocol/ids.ts';

const MOST = 8192;

export class RowCache<Row> {
  private readonly rows = new Map<NodeId, Row | null>();

  get(node: NodeId, read: () => Row | null): Row | null {
    const known = this.rows.get(node);
    if (known !== undefined) return known;
    const row = read();
    if (this.rows.size >= MOST) this.rows.clear();
    this.rows.set(node, row);
    return row;
  }

  forget(node: NodeId): void {
    this.rows.delete(node);
  }

  clear(): void {
    this.rows.clear();
  }
}
