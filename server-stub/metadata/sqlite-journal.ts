/** The journal: rows in order of seq, each a node's post-state. */
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { INLINE_MANIFEST, journalRead, placeChange, VERSION_COLUMNS } from './sqlite-rows.ts';

type JournalReads = Pick<ReadTx, 'journalRow' | 'journalAfter' | 'placesAfter'>;

const READ = `SELECT j.seq, j.hash, j.cause, j.node, j.kind, j.parent, j.name, j.rev, j.entry_seq, j.dead_seq,
    j.successor, j.head, j.head_seq, j.subtree, j.revived_batch, j.approved, j.conflict, j.device, j.at, j.more, j.key,
    ${VERSION_COLUMNS}, ${INLINE_MANIFEST}
  FROM journal j LEFT JOIN versions v ON v.ns = j.ns AND v.seq = j.head_seq AND j.head_seq > 0
  WHERE j.ns = :ns`;

export function journalReads(db: Connection): JournalReads {
  const deviceAt = (no: number) => db.deviceAt(no);
  const one = db.sql(`${READ} AND j.seq = :seq`);
  const after = db.sql(`${READ} AND j.seq > :seq ORDER BY j.seq LIMIT :limit`);
  const places = db.sql(`SELECT seq, at, node, kind, parent, name, dead_seq, head, subtree, revived_batch
    FROM journal WHERE ns = ? AND seq > ? ORDER BY seq LIMIT ?`);
  return {
    placesAfter: (ns, seq, limit) => places.all(db.namespace(ns), seq, limit).map(placeChange),
    journalRow: (ns, seq) => {
      const row = one.one({ ns: db.namespace(ns), tenant: db.tenantOf(ns), seq });
      return row === null ? null : journalRead(row, deviceAt);
    },
    journalAfter: (ns, seq, limit) =>
      after
        .all({ ns: db.namespace(ns), tenant: db.tenantOf(ns), seq, limit })
        .map((row) => journalRead(row, deviceAt)),
  };
}

type JournalWrites = Pick<WriteTx, 'addJournalRow' | 'setJournalHead'>;

export function journalWrites(db: Connection): JournalWrites {
  const add =
    db.sql(`INSERT INTO journal (ns, seq, hash, cause, node, kind, parent, name, rev, entry_seq, dead_seq,
    successor, head, head_seq, subtree, revived_batch, approved, conflict, device, at, more, key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const setHead = db.sql(
    'UPDATE namespaces SET head_seq = ?, head_hash = ?, node_count = node_count + ? WHERE no = ?',
  );
  return {
    addJournalRow: (ns, row) => {
      const { node } = row;
      add.run(
        db.namespace(ns),
        row.seq,
        row.hash,
        row.cause,
        node.id,
        node.kind,
        node.parent,
        node.name,
        node.rev,
        node.entrySeq,
        node.deadSeq ?? 0,
        node.successor,
        node.head,
        node.headSeq,
        row.subtree,
        row.revivedBatch,
        Number(row.approved),
        row.conflict,
        db.device(row.device),
        row.at,
        Number(row.more),
        row.key,
      );
    },
    setJournalHead: (ns, seq, hash, nodesAdded) => void setHead.run(seq, hash, nodesAdded, db.namespace(ns)),
  };
}
