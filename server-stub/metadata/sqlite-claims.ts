/** What claims leave behind: outcomes under their keys, aliases of proposed ids, and sessions with their pins. */
import { parseNodeId } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import { WANTED } from './sqlite-chunks.ts';
import type { Connection } from './sqlite-connection.ts';
import { sessionRow } from './sqlite-rows.ts';
import { int, textOrNull } from './sqlite-values.ts';

type ClaimReads = Pick<ReadTx, 'outcome' | 'outcomeKeys' | 'alias' | 'idInUse' | 'openSessions'>;

export function claimReads(db: Connection): ClaimReads {
  const outcome = db.sql('SELECT key, digest, body FROM outcomes WHERE device = ? AND key = ?');
  const keys = db.sql('SELECT key FROM outcomes WHERE device = ? AND key BETWEEN ? AND ?');
  const inUse = db.sql(`SELECT EXISTS (SELECT 1 FROM nodes WHERE ns = :ns AND id = :id)
    OR EXISTS (SELECT 1 FROM aliases WHERE device = :device AND ns = :ns AND proposed = :id) AS used`);
  const alias = db.sql('SELECT node FROM aliases WHERE device = ? AND ns = ? AND proposed = ?');
  const sessions =
    db.sql(`SELECT s.id, d.id AS device, n.id AS namespace, s.last_key, s.files, s.bytes, s.opened_at,
      s.expires_at
    FROM sessions s JOIN devices d ON d.no = s.device JOIN namespaces n ON n.no = s.ns
    WHERE s.ns = ? AND s.expires_at > ? ORDER BY s.no`);
  return {
    outcome: (device, key) => {
      const row = outcome.one(db.device(device), key);
      if (row === null) return null;
      return { key: int(row, 'key'), digest: textOrNull(row, 'digest'), body: textOrNull(row, 'body') };
    },
    outcomeKeys: (device, first, last) =>
      keys.all(db.device(device), first, last).map((row) => int(row, 'key')),
    idInUse: (device, ns, id) => {
      const row = inUse.one({ device: db.device(device), ns: db.namespace(ns), id });
      return row !== null && int(row, 'used') === 1;
    },
    alias: (device, ns, proposed) => {
      const row = alias.one(db.device(device), db.namespace(ns), proposed);
      return row === null ? null : parseNodeId(row['node']);
    },
    openSessions: (ns, now) => sessions.all(db.namespace(ns), now).map(sessionRow),
  };
}

type ClaimWrites = Pick<
  WriteTx,
  'addOutcome' | 'settleBelow' | 'addAlias' | 'addSession' | 'closeSessions' | 'expireSessions'
>;

export function claimWrites(db: Connection): ClaimWrites {
  const addOutcome = db.sql('INSERT INTO outcomes (device, key, digest, body) VALUES (?, ?, ?, ?)');
  const settle = db.sql('UPDATE devices SET settled_below = ? WHERE no = ? AND settled_below < ?');
  const dropOutcomes = db.sql('DELETE FROM outcomes WHERE device = ? AND key < ?');
  const addAlias = db.sql(`INSERT INTO aliases (device, ns, proposed, node) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET node = excluded.node`);
  return {
    ...sessionWrites(db),
    addOutcome: (device, row) => void addOutcome.run(db.device(device), row.key, row.digest, row.body),
    settleBelow: (device, key) => {
      const no = db.device(device);
      if (settle.run(key, no, key) > 0) dropOutcomes.run(no, key);
    },
    addAlias: (device, ns, proposed, node) =>
      void addAlias.run(db.device(device), db.namespace(ns), proposed, node),
  };
}

function sessionWrites(db: Connection): Pick<ClaimWrites, 'addSession' | 'closeSessions' | 'expireSessions'> {
  const add = db.sql(`INSERT INTO sessions (id, device, ns, last_key, files, bytes, opened_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const pin = db.sql(`INSERT INTO pins (tenant, chunk, session)
    SELECT ?, ?, no FROM sessions WHERE id = ? ON CONFLICT DO NOTHING`);
  const wanted = db.sql(WANTED);
  const close = db.sql('DELETE FROM sessions WHERE device = ? AND last_key <= ?');
  const expire = db.sql('DELETE FROM sessions WHERE expires_at <= ?');
  return {
    addSession: (row, tenant, chunks) => {
      const { id, lastKey, files, bytes, openedAt, expiresAt } = row;
      const [device, ns] = [db.device(row.device), db.namespace(row.namespace)];
      add.run(id, device, ns, lastKey, files, bytes, openedAt, expiresAt);
      for (const chunk of chunks) {
        pin.run(db.tenant(tenant), chunk, id);
        wanted.run(db.tenant(tenant), chunk);
      }
    },
    closeSessions: (device, key) => void close.run(db.device(device), key),
    expireSessions: (now) => expire.run(now),
  };
}
