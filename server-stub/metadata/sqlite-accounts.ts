/** Server, users, devices, namespaces, cursors and tenant keys. */
import { parseEpoch, parseTenantId, ROOT_NODE, type TenantId } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Author, TenantKeyRow } from './rows.ts';
import { type Connection, UnknownId } from './sqlite-connection.ts';
import { deviceRow, namespaceRow, userRow } from './sqlite-rows.ts';
import { blob, int, type Row, text } from './sqlite-values.ts';

type AccountReads = Pick<
  ReadTx,
  | 'server'
  | 'user'
  | 'userByName'
  | 'device'
  | 'deviceByToken'
  | 'devicesOf'
  | 'author'
  | 'namespace'
  | 'namespacesOf'
  | 'ackedCursor'
  | 'devicesIn'
  | 'tenantKeys'
  | 'tenantsWithKeys'
  | 'keysNotUnder'
>;

const USER = `SELECT u.id, t.id AS tenant, u.name, u.password_hash, u.created_at
  FROM users u JOIN tenants t ON t.no = u.tenant`;
const DEVICE = `SELECT d.id, u.id AS user, d.name, d.os, d.token_hash, d.instance, d.generation, d.start,
    d.linked_at, d.last_seen_at, d.revoked_at, d.settled_below, n.id AS namespace, m.id AS main
  FROM devices d JOIN users u ON u.no = d.owner LEFT JOIN namespaces n ON n.no = d.ns
    LEFT JOIN devices m ON m.no = d.main`;
const NAMESPACE = `SELECT n.id, t.id AS tenant, u.id AS owner, n.epoch, n.head_seq, n.head_hash, n.floor_seq,
    n.floor_hash, n.floor_at, n.node_count, n.created_at
  FROM namespaces n JOIN tenants t ON t.no = n.tenant JOIN users u ON u.no = n.owner`;

function mapped<T>(row: Row | null, map: (row: Row) => T): T | null {
  return row === null ? null : map(row);
}

export function accountReads(db: Connection): AccountReads {
  const server = db.sql('SELECT id, created_at FROM server');
  const user = db.sql(`${USER} WHERE u.id = ?`);
  const userByName = db.sql(`${USER} WHERE u.name = ?`);
  const device = db.sql(`${DEVICE} WHERE d.id = ?`);
  const deviceByToken = db.sql(`${DEVICE} WHERE d.token_hash = ?`);
  const devicesOf = db.sql(`${DEVICE} WHERE u.id = ? AND d.main IS NULL ORDER BY d.no`);
  const devicesIn = db.sql(`${DEVICE} WHERE d.revoked_at IS NULL AND (d.ns = :ns OR (d.ns IS NULL
    AND d.owner = (SELECT o.owner FROM namespaces o WHERE o.no = :ns)
    AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.ns = :ns))) ORDER BY d.no`);
  const author = db.sql(`SELECT d.name AS device, u.name AS user
    FROM devices d JOIN users u ON u.no = d.owner WHERE d.id = ?`);
  const namespace = db.sql(`${NAMESPACE} WHERE n.id = ?`);
  const namespacesOf =
    db.sql(`${NAMESPACE} WHERE u.id = ? AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.ns = n.no)
    ORDER BY n.no`);
  const acked = db.sql('SELECT epoch, seq, at FROM cursors WHERE device = ? AND ns = ?');
  const keys = db.sql(`SELECT t.id AS tenant, k.number, k.master_key, k.wrapped, k.created_at
    FROM tenant_keys k JOIN tenants t ON t.no = k.tenant WHERE t.id = ? ORDER BY k.number, k.master_key`);
  const withKeys = db.sql(`SELECT t.id FROM tenants t WHERE t.id > :after
    AND EXISTS (SELECT 1 FROM tenant_keys k WHERE k.tenant = t.no) ORDER BY t.id LIMIT :limit`);
  const others = db.sql(`SELECT count(*) AS keys FROM (SELECT 1 FROM tenant_keys GROUP BY tenant, number
    HAVING sum(master_key = ?) = 0)`);
  return {
    server: () => mapped(server.one(), (row) => ({ id: text(row, 'id'), createdAt: int(row, 'created_at') })),
    user: (id) => mapped(user.one(id), userRow),
    userByName: (name) => mapped(userByName.one(name), userRow),
    device: (id) => mapped(device.one(id), deviceRow),
    deviceByToken: (hash) => mapped(deviceByToken.one(hash), deviceRow),
    devicesOf: (id) => devicesOf.all(id).map(deviceRow),
    devicesIn: (ns) => devicesIn.all({ ns: db.namespace(ns) }).map(deviceRow),
    author: (id): Author => {
      const row = author.one(id);
      if (row === null) throw new UnknownId('device', id);
      return { deviceName: text(row, 'device'), userName: text(row, 'user') };
    },
    namespace: (id) => mapped(namespace.one(id), namespaceRow),
    namespacesOf: (id) => namespacesOf.all(id).map(namespaceRow),
    ackedCursor: (id, ns) =>
      mapped(acked.one(db.device(id), db.namespace(ns)), (row) => ({
        epoch: parseEpoch(row['epoch']),
        seq: int(row, 'seq'),
        at: int(row, 'at'),
      })),
    tenantKeys: (tenant) => keys.all(tenant).map(tenantKeyRow),
    tenantsWithKeys: (after, limit) =>
      withKeys.all({ after: after ?? '', limit }).map((row) => parseTenantId(row['id'])),
    keysNotUnder: (master) => mapped(others.one(master), (row) => int(row, 'keys')) ?? 0,
  };
}

function tenantKeyRow(row: Row): TenantKeyRow {
  return {
    tenant: parseTenantId(row['tenant']),
    number: int(row, 'number'),
    masterKey: text(row, 'master_key'),
    wrapped: blob(row, 'wrapped'),
    createdAt: int(row, 'created_at'),
  };
}

type AccountWrites = Pick<
  WriteTx,
  | 'setServer'
  | 'addUser'
  | 'setPasswordHash'
  | 'addDevice'
  | 'setStart'
  | 'touchDevice'
  | 'revokeDevice'
  | 'addNamespace'
  | 'setEpoch'
  | 'setAckedCursor'
  | 'addTenantKey'
  | 'keepKeysUnder'
>;

export function accountWrites(db: Connection): AccountWrites {
  const addTenant = db.sql('INSERT INTO tenants (id) VALUES (?) ON CONFLICT DO NOTHING');
  const tenantNumber = (id: TenantId): number => {
    addTenant.run(id);
    return db.tenant(id);
  };
  return { ...peopleWrites(db, tenantNumber), ...placeWrites(db, tenantNumber) };
}

function peopleWrites(db: Connection, tenantNumber: (id: TenantId) => number) {
  const setServer = db.sql('INSERT INTO server (one, id, created_at) VALUES (1, ?, ?)');
  const addUser = db.sql(
    'INSERT INTO users (id, tenant, name, password_hash, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const setPassword = db.sql('UPDATE users SET password_hash = ? WHERE id = ?');
  const addDevice = db.sql(`INSERT INTO devices (id, owner, name, os, token_hash, instance, generation, start,
    linked_at, last_seen_at, revoked_at, settled_below, ns, main)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const setStart = db.sql('UPDATE devices SET generation = ?, start = ? WHERE id = ?');
  const touch = db.sql('UPDATE devices SET last_seen_at = ? WHERE id = ?');
  const revoke = db.sql(`UPDATE devices SET revoked_at = :at
    WHERE (id = :id OR main = (SELECT no FROM devices WHERE id = :id)) AND revoked_at IS NULL`);
  return {
    setServer: (row) => void setServer.run(row.id, row.createdAt),
    addUser: (row) =>
      void addUser.run(row.id, tenantNumber(row.tenant), row.name, row.passwordHash, row.createdAt),
    setPasswordHash: (id, hash) => void setPassword.run(hash, id),
    addDevice: (row) =>
      void addDevice.run(
        row.id,
        db.user(row.user),
        row.name,
        row.os,
        row.tokenHash,
        row.instance,
        row.generation,
        row.start,
        row.linkedAt,
        row.lastSeenAt,
        row.revokedAt,
        row.settledBelow,
        row.namespace === null ? null : db.namespace(row.namespace),
        row.main === null ? null : db.device(row.main),
      ),
    setStart: (id, generation, start) => void setStart.run(generation, start, id),
    touchDevice: (id, at) => void touch.run(at, id),
    revokeDevice: (id, at) => void revoke.run({ at, id }),
  } satisfies Partial<AccountWrites>;
}

function placeWrites(db: Connection, tenantNumber: (id: TenantId) => number) {
  const addNamespace =
    db.sql(`INSERT INTO namespaces (id, tenant, owner, epoch, head_seq, head_hash, floor_seq,
    floor_hash, node_count, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const addRoot =
    db.sql(`INSERT INTO nodes (ns, id, kind, parent, name, name_key, rev, entry_seq, entry_device,
    entry_at, dead_seq, successor, head, head_seq, conflict)
    VALUES (?, ?, 'folder', NULL, '', '', 0, 0, NULL, ?, 0, NULL, NULL, 0, NULL)`);
  const setEpoch = db.sql('UPDATE namespaces SET epoch = ? WHERE no = ?');
  const setCursor = db.sql(`INSERT INTO cursors (device, ns, epoch, seq, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, at = excluded.at`);
  const addKey = db.sql(
    'INSERT INTO tenant_keys (tenant, number, master_key, wrapped, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const keepUnder = db.sql(`DELETE FROM tenant_keys AS k WHERE k.tenant = :tenant AND k.master_key <> :master
    AND EXISTS (SELECT 1 FROM tenant_keys o
      WHERE o.tenant = k.tenant AND o.number = k.number AND o.master_key = :master)`);
  return {
    addNamespace: (row) => {
      addNamespace.run(
        row.id,
        tenantNumber(row.tenant),
        db.user(row.owner),
        row.epoch,
        row.headSeq,
        row.headHash,
        row.floorSeq,
        row.floorHash,
        row.nodeCount,
        row.createdAt,
      );
      addRoot.run(db.namespace(row.id), ROOT_NODE, row.createdAt);
    },
    setEpoch: (ns, epoch) => void setEpoch.run(epoch, db.namespace(ns)),
    setAckedCursor: (device, ns, cursor) =>
      void setCursor.run(db.device(device), db.namespace(ns), cursor.epoch, cursor.seq, cursor.at),
    addTenantKey: (row) =>
      void addKey.run(tenantNumber(row.tenant), row.number, row.masterKey, row.wrapped, row.createdAt),
    keepKeysUnder: (tenant, master) => keepUnder.run({ tenant: db.tenant(tenant), master }),
  } satisfies Partial<AccountWrites>;
}
