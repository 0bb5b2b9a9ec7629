/**
 * Files about to be placed, and empty folders about to be removed: durable before the first. After any stop staging is
 * known to hold either our copy or what the user had there (RULES 18), what it does not hold any more is known to have
 * reached its place, and a folder that is missing is known to have gone by our hand.
 */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import { type Db, durably } from './database.ts';

export interface ExchangeIntent {
  /** With what stands at the path, or to a free name; or the folder at the path goes. */
  readonly kind: Kind;
  readonly node: NodeId;
  /** Name in staging; of a folder none. */
  readonly staged: string;
  readonly path: string;
  /** Of what stood at the path and was agreed on ('' in a state from before it was noted); of a new file, its own. */
  readonly stamp: string;
  /** Of our own file, which is to stand there; '' where it is not an exchange, or was begun before it was noted. */
  readonly ours: string;
}

type IntentRow = { readonly [member in keyof ExchangeIntent]: string };

type Kind = 'exchange' | 'new' | 'remove-folder';

function kindOf(text: string): Kind {
  return text === 'new' || text === 'remove-folder' ? text : 'exchange';
}

export class ExchangeIntents {
  private readonly db: Db;
  private readonly sql;

  constructor(db: Db) {
    this.db = db;
    this.sql = {
      put: db.prepare(
        'INSERT OR REPLACE INTO intents (node, kind, staged, path, stamp, ours, at) VALUES (?, ?, ?, ?, ?, ?, 0)',
      ),
      touch: db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('placing', '')"),
      remove: db.prepare('DELETE FROM intents WHERE node = ?'),
      all: db.prepare<[], IntentRow>('SELECT node, kind, staged, path, stamp, ours FROM intents'),
    };
  }

  /** With it, whatever the state knows of them is flushed. */
  begin(intents: readonly ExchangeIntent[]): void {
    durably(this.db, () => {
      // An empty transaction flushes nothing.
      this.sql.touch.run();
      for (const { node, kind, staged, path, stamp, ours } of intents)
        this.sql.put.run(node, kind, staged, path, stamp, ours);
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
    return this.sql.all.all().map((row) => ({ ...row, kind: kindOf(row.kind), node: parseNodeId(row.node) }));
  }
}
