/** The floor of the journal: who holds it down, what stood where at it, and what is dropped below it. */
import { parseNodeId, parseVersionId } from '../../src/protocol/ids.ts';
import type { FloorPlace } from './floor-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { idOrNull, int, intOrNull, type Row, text, word } from './sqlite-values.ts';

type FloorReads = Pick<ReadTx, 'deviceHour' | 'journalHour' | 'floorPlaces' | 'lettableDead'>;

function floorPlace(row: Row): FloorPlace {
  return {
    node: parseNodeId(row['node']),
    kind: word(row, 'kind', ['folder', 'file', 'symlink']),
    parent: parseNodeId(row['parent']),
    name: text(row, 'name'),
    deadSeq: intOrNull(row, 'dead_seq'),
    head: idOrNull(row, 'head', parseVersionId),
  };
}

export function floorReads(db: Connection): FloorReads {
  const device = db.sql('SELECT seen_at, hour FROM device_hours WHERE device = ?');
  const hour = db.sql(
    'SELECT hour, seq FROM journal_hours WHERE ns = ? AND hour <= ? ORDER BY hour DESC LIMIT 1',
  );
  const places = db.sql(`SELECT p.node, p.kind, p.parent, p.name, p.dead_seq, p.head FROM floor_places p
    WHERE p.ns = :ns AND p.node > :after AND p.seq = (SELECT max(q.seq) FROM floor_places q
      WHERE q.ns = p.ns AND q.node = p.node AND q.seq <= :seq) ORDER BY p.node LIMIT :limit`);
  const dead = db.sql(`SELECT n.id FROM trash_ends e JOIN nodes n ON n.ns = e.ns AND n.dead_seq = e.dead_seq
    WHERE e.ns = :ns AND e.released_at IS NOT NULL AND e.dead_seq <= :seq AND n.kind <> 'folder'
      AND n.id > :after ORDER BY n.id LIMIT :limit`);
  return {
    deviceHour: (id) => {
      const row = device.one(db.device(id));
      return row && { seenAt: intOrNull(row, 'seen_at'), hour: int(row, 'hour') };
    },
    journalHour: (ns, upTo) => {
      const row = hour.one(db.namespace(ns), upTo);
      return row && { hour: int(row, 'hour'), seq: int(row, 'seq') };
    },
    floorPlaces: (ns, seq, after, limit) =>
      places.all({ ns: db.namespace(ns), seq, after: after ?? '', limit }).map(floorPlace),
    lettableDead: (ns, seq, after, limit) =>
      dead.all({ ns: db.namespace(ns), seq, after: after ?? '', limit }).map((row) => parseNodeId(row['id'])),
  };
}

type FloorWrites = Pick<
  WriteTx,
  | 'setDeviceHour'
  | 'setJournalHour'
  | 'dropJournalHours'
  | 'addFloorPlace'
  | 'dropFloorPlaces'
  | 'setJournalFloor'
  | 'dropJournal'
  | 'forgetNode'
>;

export function floorWrites(db: Connection): FloorWrites {
  const device = db.sql('INSERT OR REPLACE INTO device_hours (device, seen_at, hour) VALUES (?, ?, ?)');
  const hour = db.sql('INSERT OR REPLACE INTO journal_hours (ns, hour, seq) VALUES (?, ?, ?)');
  const dropHours = db.sql('DELETE FROM journal_hours WHERE ns = ? AND hour < ?');
  const place =
    db.sql(`INSERT OR REPLACE INTO floor_places (ns, node, seq, kind, parent, name, dead_seq, head)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const stale = db.sql(`SELECT p.node, p.seq FROM floor_places p JOIN namespaces n ON n.no = p.ns
    WHERE p.ns = :ns AND (p.seq > n.floor_seq OR EXISTS (SELECT 1 FROM floor_places q
      WHERE q.ns = p.ns AND q.node = p.node AND q.seq > p.seq AND q.seq <= n.floor_seq)) LIMIT :limit`);
  const dropPlace = db.sql('DELETE FROM floor_places WHERE ns = ? AND node = ? AND seq = ?');
  const setFloor = db.sql('UPDATE namespaces SET floor_seq = ?, floor_hash = ?, floor_at = ? WHERE no = ?');
  const below = (columns: string) => `SELECT ${columns} FROM journal j
    JOIN namespaces n ON n.no = j.ns WHERE j.ns = :ns AND j.seq <= n.floor_seq ORDER BY j.seq LIMIT :limit`;
  const dropRows = db.sql(`DELETE FROM journal WHERE ns = :ns AND seq IN (${below('j.seq')})`);
  // What only says where rows are goes with them.
  const dropWhere = [
    `DELETE FROM node_changes WHERE (ns, node, seq) IN (${below('j.ns, j.node, j.seq')})`,
    `DELETE FROM device_changes WHERE (device, seq) IN (${below('j.device, j.seq')})`,
  ].map((sql) => db.sql(sql));
  const forget = [
    'DELETE FROM version_ends WHERE ns = :ns AND seq IN (SELECT seq FROM versions WHERE ns = :ns AND node = :node)',
    'DELETE FROM versions WHERE ns = :ns AND node = :node',
    'DELETE FROM floor_places WHERE ns = :ns AND node = :node',
    'DELETE FROM nodes WHERE ns = :ns AND id = :node AND dead_seq > 0',
  ].map((sql) => db.sql(sql));
  return {
    setDeviceHour: (id, row) => void device.run(db.device(id), row.seenAt, row.hour),
    setJournalHour: (ns, row) => void hour.run(db.namespace(ns), row.hour, row.seq),
    dropJournalHours: (ns, before) => void dropHours.run(db.namespace(ns), before),
    addFloorPlace: (ns, seq, { node, kind, parent, name, deadSeq, head }) =>
      void place.run(db.namespace(ns), node, seq, kind, parent, name, deadSeq, head),
    dropFloorPlaces: (ns, limit) => {
      const no = db.namespace(ns);
      const rows = stale.all({ ns: no, limit });
      for (const row of rows) dropPlace.run(no, text(row, 'node'), int(row, 'seq'));
      return rows.length;
    },
    setJournalFloor: (ns, seq, hash, at) => void setFloor.run(seq, hash, at, db.namespace(ns)),
    dropJournal: (ns, limit) => {
      const which = { ns: db.namespace(ns), limit };
      for (const sql of dropWhere) sql.run(which);
      return dropRows.run(which);
    },
    forgetNode: (ns, node) => {
      for (const sql of forget) sql.run({ ns: db.namespace(ns), node });
    },
  };
}
