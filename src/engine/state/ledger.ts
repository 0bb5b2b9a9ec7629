/** The event ledger: what happened to which path, who did it, by which rule, for 30 days and more. */
import type { Activity, ActivityVerb } from '../../ipc/events.ts';
import { type NodeId, parseNodeId, parseVersionId, type VersionId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

/** What taking a deed back means: the version before, the place before, or life again. */
export type UndoKind = 'version' | 'place' | 'life';

/** What the user is told of an entry, in the words of the contract. */
export interface Deed {
  readonly activity: ActivityVerb;
  readonly direction: Activity['direction'];
  readonly device: string;
  readonly user: string;
  readonly number: number | null;
  readonly size: number | null;
  /** Where it stood before a move, and the folder that was. */
  readonly from: string | null;
  readonly fromParent: NodeId | null;
  readonly undo: UndoKind | null;
  /** The version it made, and the revision of the entry it left: when they are others by now, things moved on. */
  readonly version: VersionId | null;
  readonly entryRev: number | null;
}

export interface LedgerEntry {
  readonly at: number;
  readonly node: NodeId;
  readonly path: string;
  readonly verb: string;
  readonly rule: string;
  readonly detail: string;
  /** Null: known to `explain` only. */
  readonly deed?: Deed | null;
}

export interface Told extends LedgerEntry {
  readonly id: number;
  readonly deed: Deed;
}

interface Row {
  at: number;
  node: string;
  path: string;
  verb: string;
  rule: string;
  detail: string;
}

interface ToldRow extends Row {
  id: number;
  activity: ActivityVerb;
  direction: Activity['direction'];
  device: string;
  user: string;
  number: number | null;
  size: number | null;
  from_path: string | null;
  from_parent: string | null;
  undo: UndoKind | null;
  version: string | null;
  entry_rev: number | null;
}

const KEPT_MS = 45 * 86_400_000;
const COLUMNS = 'at, node, path, verb, rule, detail';
const DEED =
  'activity, direction, device, user, number, size, from_path, from_parent, undo, version, entry_rev';

const toEntry = ({ at, node, path, verb, rule, detail }: Row): LedgerEntry => ({
  at,
  node: parseNodeId(node),
  path,
  verb,
  rule,
  detail,
});

function toTold(row: ToldRow): Told {
  return {
    ...toEntry(row),
    id: row.id,
    deed: {
      activity: row.activity,
      direction: row.direction,
      device: row.device,
      user: row.user,
      number: row.number,
      size: row.size,
      from: row.from_path,
      fromParent: row.from_parent === null ? null : parseNodeId(row.from_parent),
      undo: row.undo,
      version: row.version === null ? null : parseVersionId(row.version),
      entryRev: row.entry_rev,
    },
  };
}

function deedColumns(deed: Deed | null): readonly (string | number | null)[] {
  if (deed === null) return [null, 'here', '', '', null, null, null, null, null, null, null];
  return [
    deed.activity,
    deed.direction,
    deed.device,
    deed.user,
    deed.number,
    deed.size,
    deed.from,
    deed.fromParent,
    deed.undo,
    deed.version,
    deed.entryRev,
  ];
}

function prepare(db: Db) {
  const entries = (where: string) =>
    db.prepare<(string | number)[], Row>(`SELECT ${COLUMNS} FROM ledger ${where}`);
  const told = (where: string) =>
    db.prepare<(string | number)[], ToldRow>(
      `SELECT id, ${COLUMNS}, ${DEED} FROM ledger WHERE activity IS NOT NULL AND ${where}`,
    );
  return {
    add: db.prepare(
      `INSERT INTO ledger (${COLUMNS}, ${DEED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    ofNode: entries('WHERE node = ? ORDER BY id DESC LIMIT 50'),
    ofPath: entries('WHERE path = ? ORDER BY id DESC LIMIT 50'),
    recent: entries('ORDER BY id DESC LIMIT ?'),
    last: db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM ledger'),
    toldOne: told('id = ?'),
    toldAfter: told('id > ? ORDER BY id LIMIT ?'),
    toldBefore: told('id < ? ORDER BY id DESC LIMIT ?'),
    toldOf: told('(path = ? OR from_path = ? OR node = ?) AND id < ? ORDER BY id DESC LIMIT ?'),
    problemSince: db.prepare<[string, string, number], { id: number }>(
      "SELECT id FROM ledger WHERE activity = 'problem' AND path = ? AND rule = ? AND at > ? LIMIT 1",
    ),
    expire: db.prepare('DELETE FROM ledger WHERE at < ?'),
  };
}

export class Ledger {
  private readonly sql: ReturnType<typeof prepare>;

  constructor(db: Db) {
    this.sql = prepare(db);
  }

  add(entry: LedgerEntry): void {
    const { at, node, path, verb, rule, detail, deed } = entry;
    this.sql.add.run(Math.floor(at), node, path, verb, rule, detail, ...deedColumns(deed ?? null));
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

  /** What the user is told, younger than `id`, oldest first. */
  toldAfter(id: number, count: number): readonly Told[] {
    return this.sql.toldAfter.all(id, count).map(toTold);
  }

  /** The same, older than `id`, newest first; of one path only, and of the node that is there, when they are given. */
  toldBefore(
    id: number,
    count: number,
    of?: { readonly path: string; readonly node: NodeId | null },
  ): readonly Told[] {
    const rows = of
      ? this.sql.toldOf.all(of.path, of.path, of.node ?? '', id, count)
      : this.sql.toldBefore.all(id, count);
    return rows.map(toTold);
  }

  told(id: number): Told | null {
    const row = this.sql.toldOne.get(id);
    return row ? toTold(row) : null;
  }

  /** Was this problem of this path told after `since`? */
  toldProblem(path: string, code: string, since: number): boolean {
    return this.sql.problemSince.get(path, code, Math.floor(since)) !== undefined;
  }

  expire(now: number): void {
    this.sql.expire.run(Math.floor(now - KEPT_MS));
  }
}
