/** This device's own trash: what was removed or displaced here, for 30 days. */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

export const TRASH_KEPT_MS = 30 * 86_400_000;

export interface Trashed {
  /** Name inside `.tidemark/trash`. */
  readonly name: string;
  readonly node: NodeId;
  readonly path: string;
  readonly kind: string;
  readonly version: string | null;
  readonly why: string;
  readonly at: number;
}

interface Row {
  name: string;
  node: string;
  path: string;
  kind: string;
  version: string | null;
  why: string;
  at: number;
}

const COLUMNS = 'name, node, path, kind, version, why, at';
const toTrashed = (row: Row): Trashed => ({ ...row, node: parseNodeId(row.node) });

export class TrashTable {
  private readonly sql;

  constructor(db: Db) {
    this.sql = {
      add: db.prepare(`INSERT OR REPLACE INTO trash (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`),
      get: db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM trash WHERE name = ?`),
      names: db.prepare<[], { name: string }>('SELECT name FROM trash'),
      list: db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM trash ORDER BY at DESC LIMIT ?`),
      keptOnly: db.prepare<[number, number, string, number], Row>(
        `SELECT ${COLUMNS} FROM trash WHERE version IS NULL AND (at < ? OR (at = ? AND name < ?))
         ORDER BY at DESC, name DESC LIMIT ?`,
      ),
      olderThan: db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM trash WHERE at < ? LIMIT 1000`),
      remove: db.prepare('DELETE FROM trash WHERE name = ?'),
    };
  }

  add(item: Trashed): void {
    this.sql.add.run(item.name, item.node, item.path, item.kind, item.version, item.why, Math.floor(item.at));
  }

  get(name: string): Trashed | null {
    const row = this.sql.get.get(name);
    return row ? toTrashed(row) : null;
  }

  list(limit = 1000): readonly Trashed[] {
    return this.sql.list.all(limit).map(toTrashed);
  }

  /** Everything that is listed. */
  names(): Set<string> {
    return new Set(this.sql.names.all().map((row) => row.name));
  }

  /** Contents that never were a version, newest first, after one of them (null: from the newest on). */
  keptOnly(after: { readonly at: number; readonly name: string } | null, limit: number): readonly Trashed[] {
    const { at, name } = after ?? { at: Number.MAX_SAFE_INTEGER, name: '' };
    return this.sql.keptOnly.all(at, at, name, limit).map(toTrashed);
  }

  /** A thousand at most. */
  olderThan(at: number): readonly Trashed[] {
    return this.sql.olderThan.all(Math.floor(at)).map(toTrashed);
  }

  remove(name: string): void {
    this.sql.remove.run(name);
  }
}
