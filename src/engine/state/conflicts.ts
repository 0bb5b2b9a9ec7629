/** Conflicts as the journal tells them: kept by id, so that a renamed copy stays a conflict. */
import { type ConflictId, parseConflictId } from '../../protocol/ids.ts';
import { WireConflict } from '../../protocol/journal.ts';
import { parserOf } from '../../protocol/schema.ts';
import type { Db } from './database.ts';

const parse = parserOf(WireConflict);
const SETTLED_AT = "coalesce(json_extract(body, '$.settled.at'), 0)";

function read(row: { readonly body: string }): readonly WireConflict[] {
  const parsed = parse(JSON.parse(row.body));
  return parsed.kind === 'ok' ? [parsed.value] : [];
}

export class Conflicts {
  private readonly sql;

  constructor(db: Db) {
    this.sql = {
      put: db.prepare(
        'INSERT OR REPLACE INTO conflicts (id, original, copy, body, status) VALUES (?, ?, ?, ?, ?)',
      ),
      open: db.prepare<[], { body: string }>("SELECT body FROM conflicts WHERE status = 'open' ORDER BY id"),
      openAfter: db.prepare<[string, number], { body: string }>(
        "SELECT body FROM conflicts WHERE status = 'open' AND id > ? ORDER BY id LIMIT ?",
      ),
      settledBefore: db.prepare<[number, number, number, string, number], { body: string }>(
        `SELECT body FROM conflicts WHERE status = 'resolved' AND ${SETTLED_AT} >= ?
           AND (${SETTLED_AT} < ? OR (${SETTLED_AT} = ? AND id < ?))
         ORDER BY ${SETTLED_AT} DESC, id DESC LIMIT ?`,
      ),
      countSettled: db.prepare<[number], { count: number }>(
        `SELECT count(*) AS count FROM conflicts WHERE status = 'resolved' AND ${SETTLED_AT} >= ?`,
      ),
      get: db.prepare<[string], { body: string }>('SELECT body FROM conflicts WHERE id = ?'),
      count: db.prepare<[], { count: number }>(
        "SELECT count(*) AS count FROM conflicts WHERE status = 'open'",
      ),
      clear: db.prepare('DELETE FROM conflicts'),
    };
  }

  put(conflict: WireConflict): void {
    this.sql.put.run(
      conflict.id,
      conflict.original,
      conflict.copy,
      JSON.stringify(conflict),
      conflict.status,
    );
  }

  open(): readonly WireConflict[] {
    return this.sql.open.all().flatMap(read);
  }

  /** The next open ones by id, after one. */
  openAfter(id: string, limit: number): readonly WireConflict[] {
    return this.sql.openAfter.all(id, limit).flatMap(read);
  }

  /** Settled since a moment, the latest first, after one of them (null: from the latest on). */
  settledSince(
    since: number,
    after: { readonly at: number; readonly id: string } | null,
    limit: number,
  ): readonly WireConflict[] {
    const { at, id } = after ?? { at: Number.MAX_SAFE_INTEGER, id: '' };
    return this.sql.settledBefore.all(since, at, at, id, limit).flatMap(read);
  }

  countSettled(since: number): number {
    return this.sql.countSettled.get(since)?.count ?? 0;
  }

  get(id: ConflictId | string): WireConflict | null {
    const row = this.sql.get.get(parseConflictId(id));
    const parsed = row ? parse(JSON.parse(row.body)) : null;
    return parsed?.kind === 'ok' ? parsed.value : null;
  }

  count(): number {
    return this.sql.count.get()?.count ?? 0;
  }

  clear(): void {
    this.sql.clear.run();
  }
}
