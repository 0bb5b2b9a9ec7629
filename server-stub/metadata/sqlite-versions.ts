/** Versions, manifests and conflicts. Versions and manifests are written once and never changed. */

import { parseManifestId, type VersionId, versionEpoch, versionSeq } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { ConflictRow, ManifestRow } from './rows.ts';
import type { Connection } from './sqlite-connection.ts';
import {
  conflictRow,
  eventCause,
  headRow,
  INLINE_MANIFEST,
  VERSION_COLUMNS,
  versionRow,
} from './sqlite-rows.ts';
import { blob, int, type Row } from './sqlite-values.ts';

type VersionReads = Pick<
  ReadTx,
  | 'version'
  | 'head'
  | 'versionsAfter'
  | 'history'
  | 'versionCauses'
  | 'manifest'
  | 'conflict'
  | 'openConflicts'
>;

const VERSION = `SELECT ${VERSION_COLUMNS} FROM versions v`;
const HEAD = `SELECT ${VERSION_COLUMNS}, ${INLINE_MANIFEST} FROM versions v`;
const CONFLICT = `SELECT c.id, c.cause, c.status, c.original, c.copy, c.ancestor, c.original_version, c.copy_version,
  d.id AS device, c.at, c.original_path, c.copy_path, c.resolution, c.settlement FROM conflicts c JOIN devices d ON d.no = c.device`;

function manifestRow(row: Row): ManifestRow {
  return { id: parseManifestId(row['id']), encoded: blob(row, 'encoded') };
}

export function versionReads(db: Connection): VersionReads {
  const deviceAt = (no: number) => db.deviceAt(no);
  const version = db.sql(`${VERSION} WHERE v.ns = ? AND v.seq = ? AND v.epoch = ?`);
  const head = db.sql(`${HEAD} WHERE v.ns = :ns AND v.seq = :seq AND v.epoch = :epoch`);
  const after = db.sql(`${VERSION} WHERE v.ns = ? AND v.node = ? AND v.number > ? ORDER BY v.number`);
  const history = db.sql(`${HEAD} WHERE v.ns = :ns AND v.node = :node ORDER BY v.number DESC`);
  const causes = db.sql(
    `SELECT j.seq, j.cause FROM versions v CROSS JOIN journal j ON j.ns = v.ns AND j.seq = v.seq
     WHERE v.ns = ? AND v.node = ?`,
  );
  const manifest = db.sql('SELECT id, encoded FROM manifests WHERE tenant = ? AND id = ?');
  const conflict = db.sql(`${CONFLICT} WHERE c.ns = ? AND c.id = ?`);
  const open = db.sql(`${CONFLICT} WHERE c.ns = ? AND c.status = 'open' ORDER BY c.at DESC, c.id DESC`);
  const position = (id: VersionId) => ({ seq: versionSeq(id), epoch: versionEpoch(id) });
  return {
    version: (ns, id) => {
      const row = version.one(db.namespace(ns), versionSeq(id), versionEpoch(id));
      return row === null ? null : versionRow(row, deviceAt);
    },
    head: (ns, id) => {
      const row = head.one({ ns: db.namespace(ns), tenant: db.tenantOf(ns), ...position(id) });
      return row === null ? null : headRow(row, deviceAt);
    },
    versionsAfter: (ns, node, number) =>
      after.all(db.namespace(ns), node, number).map((row) => versionRow(row, deviceAt)),
    history: (ns, node) =>
      history
        .all({ ns: db.namespace(ns), tenant: db.tenantOf(ns), node })
        .map((row) => headRow(row, deviceAt)),
    versionCauses: (ns, node) =>
      new Map(causes.all(db.namespace(ns), node).map((row) => [int(row, 'seq'), eventCause(row)])),
    manifest: (tenant, id) => {
      const row = manifest.one(db.tenant(tenant), id);
      return row === null ? null : manifestRow(row);
    },
    conflict: (ns, id) => {
      const row = conflict.one(db.namespace(ns), id);
      return row === null ? null : conflictRow(row);
    },
    openConflicts: (ns) => open.all(db.namespace(ns)).map(conflictRow),
  };
}

function settlementText({ settlement }: ConflictRow): string | null {
  return settlement === null ? null : JSON.stringify(settlement);
}

type VersionWrites = Pick<WriteTx, 'addVersion' | 'addManifest' | 'addConflict' | 'updateConflict'>;

export function versionWrites(db: Connection): VersionWrites {
  const addVersion =
    db.sql(`INSERT INTO versions (ns, seq, epoch, node, number, base, manifest, size, executable, target,
    mtime_ns, device, at, edited_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const addManifest = db.sql(
    'INSERT INTO manifests (tenant, id, encoded) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const addConflict =
    db.sql(`INSERT INTO conflicts (ns, id, cause, status, original, copy, ancestor, original_version,
    copy_version, device, at, resolution, original_path, copy_path, settlement)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = db.sql(
    'UPDATE conflicts SET status = ?, resolution = ?, settlement = ? WHERE ns = ? AND id = ?',
  );
  return {
    addVersion: (ns, row) => {
      const file = row.content.kind === 'file' ? row.content : null;
      addVersion.run(
        db.namespace(ns),
        row.seq,
        versionEpoch(row.id),
        row.node,
        row.number,
        row.base,
        file === null ? null : file.manifest,
        file === null ? null : file.size,
        file === null ? null : Number(file.executable),
        row.content.kind === 'symlink' ? row.content.target : null,
        row.mtimeNs,
        db.device(row.device),
        row.at,
        row.editedAt,
      );
    },
    addManifest: (tenant, row) => void addManifest.run(db.tenant(tenant), row.id, row.encoded),
    addConflict: (ns, row) =>
      void addConflict.run(
        db.namespace(ns),
        row.id,
        row.cause,
        row.status,
        row.original,
        row.copy,
        row.ancestor,
        row.originalVersion,
        row.copyVersion,
        db.device(row.device),
        row.at,
        row.resolution,
        row.originalPath,
        row.copyPath,
        settlementText(row),
      ),
    updateConflict: (ns, row) =>
      void update.run(row.status, row.resolution, settlementText(row), db.namespace(ns), row.id),
  };
}
