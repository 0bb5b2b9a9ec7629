/** What is shared, with whom, and the devices that speak there. */
import { parseDeviceId, parseNamespaceId, parseNodeId } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { MembershipRow, SharePlace, ShareRow } from './sharing-rows.ts';
import type { Connection } from './sqlite-connection.ts';
import { idOrNull, int, type Row, text, textOrNull, word } from './sqlite-values.ts';

type SharingReads = Pick<ReadTx, 'sharesOf' | 'membership' | 'membersOf' | 'departuresOf' | 'surfacesOf'>;

const ROLES = ['owner', 'editor', 'viewer'] as const;

function shareRow(row: Row): ShareRow {
  return {
    namespace: parseNamespaceId(row['namespace']),
    kind: word(row, 'kind', ['folder', 'team']),
    name: text(row, 'share_name'),
    at: int(row, 'share_at'),
  };
}

function membershipRow(row: Row): MembershipRow {
  return {
    user: text(row, 'user_name'),
    role: word(row, 'role', ROLES),
    standing: word(row, 'standing', ['invited', 'member']),
    by: textOrNull(row, 'by_whom'),
    at: int(row, 'at'),
    place: placeOf(row),
  };
}

function placeOf(row: Row): SharePlace | null {
  const parent = idOrNull(row, 'place_parent', parseNodeId);
  const name = textOrNull(row, 'place_name');
  return parent === null || name === null ? null : { parent, name };
}

const SHARE = 'n.id AS namespace, s.kind, s.name AS share_name, s.at AS share_at';
const MEMBER = 'm.user_name, m.role, m.standing, m.by_whom, m.at, m.place_parent, m.place_name';

export function sharingReads(db: Connection): SharingReads {
  const ofUser = db.sql(`SELECT ${SHARE}, ${MEMBER} FROM memberships m JOIN shares s ON s.ns = m.ns
    JOIN namespaces n ON n.no = s.ns WHERE m.user_name = ? ORDER BY s.ns`);
  const one = db.sql(`SELECT ${MEMBER} FROM memberships m JOIN namespaces n ON n.no = m.ns
    WHERE n.id = ? AND m.user_name = ?`);
  const members = db.sql(`SELECT ${MEMBER} FROM memberships m JOIN namespaces n ON n.no = m.ns
    WHERE n.id = ? ORDER BY m.at, m.user_name`);
  const departures = db.sql(`SELECT n.id AS namespace, d.by_whom, d.at FROM departures d
    JOIN namespaces n ON n.no = d.ns WHERE d.user_name = ? ORDER BY d.at DESC, d.ns LIMIT ?`);
  const surfaces = db.sql(`SELECT d.id FROM devices d JOIN devices main ON main.no = d.main
    WHERE main.id = ? AND d.revoked_at IS NULL`);
  return {
    sharesOf: (user) =>
      ofUser.all(user).map((row) => ({ share: shareRow(row), membership: membershipRow(row) })),
    membership: (ns, user) => {
      const row = one.one(ns, user);
      return row && membershipRow(row);
    },
    membersOf: (ns) => members.all(ns).map(membershipRow),
    departuresOf: (user, limit) =>
      departures.all(user, limit).map((row) => ({
        namespace: parseNamespaceId(row['namespace']),
        by: text(row, 'by_whom'),
        at: int(row, 'at'),
      })),
    surfacesOf: (device) => surfaces.all(device).map((row) => parseDeviceId(row['id'])),
  };
}

type SharingWrites = Pick<WriteTx, 'addShare' | 'setMembership' | 'removeMembership' | 'revokeIn'>;

export function sharingWrites(db: Connection): SharingWrites {
  const add = db.sql('INSERT INTO shares (ns, kind, name, at) VALUES (?, ?, ?, ?)');
  const set = db.sql(`INSERT INTO memberships (ns, user_name, role, standing, by_whom, at, place_parent,
      place_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET role = excluded.role, standing = excluded.standing, by_whom = excluded.by_whom,
      at = excluded.at, place_parent = excluded.place_parent, place_name = excluded.place_name`);
  const remove = db.sql('DELETE FROM memberships WHERE ns = ? AND user_name = ?');
  const depart = db.sql(`INSERT INTO departures (ns, user_name, by_whom, at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET by_whom = excluded.by_whom, at = excluded.at`);
  const returned = db.sql('DELETE FROM departures WHERE ns = ? AND user_name = ?');
  const inIt = db.sql(`SELECT d.id FROM devices d JOIN users u ON u.no = d.owner
    WHERE d.ns = ? AND u.name = ? AND d.revoked_at IS NULL`);
  const revoke = db.sql('UPDATE devices SET revoked_at = ? WHERE id = ?');
  return {
    addShare: ({ namespace, kind, name, at }) => void add.run(db.namespace(namespace), kind, name, at),
    setMembership: (ns, { user, role, standing, by, at, place }) => {
      returned.run(db.namespace(ns), user);
      set.run(db.namespace(ns), user, role, standing, by, at, place?.parent ?? null, place?.name ?? null);
    },
    removeMembership: (ns, user, departure) => {
      if (remove.run(db.namespace(ns), user) === 0) return false;
      if (departure !== null) depart.run(db.namespace(ns), user, departure.by, departure.at);
      return true;
    },
    revokeIn: (ns, user, at) => {
      const devices = inIt.all(db.namespace(ns), user).map((row) => parseDeviceId(row['id']));
      for (const device of devices) revoke.run(at, device);
      return devices;
    },
  };
}
