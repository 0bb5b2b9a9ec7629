/** What is asked afterwards. Every question is bounded: by an index and a limit, or by how many rows it may look at. */
import {
  type DeviceId,
  fromHex,
  type NamespaceId,
  parseConflictId,
  parseDeviceId,
  parseEpoch,
  parseManifestId,
  parseNamespaceId,
  parseNodeId,
  parseTenantId,
  parseVersionId,
  versionEpoch,
  versionId,
  versionSeq,
} from '../../src/protocol/ids.ts';
import type { IndexedChange, NameRow } from './explain-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { conflictCause, nodeKind, sessionRow, VERSION_COLUMNS, versionRow } from './sqlite-rows.ts';
import { int, type Row, text, textOrNull } from './sqlite-values.ts';

type ExplainReads = Pick<
  ReadTx,
  | 'unreadJournal'
  | 'changesAfter'
  | 'lineageMark'
  | 'namesLike'
  | 'namesOf'
  | 'changesOf'
  | 'changesBy'
  | 'namespacesHolding'
  | 'tenantsHolding'
  | 'manifestsHolding'
  | 'versionsOfManifest'
  | 'versionsBefore'
  | 'outcomesBefore'
  | 'sessionsOf'
  | 'conflictsOf'
  | 'conflictsBefore'
  | 'conflictDays'
  | 'childrenAfter'
  | 'devicesAfter'
  | 'switches'
>;

const DAY_MS = 86_400_000;
/** Behind every character that a name can begin with. */
const LAST = '\u{10ffff}';
const TOP = Number.MAX_SAFE_INTEGER;

const namespaceOf = (row: Row): NamespaceId => parseNamespaceId(row['namespace']);

function nameRow(row: Row): NameRow {
  return {
    no: int(row, 'no'),
    namespace: namespaceOf(row),
    node: parseNodeId(row['node']),
    name: text(row, 'name'),
    seq: int(row, 'seq'),
    at: int(row, 'at'),
  };
}

export function explainReads(db: Connection): ExplainReads {
  return {
    ...lineageReads(db),
    ...nameReads(db),
    ...findReads(db),
    ...accountOfReads(db),
    ...conflictReads(db),
  };
}

function lineageReads(
  db: Connection,
): Pick<
  ExplainReads,
  'unreadJournal' | 'changesAfter' | 'lineageMark' | 'changesOf' | 'changesBy' | 'versionsBefore'
> {
  const deviceAt = (no: number) => db.deviceAt(no);
  const unread = db.sql(`SELECT n.id AS namespace, coalesce(m.seq, 0) AS mark FROM namespaces n
    LEFT JOIN lineage_marks m ON m.ns = n.no WHERE n.head_seq > coalesce(m.seq, 0) ORDER BY n.no LIMIT 1`);
  const after = db.sql(
    'SELECT seq, node, name, device, at FROM journal WHERE ns = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const mark = db.sql('SELECT seq FROM lineage_marks WHERE ns = ?');
  const ofNode = db.sql(
    'SELECT seq FROM node_changes WHERE ns = ? AND node = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const byDevice =
    db.sql(`SELECT n.id AS namespace, c.seq FROM device_changes c JOIN namespaces n ON n.no = c.ns
    WHERE c.device = ? AND c.seq < ? ORDER BY c.seq DESC LIMIT ?`);
  const versions = db.sql(`SELECT ${VERSION_COLUMNS} FROM versions v
    WHERE v.ns = ? AND v.node = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?`);
  return {
    unreadJournal: () => {
      const row = unread.one();
      return row && { namespace: namespaceOf(row), after: int(row, 'mark') };
    },
    changesAfter: (ns, seq, limit) =>
      after.all(db.namespace(ns), seq, limit).map((row) => ({
        seq: int(row, 'seq'),
        node: parseNodeId(row['node']),
        name: text(row, 'name'),
        device: deviceAt(int(row, 'device')),
        at: int(row, 'at'),
      })),
    lineageMark: (ns) => {
      const row = mark.one(db.namespace(ns));
      return row === null ? 0 : int(row, 'seq');
    },
    changesOf: (ns, node, before, limit) =>
      ofNode.all(db.namespace(ns), node, before ?? TOP, limit).map((row) => int(row, 'seq')),
    changesBy: (device, before, limit) =>
      byDevice
        .all(db.device(device), before ?? TOP, limit)
        .map((row) => ({ namespace: namespaceOf(row), seq: int(row, 'seq') })),
    versionsBefore: (ns, node, number, limit) =>
      versions.all(db.namespace(ns), node, number ?? TOP, limit).map((row) => versionRow(row, deviceAt)),
  };
}

/** As a string of the query language of full-text search. */
const quoted = (piece: string) => `"${piece.replaceAll('"', '""')}"`;

function nameReads(db: Connection): Pick<ExplainReads, 'namesLike' | 'namesOf' | 'childrenAfter'> {
  const columns = 'w.no, n.id AS namespace, w.node, w.name, w.seq, w.at';
  // Candidates first: newest first, and never more than asked for, however many names there are.
  const like = db.sql(`SELECT ${columns} FROM
      (SELECT rowid AS no FROM name_trigrams WHERE folded MATCH :pieces AND rowid < :before
        ORDER BY rowid DESC LIMIT :limit) c
    CROSS JOIN node_names w ON w.no = c.no CROSS JOIN namespaces n ON n.no = w.ns ORDER BY w.no DESC`);
  const from = db.sql(`SELECT ${columns} FROM
      (SELECT no FROM node_names INDEXED BY node_names_by_name WHERE folded >= :from AND folded < :to LIMIT :limit) c
    CROSS JOIN node_names w ON w.no = c.no CROSS JOIN namespaces n ON n.no = w.ns ORDER BY w.no DESC`);
  const ofNode = db.sql(`SELECT ${columns} FROM node_names w JOIN namespaces n ON n.no = w.ns
    WHERE w.ns = ? AND w.node = ? ORDER BY w.seq LIMIT ?`);
  const children = db.sql(`SELECT id, kind, name, name_key FROM nodes
    WHERE ns = ? AND parent = ? AND dead_seq = 0 AND name_key > ? ORDER BY name_key LIMIT ?`);
  return {
    namesLike: (wish, before, limit) => {
      if (wish.kind === 'beginning') {
        const rows = from.all({ from: wish.folded, to: wish.folded + LAST, limit });
        return { rows: rows.map(nameRow), next: null };
      }
      if (wish.pieces.length === 0) return { rows: [], next: null };
      const pieces = wish.pieces.map(quoted).join(' OR ');
      const rows = like.all({ pieces, before: before ?? TOP, limit }).map(nameRow);
      return { rows, next: rows.length < limit ? null : (rows.at(-1)?.no ?? null) };
    },
    namesOf: (ns, node, limit) => ofNode.all(db.namespace(ns), node, limit).map(nameRow),
    childrenAfter: (ns, parent, after, limit) =>
      children.all(db.namespace(ns), parent, after ?? '', limit).map((row) => ({
        node: parseNodeId(row['id']),
        kind: nodeKind(row),
        name: text(row, 'name'),
        nameKey: text(row, 'name_key'),
      })),
  };
}

function findReads(
  db: Connection,
): Pick<ExplainReads, 'namespacesHolding' | 'tenantsHolding' | 'manifestsHolding' | 'versionsOfManifest'> {
  // One look into an index per namespace, or tenant.
  const each = (found: string) =>
    db.sql(`SELECT n.id AS namespace FROM namespaces n WHERE EXISTS (${found}) ORDER BY n.no LIMIT 100`);
  const node = each('SELECT 1 FROM nodes x WHERE x.ns = n.no AND x.id = :id');
  const conflict = each('SELECT 1 FROM conflicts x WHERE x.ns = n.no AND x.id = :id');
  const version = each('SELECT 1 FROM versions x WHERE x.ns = n.no AND x.seq = :seq AND x.epoch = :epoch');
  const tenants = db.sql(`SELECT t.id FROM tenants t
    WHERE EXISTS (SELECT 1 FROM chunks c WHERE c.tenant = t.no AND c.id = ?) ORDER BY t.no LIMIT 100`);
  const manifests = db.sql(`SELECT id, instr(encoded, :chunk) > 0 AS holds FROM manifests
    WHERE tenant = :tenant AND id > :after ORDER BY id LIMIT :scan`);
  const versions = db.sql(`SELECT n.id AS namespace, v.epoch, v.seq FROM versions v
    JOIN namespaces n ON n.no = v.ns WHERE v.manifest = ? AND n.tenant = ? LIMIT ?`);
  return {
    namespacesHolding: (kind, id) => {
      if (kind !== 'version') return (kind === 'node' ? node : conflict).all({ id }).map(namespaceOf);
      const of = parseVersionId(id);
      return version.all({ seq: versionSeq(of), epoch: versionEpoch(of) }).map(namespaceOf);
    },
    tenantsHolding: (chunk) => tenants.all(chunk).map((row) => parseTenantId(row['id'])),
    manifestsHolding: (tenant, chunk, after, scan) => {
      const rows = manifests.all({
        tenant: db.tenant(tenant),
        chunk: fromHex(chunk),
        after: after ?? '',
        scan,
      });
      const found = rows.filter((row) => int(row, 'holds') === 1).map((row) => parseManifestId(row['id']));
      const last = rows.at(-1);
      return {
        rows: found,
        next: rows.length < scan || last === undefined ? null : parseManifestId(last['id']),
      };
    },
    versionsOfManifest: (tenant, manifest, limit) =>
      versions.all(manifest, db.tenant(tenant), limit).map((row) => ({
        namespace: namespaceOf(row),
        version: versionId(parseEpoch(row['epoch']), int(row, 'seq')),
      })),
  };
}

function accountOfReads(
  db: Connection,
): Pick<ExplainReads, 'outcomesBefore' | 'sessionsOf' | 'devicesAfter' | 'switches'> {
  const outcomes = db.sql(
    'SELECT key, digest, body FROM outcomes WHERE device = ? AND key < ? ORDER BY key DESC LIMIT ?',
  );
  const sessions =
    db.sql(`SELECT s.id, d.id AS device, n.id AS namespace, s.last_key, s.files, s.bytes, s.opened_at,
      s.expires_at
    FROM sessions s JOIN devices d ON d.no = s.device JOIN namespaces n ON n.no = s.ns
    WHERE s.device = ? ORDER BY s.last_key DESC LIMIT ?`);
  const devices = db.sql(`SELECT id FROM devices
    WHERE main IS NULL AND no > coalesce((SELECT no FROM devices WHERE id = :after), 0) ORDER BY no LIMIT :limit`);
  const switches = db.sql('SELECT name, is_on, by_whom, why, at FROM switches ORDER BY name');
  return {
    outcomesBefore: (device, before, limit) =>
      outcomes.all(db.device(device), before ?? TOP, limit).map((row) => ({
        key: int(row, 'key'),
        digest: textOrNull(row, 'digest'),
        body: textOrNull(row, 'body'),
      })),
    sessionsOf: (device, limit) => sessions.all(db.device(device), limit).map(sessionRow),
    devicesAfter: (after: DeviceId | null, limit) =>
      devices.all({ after: after ?? '', limit }).map((row) => parseDeviceId(row['id'])),
    switches: () =>
      switches.all().map((row) => ({
        name: text(row, 'name'),
        on: int(row, 'is_on') === 1,
        by: text(row, 'by_whom'),
        why: text(row, 'why'),
        at: int(row, 'at'),
      })),
  };
}

function conflictReads(
  db: Connection,
): Pick<ExplainReads, 'conflictsOf' | 'conflictsBefore' | 'conflictDays'> {
  const of = db.sql(
    'SELECT id, at FROM conflicts WHERE ns = ? AND original = ? ORDER BY at DESC, id DESC LIMIT ?',
  );
  const before = db.sql(`SELECT c.id, n.id AS namespace, c.at FROM conflicts c INDEXED BY conflicts_by_time
    CROSS JOIN namespaces n ON n.no = c.ns WHERE c.at < ? ORDER BY c.at DESC LIMIT ?`);
  const days =
    db.sql(`SELECT at / ${DAY_MS} AS day, cause, count(*) AS count FROM conflicts INDEXED BY conflicts_by_time
    WHERE at >= ? GROUP BY day, cause ORDER BY day, cause`);
  const place = (row: Row) => ({
    namespace: namespaceOf(row),
    id: parseConflictId(row['id']),
    at: int(row, 'at'),
  });
  return {
    conflictsOf: (ns, node, limit) =>
      of.all(db.namespace(ns), node, limit).map((row) => place({ ...row, namespace: ns })),
    conflictsBefore: (at, limit) => before.all(at ?? TOP, limit).map(place),
    conflictDays: (since) =>
      days
        .all(since)
        .map((row) => ({ day: int(row, 'day'), cause: conflictCause(row), count: int(row, 'count') })),
  };
}

type ExplainWrites = Pick<WriteTx, 'noteChanges' | 'forgetNames'>;

export function explainWrites(db: Connection): ExplainWrites {
  const change = db.sql('INSERT OR IGNORE INTO node_changes (ns, node, seq) VALUES (?, ?, ?)');
  const by = db.sql('INSERT OR IGNORE INTO device_changes (device, ns, seq) VALUES (?, ?, ?)');
  const name = db.sql(`INSERT INTO node_names (ns, node, name, folded, seq, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const index = db.sql('INSERT INTO name_trigrams (rowid, folded) VALUES (last_insert_rowid(), ?)');
  const mark = db.sql(`INSERT INTO lineage_marks (ns, seq) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET seq = excluded.seq`);
  const names = db.sql('SELECT no, folded FROM node_names WHERE ns = ? AND node = ?');
  const unindex = db.sql("INSERT INTO name_trigrams (name_trigrams, rowid, folded) VALUES ('delete', ?, ?)");
  const drop = db.sql('DELETE FROM node_names WHERE no = ?');
  const one = (ns: number, { node, name: given, folded, device, seq, at }: IndexedChange) => {
    change.run(ns, node, seq);
    by.run(db.device(device), ns, seq);
    if (given !== '' && name.run(ns, node, given, folded, seq, at) > 0) index.run(folded);
  };
  return {
    noteChanges: (ns, rows, upTo) => {
      const no = db.namespace(ns);
      for (const row of rows) one(no, row);
      mark.run(no, upTo);
    },
    forgetNames: (ns, node) => {
      for (const row of names.all(db.namespace(ns), node)) {
        unindex.run(int(row, 'no'), text(row, 'folded'));
        drop.run(int(row, 'no'));
      }
    },
  };
}
