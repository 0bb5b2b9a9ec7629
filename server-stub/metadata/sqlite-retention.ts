/** Policies, labels, and the two steps in which versions and deleted batches are let go. */
import {
  type NamespaceId,
  parseDeviceId,
  parseNamespaceId,
  parseNodeId,
  parseVersionId,
  type VersionId,
  versionSeq,
} from '../../src/protocol/ids.ts';
import type { RetentionPolicy } from '../retention/policy.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { DueVersion, HoldRow, KeptVersion, LabelRow, TrashBatch } from './retention-rows.ts';
import type { Connection, Sql } from './sqlite-connection.ts';
import { int, intOrNull, type Row, text } from './sqlite-values.ts';

type RetentionReads = Pick<
  ReadTx,
  | 'livedHours'
  | 'namespacesAfter'
  | 'retentionPolicy'
  | 'label'
  | 'labelsOf'
  | 'thinnableNodes'
  | 'keptVersions'
  | 'isVersionReleased'
  | 'dueVersions'
  | 'trashBatches'
  | 'dueTrash'
  | 'isTrashReleased'
  | 'trashTops'
  | 'holds'
>;

function versionId(row: Row): VersionId {
  return parseVersionId(`${text(row, 'epoch')}.${int(row, 'seq')}`);
}

function keptVersion(row: Row): KeptVersion {
  return {
    id: versionId(row),
    number: int(row, 'number'),
    at: int(row, 'at'),
    dueHour: intOrNull(row, 'due_hour'),
    isLabelled: int(row, 'labelled') === 1,
  };
}

function dueVersion(row: Row): DueVersion {
  return { id: versionId(row), node: parseNodeId(row['node']), number: int(row, 'number') };
}

function trashBatch(row: Row): TrashBatch {
  return { deadSeq: int(row, 'dead_seq'), at: int(row, 'at'), dueHour: intOrNull(row, 'due_hour') };
}

function policyOf(row: Row): RetentionPolicy {
  return {
    allMs: int(row, 'all_ms'),
    dailyMs: int(row, 'daily_ms'),
    weeklyMs: int(row, 'weekly_ms'),
    monthlyMs: int(row, 'monthly_ms'),
    trashMs: int(row, 'trash_ms'),
    held: int(row, 'held') === 1,
  };
}

function labelOf(row: Row): LabelRow {
  return {
    version: versionId(row),
    name: text(row, 'name'),
    device: parseDeviceId(row['device']),
    at: int(row, 'at'),
  };
}

function holdOf(row: Row): HoldRow {
  return {
    node: parseNodeId(row['node']),
    why: text(row, 'why'),
    by: text(row, 'by_whom'),
    at: int(row, 'at'),
  };
}

/** From the version to its label: the few versions of a node, not the many labels of a namespace. */
const LABEL = `SELECT v.epoch, v.seq, l.name, d.id AS device, l.at FROM versions v
  CROSS JOIN labels l ON l.ns = v.ns AND l.seq = v.seq JOIN devices d ON d.no = l.device`;

export function retentionReads(db: Connection): RetentionReads {
  const lived = db.sql('SELECT hours, at FROM lived');
  const namespaces = db.sql('SELECT id FROM namespaces WHERE id > ? ORDER BY id LIMIT ?');
  const policy = db.sql(
    'SELECT all_ms, daily_ms, weekly_ms, monthly_ms, trash_ms, held FROM retention WHERE ns = ?',
  );
  const label = db.sql(`${LABEL} WHERE v.ns = ? AND v.seq = ?`);
  const labels = db.sql(`${LABEL} WHERE v.ns = ? AND v.node = ? ORDER BY v.number`);
  const thinnable = db.sql(
    `SELECT node FROM versions WHERE ns = ? AND node > ? GROUP BY node HAVING count(*) > 1 ORDER BY node LIMIT ?`,
  );
  const kept = db.sql(`SELECT v.epoch, v.seq, v.number, v.at, e.due_hour,
      EXISTS (SELECT 1 FROM labels l WHERE l.ns = v.ns AND l.seq = v.seq) AS labelled
    FROM versions v LEFT JOIN version_ends e ON e.ns = v.ns AND e.seq = v.seq
    WHERE v.ns = ? AND v.node = ? AND e.released_at IS NULL ORDER BY v.number DESC`);
  const due = db.sql(`SELECT v.epoch, v.seq, v.node, v.number FROM version_ends e
    JOIN versions v ON v.ns = e.ns AND v.seq = e.seq
    WHERE e.ns = ? AND e.due_hour <= ? AND e.released_at IS NULL ORDER BY e.due_hour, e.seq LIMIT ?`);
  const batches = db.sql(`SELECT n.dead_seq, min(n.entry_at) AS at, e.due_hour FROM nodes n
    LEFT JOIN trash_ends e ON e.ns = n.ns AND e.dead_seq = n.dead_seq
    WHERE n.ns = ? AND n.dead_seq > ? AND e.released_at IS NULL
    GROUP BY n.dead_seq ORDER BY n.dead_seq LIMIT ?`);
  const dueTrash = db.sql(`SELECT dead_seq FROM trash_ends
    WHERE ns = ? AND due_hour <= ? AND released_at IS NULL ORDER BY dead_seq LIMIT ?`);
  const released = db.sql('SELECT 1 FROM version_ends WHERE ns = ? AND seq = ? AND released_at IS NOT NULL');
  const trashReleased = db.sql(
    'SELECT 1 FROM trash_ends WHERE ns = ? AND dead_seq = ? AND released_at IS NOT NULL',
  );
  const tops = db.sql(`SELECT n.id FROM nodes n WHERE n.ns = :ns AND n.dead_seq = :dead AND NOT EXISTS (
    SELECT 1 FROM nodes p WHERE p.ns = n.ns AND p.id = n.parent AND p.dead_seq = :dead) ORDER BY n.id`);
  const holds = db.sql('SELECT node, why, by_whom, at FROM holds WHERE ns = ? ORDER BY at, node');
  return {
    livedHours: () => {
      const row = lived.one();
      return row && { hours: int(row, 'hours'), at: int(row, 'at') };
    },
    namespacesAfter: (after, limit) =>
      namespaces.all(after ?? '', limit).map((row) => parseNamespaceId(row['id'])),
    retentionPolicy: (ns) => {
      const row = policy.one(db.namespace(ns));
      return row && policyOf(row);
    },
    label: (ns, version) => {
      const row = label.one(db.namespace(ns), versionSeq(version));
      return row && labelOf(row);
    },
    labelsOf: (ns, node) => labels.all(db.namespace(ns), node).map(labelOf),
    thinnableNodes: (ns, after, limit) =>
      thinnable.all(db.namespace(ns), after ?? '', limit).map((row) => parseNodeId(row['node'])),
    keptVersions: (ns, node) => kept.all(db.namespace(ns), node).map(keptVersion),
    isVersionReleased: (ns, version) => released.one(db.namespace(ns), versionSeq(version)) !== null,
    dueVersions: (ns, hour, limit) => due.all(db.namespace(ns), hour, limit).map(dueVersion),
    trashBatches: (ns, after, limit) => batches.all(db.namespace(ns), after, limit).map(trashBatch),
    dueTrash: (ns, hour, limit) =>
      dueTrash.all(db.namespace(ns), hour, limit).map((row) => int(row, 'dead_seq')),
    trashTops: (ns, dead) => tops.all({ ns: db.namespace(ns), dead }).map((row) => parseNodeId(row['id'])),
    holds: (ns) => holds.all(db.namespace(ns)).map(holdOf),
    isTrashReleased: (ns, deadSeq) => trashReleased.one(db.namespace(ns), deadSeq) !== null,
  };
}

type RetentionWrites = Pick<
  WriteTx,
  | 'setLivedHours'
  | 'setRetentionPolicy'
  | 'dropRetentionPolicy'
  | 'setHold'
  | 'removeHold'
  | 'setLabel'
  | 'removeLabel'
  | 'setDue'
  | 'releaseVersion'
  | 'setTrashDue'
  | 'releaseTrash'
>;

export function retentionWrites(db: Connection): RetentionWrites {
  const lived = db.sql(`INSERT INTO lived (one, hours, at) VALUES (1, ?, ?)
    ON CONFLICT DO UPDATE SET hours = excluded.hours, at = excluded.at`);
  const policy = db.sql(`INSERT OR REPLACE INTO retention
    (ns, all_ms, daily_ms, weekly_ms, monthly_ms, trash_ms, held, by_whom, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const label = db.sql(`INSERT INTO labels (ns, seq, name, device, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET name = excluded.name, device = excluded.device, at = excluded.at`);
  const drop = db.sql('DELETE FROM retention WHERE ns = ?');
  const hold = db.sql('INSERT OR REPLACE INTO holds (ns, node, why, by_whom, at) VALUES (?, ?, ?, ?, ?)');
  const unhold = db.sql('DELETE FROM holds WHERE ns = ? AND node = ?');
  const unlabel = db.sql('DELETE FROM labels WHERE ns = ? AND seq = ?');
  const due = stepsOf(db, 'version_ends', 'seq');
  const trash = stepsOf(db, 'trash_ends', 'dead_seq');
  const no = (ns: NamespaceId) => db.namespace(ns);
  return {
    setLivedHours: ({ hours, at }) => void lived.run(hours, at),
    setRetentionPolicy: (ns, { allMs, dailyMs, weeklyMs, monthlyMs, trashMs, held }, by, at) =>
      void policy.run(no(ns), allMs, dailyMs, weeklyMs, monthlyMs, trashMs, held ? 1 : 0, by, at),
    setLabel: (ns, { version, name, device, at }) =>
      void label.run(no(ns), versionSeq(version), name, db.device(device), at),
    dropRetentionPolicy: (ns) => void drop.run(no(ns)),
    setHold: (ns, { node, why, by, at }) => void hold.run(no(ns), node, why, by, at),
    removeHold: (ns, node) => void unhold.run(no(ns), node),
    removeLabel: (ns, version) => void unlabel.run(no(ns), versionSeq(version)),
    setDue: (ns, version, hour) => due.set(no(ns), versionSeq(version), hour),
    releaseVersion: (ns, version, at) => void due.release.run(at, no(ns), versionSeq(version)),
    setTrashDue: (ns, deadSeq, hour) => trash.set(no(ns), deadSeq, hour),
    releaseTrash: (ns, deadSeq, at) => void trash.release.run(at, no(ns), deadSeq),
  };
}

/** Due from an hour on, or (null) not any more; what is released stays released. */
function stepsOf(
  db: Connection,
  table: 'version_ends' | 'trash_ends',
  key: 'seq' | 'dead_seq',
): { readonly set: (ns: number, at: number, hour: number | null) => void; readonly release: Sql } {
  const add = db.sql(`INSERT INTO ${table} (ns, ${key}, due_hour) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`);
  const drop = db.sql(`DELETE FROM ${table} WHERE ns = ? AND ${key} = ? AND released_at IS NULL`);
  return {
    set: (ns, at, hour) => void (hour === null ? drop.run(ns, at) : add.run(ns, at, hour)),
    release: db.sql(`UPDATE ${table} SET released_at = ? WHERE ns = ? AND ${key} = ?`),
  };
}
