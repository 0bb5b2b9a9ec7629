/**
 * Renames and new folders that arrived, and are about to be carried out: durable before the first. After a stop what
 * stands there is known to have come there by our hand, and after a power cut what went back with the disk, too: neither
 * is taken for the user's doing.
 */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import { type Db, durably } from './database.ts';
import type { AgreedPlace } from './synced-tree.ts';

export interface ShapingNote {
  readonly node: NodeId;
  /** Of what is renamed, the object itself; `null`: a folder that is made. */
  readonly fileId: string | null;
  /** Where it stood; `null`: nowhere, it was parked or is new. */
  readonly from: AgreedPlace | null;
  readonly to: AgreedPlace;
}

interface Row {
  node: string;
  file_id: string | null;
  from_parent: string | null;
  from_name: string | null;
  from_rev: number | null;
  to_parent: string;
  to_name: string;
  to_rev: number;
}

function toNote(row: Row): ShapingNote {
  const { from_parent: parent, from_name: name, from_rev: entryRev } = row;
  const stood = parent !== null && name !== null && entryRev !== null;
  return {
    node: parseNodeId(row.node),
    fileId: row.file_id,
    from: stood ? { parent: parseNodeId(parent), name, entryRev } : null,
    to: { parent: parseNodeId(row.to_parent), name: row.to_name, entryRev: row.to_rev },
  };
}

export class ShapingNotes {
  private readonly db: Db;
  private readonly sql;

  constructor(db: Db) {
    this.db = db;
    this.sql = {
      put: db.prepare('INSERT OR REPLACE INTO shaping VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      remove: db.prepare('DELETE FROM shaping WHERE node = ?'),
      // A row that is replaced comes last again.
      all: db.prepare<[], Row>('SELECT * FROM shaping ORDER BY rowid'),
    };
  }

  /** In the order in which they are carried out. With them, whatever the state knows is flushed. */
  begin(notes: readonly ShapingNote[]): void {
    durably(this.db, () => {
      for (const { node, fileId, from, to } of notes) {
        const stood = [from?.parent ?? null, from?.name ?? null, from?.entryRev ?? null];
        this.sql.put.run(node, fileId, ...stood, to.parent, to.name, to.entryRev);
      }
    });
  }

  /** Not before the disk and the state have them; the state's commits keep their order. */
  finish(notes: readonly ShapingNote[]): void {
    this.db.transaction(() => {
      for (const { node } of notes) this.sql.remove.run(node);
    })();
  }

  /** Those that a stop cut short, in the order in which they were carried out. */
  open(): readonly ShapingNote[] {
    return this.sql.all.all().map(toNote);
  }
}
