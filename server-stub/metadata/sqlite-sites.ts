/** Second copies of chunks, which are still missing, and the stores they are in. */
import type { ChunkKey } from './collection-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { chunkKey } from './sqlite-rows.ts';
import { int, intOrNull, text, textOrNull } from './sqlite-values.ts';

type SiteReads = Pick<ReadTx, 'site' | 'replica' | 'replicaDebts' | 'withoutReplica' | 'replicaFigures'>;

export function siteReads(db: Connection): SiteReads {
  const site = db.sql('SELECT id, whole, folder FROM sites WHERE name = ?');
  const replica = db.sql('SELECT location FROM replicas WHERE tenant = ? AND id = ?');
  const debts =
    db.sql(`SELECT t.id AS tenant, d.id, d.since FROM tenants t CROSS JOIN replica_debts d ON d.tenant = t.no
    WHERE t.no >= :tenant AND (t.no > :tenant OR d.id > :after) ORDER BY t.no, d.id LIMIT :limit`);
  const without = db.sql(`SELECT t.id AS tenant, c.id,
      NOT EXISTS (SELECT 1 FROM replicas r WHERE r.tenant = c.tenant AND r.id = c.id) AS is_without
    FROM tenants t CROSS JOIN chunks c ON c.tenant = t.no
    WHERE t.no >= :tenant AND (t.no > :tenant OR c.id > :after) ORDER BY t.no, c.id LIMIT :limit`);
  const figures = db.sql(`SELECT (SELECT count(*) FROM replicas) AS copies,
    (SELECT count(*) FROM replica_debts) AS debts, (SELECT min(since) FROM replica_debts) AS oldest,
    (SELECT count(*) FROM erasures WHERE site = 'replica') AS erasures`);
  const behind = (after: ChunkKey | null, limit: number) => ({
    tenant: after === null ? 0 : db.tenant(after.tenant),
    after: after?.id ?? '',
    limit,
  });
  return {
    site: (name) => {
      const row = site.one(name);
      if (row === null) return null;
      return { id: text(row, 'id'), whole: int(row, 'whole') === 1, folder: textOrNull(row, 'folder') };
    },
    replica: ({ tenant, id }) => {
      const row = replica.one(db.tenant(tenant), id);
      return row === null ? null : text(row, 'location');
    },
    replicaDebts: (after, limit) =>
      debts.all(behind(after, limit)).map((row) => ({ ...chunkKey(row), since: int(row, 'since') })),
    withoutReplica: (after, limit) =>
      without
        .all(behind(after, limit))
        .map((row) => ({ ...chunkKey(row), isWithout: row['is_without'] === 1 })),
    replicaFigures: () => {
      const row = figures.one() ?? {};
      return {
        copies: int(row, 'copies'),
        debts: int(row, 'debts'),
        oldest: intOrNull(row, 'oldest'),
        erasures: int(row, 'erasures'),
      };
    },
  };
}

type SiteWrites = Pick<
  WriteTx,
  'setSite' | 'addReplica' | 'moveReplica' | 'dropReplica' | 'forgetReplicas' | 'noteDebt' | 'endDebt'
>;

export function siteWrites(db: Connection): SiteWrites {
  const set = db.sql(`INSERT INTO sites (name, id, whole, folder) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET id = excluded.id, whole = excluded.whole, folder = excluded.folder`);
  const unset = db.sql('DELETE FROM sites WHERE name = ?');
  const add = db.sql('INSERT INTO replicas (tenant, id, location) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const move = db.sql('UPDATE replicas SET location = ? WHERE tenant = ? AND id = ? AND location = ?');
  const retire = db.sql(`INSERT INTO erasures (tenant, id, location)
    SELECT tenant, id, location FROM replicas WHERE tenant = ? AND id = ? ON CONFLICT DO NOTHING`);
  const erase = db.sql('INSERT INTO erasures (tenant, id, location) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const drop = db.sql('DELETE FROM replicas WHERE tenant = ? AND id = ?');
  const note = db.sql(
    'INSERT INTO replica_debts (tenant, id, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const end = db.sql('DELETE FROM replica_debts WHERE tenant = ? AND id = ?');
  const forget = [
    db.sql('DELETE FROM replicas'),
    db.sql('DELETE FROM replica_debts'),
    db.sql("DELETE FROM erasures WHERE site = 'replica'"),
  ];
  return {
    setSite: (name, row) =>
      void (row === null ? unset.run(name) : set.run(name, row.id, row.whole ? 1 : 0, row.folder)),
    addReplica: ({ tenant, id }, location) => add.run(db.tenant(tenant), id, location) > 0,
    moveReplica: ({ tenant, id }, from, to) => {
      const no = db.tenant(tenant);
      if (move.run(to, no, id, from) === 0) return false;
      erase.run(no, id, from);
      return true;
    },
    dropReplica: ({ tenant, id }) => {
      const no = db.tenant(tenant);
      retire.run(no, id);
      return drop.run(no, id) > 0;
    },
    forgetReplicas: () => {
      for (const each of forget) each.run();
    },
    noteDebt: ({ tenant, id }, since) => void note.run(db.tenant(tenant), id, since),
    endDebt: ({ tenant, id }) => void end.run(db.tenant(tenant), id),
  };
}
