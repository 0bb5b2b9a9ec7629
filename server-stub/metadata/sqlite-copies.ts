/** Copies in the chunk store as the rows see them: moved, or named by no row at all. */
import type { Erasure } from './collection-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { chunkKey } from './sqlite-rows.ts';
import { type Row, text } from './sqlite-values.ts';

type CopyReads = Pick<ReadTx, 'copyState' | 'orphans'>;

export function copyOf(row: Row): Erasure {
  return {
    ...chunkKey(row),
    location: text(row, 'location'),
  };
}

export function copyReads(db: Connection): CopyReads {
  const state = db.sql(`SELECT t.no,
      EXISTS (SELECT 1 FROM chunks c WHERE c.tenant = t.no AND c.id = :id AND c.location = :location)
      OR EXISTS (SELECT 1 FROM replicas r WHERE r.tenant = t.no AND r.id = :id AND r.location = :location)
      OR EXISTS (SELECT 1 FROM erasures e WHERE e.tenant = t.no AND e.location = :location) AS is_named
    FROM tenants t WHERE t.id = :tenant`);
  const orphans =
    db.sql(`SELECT t.id AS tenant, o.id, o.location FROM orphans o JOIN tenants t ON t.no = o.tenant
    WHERE o.seen_hour <= :hour ORDER BY o.seen_hour, o.tenant, o.location LIMIT :limit`);
  return {
    copyState: ({ tenant, id, location }) => {
      const row = state.one({ tenant, id, location });
      if (row === null) return 'unknown';
      return row['is_named'] === 1 ? 'named' : 'unnamed';
    },
    orphans: (hour, limit) => orphans.all({ hour, limit }).map(copyOf),
  };
}

type CopyWrites = Pick<WriteTx, 'moveChunk' | 'noteOrphan' | 'beginOrphanErasure'>;

export function copyWrites(db: Connection): CopyWrites {
  const { copyState } = copyReads(db);
  const move = db.sql('UPDATE chunks SET location = ? WHERE tenant = ? AND id = ? AND location = ?');
  const erase = db.sql('INSERT INTO erasures (tenant, id, location) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const note = db.sql(
    'INSERT INTO orphans (tenant, id, location, seen_hour) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const forget = db.sql('DELETE FROM orphans WHERE tenant = ? AND location = ?');
  return {
    moveChunk: ({ tenant, id }, from, to) => {
      const no = db.tenant(tenant);
      if (move.run(to, no, id, from) === 0) return false;
      erase.run(no, id, from);
      return true;
    },
    noteOrphan: ({ tenant, id, location }, hour) => void note.run(db.tenant(tenant), id, location, hour),
    beginOrphanErasure: (copy) => {
      const no = db.tenant(copy.tenant);
      forget.run(no, copy.location);
      if (copyState(copy) !== 'unnamed') return false;
      erase.run(no, copy.id, copy.location);
      return true;
    },
  };
}
