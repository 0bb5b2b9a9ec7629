/** Nodes: where they stand, whether they live, and what a subtree takes with it. */
import { type NodeId, parseNodeId } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { NodeRow } from './rows.ts';
import type { Connection } from './sqlite-connection.ts';
import { nodeRow } from './sqlite-rows.ts';
import type { Row } from './sqlite-values.ts';

const NODE = `SELECT id, kind, parent, name, name_key, rev, entry_seq, dead_seq, successor, head, head_seq, conflict
  FROM nodes`;

/** Live nodes below :folder. */
const LIVE_BELOW = `WITH RECURSIVE below (id) AS (
    SELECT id FROM nodes WHERE ns = :ns AND parent = :folder AND dead_seq = 0
    UNION ALL
    SELECT n.id FROM below b JOIN nodes n ON n.ns = :ns AND n.parent = b.id AND n.dead_seq = 0
  )`;

/** Nodes below :folder that died in :batch. They hang together: nothing lives below the dead. */
const DEAD_BELOW = `WITH RECURSIVE below (id) AS (
    SELECT id FROM nodes WHERE ns = :ns AND parent = :folder AND dead_seq = :batch AND dead_seq > 0
    UNION ALL
    SELECT n.id FROM below b
      JOIN nodes n ON n.ns = :ns AND n.parent = b.id AND n.dead_seq = :batch AND n.dead_seq > 0
  )`;

type TreeReads = Pick<ReadTx, 'node' | 'liveAt' | 'allAt' | 'liveChildren' | 'unseenBelow'>;

const idOf = (row: Row): NodeId => parseNodeId(row['id']);

export function treeReads(db: Connection): TreeReads {
  const node = db.sql(`${NODE} WHERE ns = ? AND id = ?`);
  const liveAt = db.sql(`${NODE} WHERE ns = ? AND parent = ? AND name_key = ? AND dead_seq = 0`);
  const deadAt = db.sql(
    `${NODE} WHERE ns = ? AND parent = ? AND name_key = ? AND dead_seq > 0 ORDER BY dead_seq DESC`,
  );
  const children = db.sql(
    'SELECT id FROM nodes WHERE ns = ? AND parent = ? AND dead_seq = 0 ORDER BY name_key',
  );
  const unseen = db.sql(`${LIVE_BELOW}
    SELECT n.id FROM below b JOIN nodes n ON n.ns = :ns AND n.id = b.id
    WHERE (n.entry_seq > :seq AND :device IS NOT (SELECT device FROM journal WHERE ns = :ns AND seq = n.entry_seq))
       OR (n.head_seq > :seq AND :device IS NOT (SELECT device FROM journal WHERE ns = :ns AND seq = n.head_seq))`);
  return {
    node: (ns, id) => {
      const row = node.one(db.namespace(ns), id);
      return row === null ? null : nodeRow(row);
    },
    liveAt: (ns, parent, key) => {
      const row = liveAt.one(db.namespace(ns), parent, key);
      return row === null ? null : nodeRow(row);
    },
    allAt: (ns, parent, key) => {
      const no = db.namespace(ns);
      return [...liveAt.all(no, parent, key), ...deadAt.all(no, parent, key)].map(nodeRow);
    },
    liveChildren: (ns, parent) => children.all(db.namespace(ns), parent).map(idOf),
    unseenBelow: (ns, folder, seq, device) =>
      unseen.all({ ns: db.namespace(ns), folder, seq, device: db.device(device) }).map(idOf),
  };
}

type TreeWrites = Pick<WriteTx, 'addNode' | 'updateNode' | 'killBelow' | 'reviveBelow'>;

export function treeWrites(db: Connection): TreeWrites {
  const add =
    db.sql(`INSERT INTO nodes (ns, id, kind, parent, name, name_key, rev, entry_seq, dead_seq, successor, head,
    head_seq, conflict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update =
    db.sql(`UPDATE nodes SET kind = ?, parent = ?, name = ?, name_key = ?, rev = ?, entry_seq = ?,
    dead_seq = ?, successor = ?, head = ?, head_seq = ?, conflict = ? WHERE ns = ? AND id = ?`);
  const kill = db.sql(`${LIVE_BELOW}
    UPDATE nodes SET dead_seq = :seq, entry_seq = :seq, rev = rev + 1
    WHERE ns = :ns AND id IN (SELECT id FROM below)`);
  const revive = db.sql(`${DEAD_BELOW}
    UPDATE nodes SET dead_seq = 0, entry_seq = :seq, rev = rev + 1, successor = NULL
    WHERE ns = :ns AND id IN (SELECT id FROM below)`);
  return {
    addNode: (ns, row) => {
      add.run(
        db.namespace(ns),
        row.id,
        row.kind,
        row.parent,
        row.name,
        row.nameKey,
        row.rev,
        row.entrySeq,
        deadSeq(row),
        row.successor,
        row.head,
        row.headSeq,
        row.conflict,
      );
    },
    updateNode: (ns, row) => {
      update.run(
        row.kind,
        row.parent,
        row.name,
        row.nameKey,
        row.rev,
        row.entrySeq,
        deadSeq(row),
        row.successor,
        row.head,
        row.headSeq,
        row.conflict,
        db.namespace(ns),
        row.id,
      );
    },
    killBelow: (ns, folder, seq) => void kill.run({ ns: db.namespace(ns), folder, seq }),
    reviveBelow: (ns, folder, batch, seq) => void revive.run({ ns: db.namespace(ns), folder, batch, seq }),
  };
}

/** One column tells life and the moment of death. */
function deadSeq(row: NodeRow): number {
  if (row.live !== (row.deadSeq === null)) throw new Error(`node ${row.id} is neither live nor dead`);
  return row.deadSeq ?? 0;
}
