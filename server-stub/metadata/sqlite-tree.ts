/** Nodes: where they stand, whether they live, and what a subtree takes with it. */
import { type NodeId, parseNodeId } from '../../src/protocol/ids.ts';
import type { EntryChange, ReadTx, WriteTx } from './metadata-store.ts';
import type { NodeRow } from './rows.ts';
import type { Connection } from './sqlite-connection.ts';
import { nodeRow } from './sqlite-rows.ts';
import type { Row } from './sqlite-values.ts';

const NODE = `SELECT n.id, n.kind, n.parent, n.name, n.name_key, n.rev, n.entry_seq, n.entry_device,
    n.entry_at, n.dead_seq, n.successor, n.head, n.head_seq, n.conflict
  FROM nodes n`;

/** Live nodes below :folder. */
const LIVE_BELOW = `WITH RECURSIVE below (id) AS (
    SELECT id FROM nodes WHERE ns = :ns AND parent = :folder AND dead_seq = 0
    UNION ALL
    SELECT n.id FROM below b CROSS JOIN nodes n ON n.ns = :ns AND n.parent = b.id AND n.dead_seq = 0
  )`;

/** Nodes below :folder that died in :batch. They hang together: nothing lives below the dead. */
const DEAD_BELOW = `WITH RECURSIVE below (id) AS (
    SELECT id FROM nodes WHERE ns = :ns AND parent = :folder AND dead_seq = :batch AND dead_seq > 0
    UNION ALL
    SELECT n.id FROM below b
      CROSS JOIN nodes n ON n.ns = :ns AND n.parent = b.id AND n.dead_seq = :batch AND n.dead_seq > 0
  )`;

type TreeReads = Pick<ReadTx, 'node' | 'liveAt' | 'allAt' | 'hasDead' | 'liveChildren' | 'unseenBelow'>;

const idOf = (row: Row): NodeId => parseNodeId(row['id']);

export function treeReads(db: Connection): TreeReads {
  const deviceAt = (no: number) => db.deviceAt(no);
  const node = db.sql(`${NODE} WHERE n.ns = ? AND n.id = ?`);
  const anyDead = db.sql('SELECT 1 AS one FROM nodes WHERE ns = ? AND dead_seq > 0 LIMIT 1');
  const liveAt = db.sql(`${NODE} WHERE n.ns = ? AND n.parent = ? AND n.name_key = ? AND n.dead_seq = 0`);
  const deadAt = db.sql(
    `${NODE} WHERE n.ns = ? AND n.parent = ? AND n.name_key = ? AND n.dead_seq > 0 ORDER BY n.dead_seq DESC`,
  );
  const children = db.sql(
    'SELECT id FROM nodes WHERE ns = ? AND parent = ? AND dead_seq = 0 ORDER BY name_key',
  );
  const unseen = db.sql(`${LIVE_BELOW}
    SELECT n.id FROM below b CROSS JOIN nodes n ON n.ns = :ns AND n.id = b.id
    WHERE n.entry_seq > :seq OR n.head_seq > :seq`);
  return {
    node: (ns, id) => {
      const row = node.one(db.namespace(ns), id);
      return row === null ? null : nodeRow(row, deviceAt);
    },
    liveAt: (ns, parent, key) => {
      const row = liveAt.one(db.namespace(ns), parent, key);
      return row === null ? null : nodeRow(row, deviceAt);
    },
    allAt: (ns, parent, key) => {
      const no = db.namespace(ns);
      return [...liveAt.all(no, parent, key), ...deadAt.all(no, parent, key)].map((row) =>
        nodeRow(row, deviceAt),
      );
    },
    hasDead: (ns) => anyDead.one(db.namespace(ns)) !== null,
    liveChildren: (ns, parent) => children.all(db.namespace(ns), parent).map(idOf),
    unseenBelow: (ns, folder, seq) => unseen.all({ ns: db.namespace(ns), folder, seq }).map(idOf),
  };
}

type TreeWrites = Pick<WriteTx, 'addNode' | 'updateNode' | 'killBelow' | 'reviveBelow'>;

export function treeWrites(db: Connection): TreeWrites {
  const add = db.sql(`INSERT INTO nodes (ns, id, kind, parent, name, name_key, rev, entry_seq, entry_device,
    entry_at, dead_seq, successor, head, head_seq, conflict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update =
    db.sql(`UPDATE nodes SET kind = ?, parent = ?, name = ?, name_key = ?, rev = ?, entry_seq = ?,
    entry_device = ?, entry_at = ?, dead_seq = ?, successor = ?, head = ?, head_seq = ?, conflict = ? WHERE ns = ? AND id = ?`);
  const kill = db.sql(`${LIVE_BELOW}
    UPDATE nodes SET dead_seq = :seq, entry_seq = :seq, entry_device = :device, entry_at = :at, rev = rev + 1
    WHERE ns = :ns AND id IN (SELECT id FROM below)`);
  const revive = db.sql(`${DEAD_BELOW}
    UPDATE nodes SET dead_seq = 0, entry_seq = :seq, entry_device = :device, entry_at = :at, rev = rev + 1,
      successor = NULL
    WHERE ns = :ns AND id IN (SELECT id FROM below)`);
  /** All but the key, in the order of both statements above. */
  const columnsOf = (row: NodeRow) => [
    row.kind,
    row.parent,
    row.name,
    row.nameKey,
    row.rev,
    row.entrySeq,
    row.entryDevice === null ? null : db.device(row.entryDevice),
    row.entryAt,
    deadSeq(row),
    row.successor,
    row.head,
    row.headSeq,
    row.conflict,
  ];
  const numbered = ({ seq, device, at }: EntryChange) => ({ seq, device: db.device(device), at });
  return {
    addNode: (ns, row) => {
      add.run(db.namespace(ns), row.id, ...columnsOf(row));
    },
    updateNode: (ns, row) => {
      update.run(...columnsOf(row), db.namespace(ns), row.id);
    },
    killBelow: (ns, folder, change) => void kill.run({ ns: db.namespace(ns), folder, ...numbered(change) }),
    reviveBelow: (ns, folder, batch, change) =>
      void revive.run({ ns: db.namespace(ns), folder, batch, ...numbered(change) }),
  };
}

/** One column tells life and the moment of death. */
function deadSeq(row: NodeRow): number {
  if (row.live !== (row.deadSeq === null)) throw new Error(`node ${row.id} is neither live nor dead`);
  return row.deadSeq ?? 0;
}
