/**
 * Exchanges about to be made: durable before the first, so that after any stop staging is known to hold either our copy
 * or what the user had there (RULES 18).
 */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import { type Db, durably } from './database.ts';

export interface ExchangeIntent {
  readonly node: NodeId;
  /** Name in staging. */
  readonly staged: string;
  readonly path: string;
  /** Of what stood at the path and was agreed on; '' in a state from before it was noted. */
  readonly stamp: string;
}

export class ExchangeIntents {
  private readonly db: Db;
  private readonly sql;

  constructor(db: Db) {
    this.db = db;
    this.sql = {
      put: db.prepare(
        "INSERT OR REPLACE INTO intents (node, kind, staged, path, stamp, at) VALUES (?, 'exchange', ?, ?, ?, 0)",
      ),
      touch: db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('placing', '')"),
      remove: db.prepare('DELETE FROM intents WHERE node = ?'),
      all: db.prepare<[], { node: string; staged: string; path: string; stamp: string }>(
        'SELECT node, staged, path, stamp FROM intents',
      ),
    };
  }

  /**
   * Also before files are placed under free names, with none of these: whatever the state knows of them is flushed, or a
   * power cut leaves files on the disk that nobody remembers, and they count as the user's.
   */
  begin(intents: readonly ExchangeIntent[]): void {
    durably(this.db, () => {
      // An empty transaction flushes nothing.
      this.sql.touch.run();
      for (const { node, staged, path, stamp } of intents) this.sql.put.run(node, staged, path, stamp);
    });
  }

  finish(intents: readonly Pick<ExchangeIntent, 'node'>[]): void {
    if (intents.length === 0) return;
    this.db.transaction(() => {
      for (const { node } of intents) this.sql.remove.run(node);
    })();
  }

  /** Those that a stop cut short. */
  open(): readonly ExchangeIntent[] {
    return this.sql.all.all().map((row) => ({ ...row, node: parseNodeId(row.node) }));
  }
}
