/** Conflicts as the journal tells them: kept by id, so that a renamed copy stays a conflict. */
import { type ConflictId, parseConflictId } from '../../protocol/ids.ts';
import { WireConflict } from '../../protocol/journal.ts';
import { parserOf } from '../../protocol/schema.ts';
import type { Db } from './database.ts';

const parse = parserOf(WireConflict);

export class Conflicts {
  private readonly sql;

  constructor(db: Db) {
    this.sql = {
      put: db.prepare(
        'INSERT OR REPLACE INTO conflicts (id, original, copy, body, status) VALUES (?, ?, ?, ?, ?)',
      ),
      open: db.prepare<[], { body: string }>("SELECT body FROM conflicts WHERE status = 'open' ORDER BY id"),
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
    return this.sql.open.all().flatMap((row) => {
      const parsed = parse(JSON.parse(row.body));
      return parsed.kind === 'ok' ? [parsed.value] : [];
    });
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
