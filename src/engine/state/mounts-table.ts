/** Shares that this device has as folders in its root. Written before anything is done on the disk. */
import { type NamespaceId, type NodeId, parseNamespaceId, parseNodeId } from '../../protocol/ids.ts';
import type { SharePlace } from '../../protocol/shares.ts';
import { type Db, durably } from './database.ts';

/** `removed`: this user is not in any more; `left`: they went by themselves; `away`: they took it off this computer. */
export type WhyEnding = 'removed' | 'left' | 'away';

export interface Ending {
  readonly why: WhyEnding;
  /** Name in the root of the folder for what is kept, once it was chosen. */
  readonly kept: string | null;
  /** Name in the trash of what remains, once it was chosen. */
  readonly trash: string | null;
}

export interface Mount {
  readonly namespace: NamespaceId;
  /** Of the share. */
  readonly name: string;
  /** Where the folder stands, or is to stand, on this device. */
  readonly place: SharePlace;
  /** The folder itself; null: it was not made yet. */
  readonly fileId: string | null;
  readonly marked: boolean;
  /** Where the server was last seen to have it. */
  readonly agreed: SharePlace | null;
  readonly ending: Ending | null;
}

interface Row {
  namespace: string;
  name: string;
  parent: string;
  folder: string;
  file_id: string | null;
  marked: number;
  agreed_parent: string | null;
  agreed_folder: string | null;
  ending: string | null;
  kept: string | null;
  trash: string | null;
}

const COLUMNS =
  'namespace, name, parent, folder, file_id, marked, agreed_parent, agreed_folder, ending, kept, trash';

function toMount(row: Row): Mount {
  const { agreed_parent: parent, agreed_folder: name, ending, kept, trash } = row;
  return {
    namespace: parseNamespaceId(row.namespace),
    name: row.name,
    place: { parent: parseNodeId(row.parent), name: row.folder },
    fileId: row.file_id,
    marked: row.marked === 1,
    agreed: parent === null || name === null ? null : { parent: parseNodeId(parent), name },
    ending: ending === null ? null : { why: whyOf(ending), kept, trash },
  };
}

function whyOf(text: string): WhyEnding {
  return text === 'left' || text === 'away' ? text : 'removed';
}

export class MountsTable {
  private readonly db: Db;
  private readonly sql;
  /** Read with every look of the scanner. */
  private rows: readonly Mount[] | null = null;

  constructor(db: Db) {
    this.db = db;
    this.sql = {
      all: db.prepare<[], Row>(`SELECT ${COLUMNS} FROM mounts ORDER BY namespace`),
      put: db.prepare(`INSERT OR REPLACE INTO mounts (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      remove: db.prepare('DELETE FROM mounts WHERE namespace = ?'),
      adopt: db.prepare('UPDATE mounts SET parent = ? WHERE parent = ?'),
    };
  }

  list(): readonly Mount[] {
    this.rows ??= this.sql.all.all().map(toMount);
    return this.rows;
  }

  get(namespace: NamespaceId): Mount | null {
    return this.list().find((each) => each.namespace === namespace) ?? null;
  }

  /** Durable when it returns. */
  put(mount: Mount): Mount {
    const { namespace, name, place, fileId, marked, agreed, ending } = mount;
    durably(this.db, () =>
      this.sql.put.run(
        namespace,
        name,
        place.parent,
        place.name,
        fileId,
        marked ? 1 : 0,
        agreed?.parent ?? null,
        agreed?.name ?? null,
        ending?.why ?? null,
        ending?.kept ?? null,
        ending?.trash ?? null,
      ),
    );
    this.rows = null;
    return mount;
  }

  remove(namespace: NamespaceId): void {
    this.sql.remove.run(namespace);
    this.rows = null;
  }

  /** The folder they are in turned out to be another node. */
  adopt(from: NodeId, to: NodeId): void {
    if (this.list().every(({ place }) => place.parent !== from)) return;
    this.sql.adopt.run(to, from);
    this.rows = null;
  }

  /** Rows were changed by plain SQL, or a change was undone. */
  forgetRows(): void {
    this.rows = null;
  }
}
