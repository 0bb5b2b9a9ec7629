/** The event ledger: what happened to which path, by which rule, for 30 days and more. */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

export interface LedgerEntry {
  readonly at: number;
  readonly node: NodeId;
  readonly path: string;
  readonly verb: string;
  readonly rule: string;
  readonly detail: string;
}

interface Row {
  at: number;
  node: string;
  path: string;
  verb: string;
  rule: string;
  detail: string;
}

const KEPT_MS = 45 * 86_400_000;
const toEntry = ({ at, node, path, verb, rule, detail }: Row): LedgerEntry => ({
  at,
  node: parseNodeId(node),
  path,
  verb,
  rule,
  detail,
});

export class Ledger {
  private readonly sql;

  constructor(db: Db) {
    this.sql = {
      add: db.prepare('INSERT INTO ledger (at, node, path, verb, rule, detail) VALUES (?, ?, ?, ?, ?, ?)'),
      ofNode: db.prepare<[string], Row>(
        'SELECT at, node, path, verb, rule, detail FROM ledger WHERE node = ? ORDER BY id DESC LIMIT 50',
      ),
      ofPath: db.prepare<[string], Row>(
        'SELECT at, node, path, verb, rule, detail FROM ledger WHERE path = ? ORDER BY id DESC LIMIT 50',
      ),
      recent: db.prepare<[number], Row>(
        'SELECT at, node, path, verb, rule, detail FROM ledger ORDER BY id DESC LIMIT ?',
      ),
      last: db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM ledger'),
      after: db.prepare<[number, number], Row & { id: number }>(
        'SELECT id, at, node, path, verb, rule, detail FROM ledger WHERE id > ? ORDER BY id LIMIT ?',
      ),
      expire: db.prepare('DELETE FROM ledger WHERE at < ?'),
    };
  }

  add(entry: LedgerEntry): void {
    this.sql.add.run(Math.floor(entry.at), entry.node, entry.path, entry.verb, entry.rule, entry.detail);
  }

  ofNode(node: NodeId): readonly LedgerEntry[] {
    return this.sql.ofNode.all(node).map(toEntry);
  }

  ofPath(path: string): readonly LedgerEntry[] {
    return this.sql.ofPath.all(path).map(toEntry);
  }

  recent(count: number): readonly LedgerEntry[] {
    return this.sql.recent.all(count).map(toEntry);
  }

  lastId(): number {
    return this.sql.last.get()?.id ?? 0;
  }

  /** Entries younger than `id`, oldest first. */
  after(id: number, count: number): readonly { readonly id: number; readonly entry: LedgerEntry }[] {
    return this.sql.after.all(id, count).map((row) => ({ id: row.id, entry: toEntry(row) }));
  }

  expire(now: number): void {
    this.sql.expire.run(Math.floor(now - KEPT_MS));
  }
}
