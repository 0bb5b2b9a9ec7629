/** Which chunks a tenant has, and where their bytes are. */
import { parseChunkId } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { ChunkRow } from './rows.ts';
import type { Connection } from './sqlite-connection.ts';
import { int, intOrNull, type Row, text } from './sqlite-values.ts';

type ChunkReads = Pick<ReadTx, 'chunkPresent' | 'chunk' | 'chunkPinned'>;

function chunkRow(row: Row): ChunkRow {
  return {
    id: parseChunkId(row['id']),
    location: text(row, 'location'),
    size: int(row, 'size'),
    storedAt: int(row, 'stored_at'),
    quarantinedAt: intOrNull(row, 'quarantined_at'),
    damagedAt: intOrNull(row, 'damaged_at'),
  };
}

export function chunkReads(db: Connection): ChunkReads {
  const present = db.sql('SELECT 1 FROM chunks WHERE tenant = ? AND id = ? AND damaged_at IS NULL');
  const one = db.sql(
    'SELECT id, location, size, stored_at, quarantined_at, damaged_at FROM chunks WHERE tenant = ? AND id = ?',
  );
  const pinned = db.sql(`SELECT 1 FROM pins p JOIN sessions s ON s.no = p.session
    WHERE p.tenant = ? AND p.chunk = ? AND s.expires_at > ?`);
  return {
    chunkPresent: (tenant, id) => present.one(db.tenant(tenant), id) !== null,
    chunk: (tenant, id) => {
      const row = one.one(db.tenant(tenant), id);
      return row === null ? null : chunkRow(row);
    },
    chunkPinned: (tenant, id, now) => pinned.one(db.tenant(tenant), id, now) !== null,
  };
}

type ChunkWrites = Pick<WriteTx, 'addChunk' | 'keepChunk' | 'removeChunk'>;

/** The round of the collection that is under way, or was last; 0 before the first. */
const ROUND = 'coalesce((SELECT round FROM collection), 0)';

const NOT_KNOWN_AS_WANTED = `(wanted_round < ${ROUND} OR idle_hour IS NOT NULL OR quarantined_at IS NOT NULL)`;

/** Asked for: nothing of the collection touches it in this round, and it leaves quarantine in this very transaction. */
export const WANTED = `UPDATE chunks SET wanted_round = ${ROUND}, idle_hour = NULL,
  quarantined_at = NULL, quarantine_hour = NULL WHERE tenant = ? AND id = ?
  AND ${NOT_KNOWN_AS_WANTED}`;

export function chunkWrites(db: Connection): ChunkWrites {
  const add = db.sql(`INSERT INTO chunks (tenant, id, location, size, stored_at, wanted_round)
    VALUES (?, ?, ?, ?, ?, ${ROUND}) ON CONFLICT DO NOTHING`);
  const retire = db.sql(`INSERT INTO erasures (tenant, id, location)
    SELECT tenant, id, location FROM chunks WHERE tenant = ? AND id = ? AND damaged_at IS NOT NULL
    ON CONFLICT DO NOTHING`);
  const renew = db.sql(`UPDATE chunks SET location = ?, size = ?, stored_at = ?, damaged_at = NULL
    WHERE tenant = ? AND id = ? AND damaged_at IS NOT NULL`);
  const wanted = db.sql(WANTED);
  const found = db.sql(`SELECT size, ${NOT_KNOWN_AS_WANTED} AS is_news,
      substr(location, 1, 5) = 'cold/' AS is_cold FROM chunks
    WHERE tenant = ? AND id = ? AND damaged_at IS NULL`);
  const remove = db.sql('DELETE FROM chunks WHERE tenant = ? AND id = ? AND location = ?');
  return {
    addChunk: (tenant, id, location, size, now) => {
      const no = db.tenant(tenant);
      if (add.run(no, id, location, size, now) > 0) return true;
      retire.run(no, id);
      const isRepaired = renew.run(location, size, now, no, id) > 0;
      wanted.run(no, id);
      return isRepaired;
    },
    keepChunk: (tenant, id) => {
      const no = db.tenant(tenant);
      const row = found.one(no, id);
      if (row === null) return null;
      // Asked for with every commit, and news once a round.
      if (int(row, 'is_news') === 1) wanted.run(no, id);
      return { size: int(row, 'size'), isCold: int(row, 'is_cold') === 1 };
    },
    removeChunk: (tenant, id, location) => remove.run(db.tenant(tenant), id, location) > 0,
  };
}
