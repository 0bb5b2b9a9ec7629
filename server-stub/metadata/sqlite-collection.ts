/** Rounds of the collection: what is kept, what is marked, what is idle, and what is to be erased. */
import { parseManifestId, parseTenantId } from '../../src/protocol/ids.ts';
import type { IdleChunk, KeptManifest } from './collection-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { copyOf } from './sqlite-copies.ts';
import { chunkKey } from './sqlite-rows.ts';
import { blob, int, intOrNull, type Row, text } from './sqlite-values.ts';

const EVERYTHING = 256;

type CollectionReads = Pick<ReadTx, 'collection' | 'keptManifests' | 'idleChunks' | 'erasures'>;

/** A version whose bytes are promised: not released, nor dead in a batch that is, unless it has a label. */
const KEPT = `SELECT 1 FROM versions v JOIN namespaces n ON n.no = v.ns
  JOIN nodes o ON o.ns = v.ns AND o.id = v.node
  WHERE v.manifest = m.id AND n.tenant = m.tenant
    AND NOT EXISTS (SELECT 1 FROM version_ends e WHERE e.ns = v.ns AND e.seq = v.seq AND e.released_at IS NOT NULL)
    AND (o.dead_seq = 0
      OR NOT EXISTS (SELECT 1 FROM trash_ends t
        WHERE t.ns = v.ns AND t.dead_seq = o.dead_seq AND t.released_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM labels l WHERE l.ns = v.ns AND l.seq = v.seq))`;

function keptManifest(row: Row): KeptManifest {
  return {
    tenant: parseTenantId(row['tenant']),
    id: parseManifestId(row['id']),
    encoded: blob(row, 'encoded'),
  };
}

function idleChunk(row: Row): IdleChunk {
  return {
    ...chunkKey(row),
    location: text(row, 'location'),
    size: int(row, 'size'),
    idleHour: intOrNull(row, 'idle_hour'),
    quarantineHour: intOrNull(row, 'quarantine_hour'),
  };
}

export function collectionReads(db: Connection): CollectionReads {
  const state = db.sql('SELECT round, sample FROM collection');
  const manifests =
    db.sql(`SELECT t.id AS tenant, m.id, m.encoded FROM manifests m JOIN tenants t ON t.no = m.tenant
    WHERE m.id > :after AND EXISTS (${KEPT}) ORDER BY m.id, m.tenant LIMIT :limit`);
  const sameId =
    db.sql(`SELECT t.id AS tenant, m.id, m.encoded FROM manifests m JOIN tenants t ON t.no = m.tenant
    WHERE m.id = :id AND EXISTS (${KEPT})`);
  const idle = db.sql(`SELECT t.id AS tenant, c.id, c.location, c.size, c.idle_hour, c.quarantine_hour
    FROM chunks c JOIN tenants t ON t.no = c.tenant, collection g
    WHERE c.id > :after AND c.wanted_round < g.round AND c.marked_round < g.round
      AND NOT EXISTS (SELECT 1 FROM pins p WHERE p.tenant = c.tenant AND p.chunk = c.id)
    ORDER BY c.id, c.tenant LIMIT :limit`);
  const erasures =
    db.sql(`SELECT t.id AS tenant, e.id, e.location FROM erasures e JOIN tenants t ON t.no = e.tenant
    ORDER BY e.tenant, e.location LIMIT ?`);
  const erasuresAt =
    db.sql(`SELECT t.id AS tenant, e.id, e.location FROM erasures e JOIN tenants t ON t.no = e.tenant
    WHERE e.site = ? LIMIT ?`);
  return {
    collection: () => {
      const row = state.one();
      if (row === null) return { round: 0, sample: EVERYTHING };
      return { round: int(row, 'round'), sample: int(row, 'sample') };
    },
    keptManifests: (after, limit) => {
      const rows = manifests.all({ after: after ?? '', limit }).map(keptManifest);
      // A page must not end between two tenants that have the same manifest.
      const last = rows.at(-1);
      if (rows.length < limit || last === undefined) return rows;
      return [...rows.filter(({ id }) => id !== last.id), ...sameId.all({ id: last.id }).map(keptManifest)];
    },
    idleChunks: (after, limit) => idle.all({ after: after ?? '', limit }).map(idleChunk),
    erasures: (limit, site) =>
      (site === undefined ? erasures.all(limit) : erasuresAt.all(site, limit)).map(copyOf),
  };
}

type CollectionWrites = Pick<
  WriteTx,
  | 'beginCollection'
  | 'setSample'
  | 'markChunk'
  | 'setIdle'
  | 'forgetIdle'
  | 'quarantineChunk'
  | 'beginErasure'
  | 'endErasure'
>;

export function collectionWrites(db: Connection): CollectionWrites {
  const begin = db.sql(`INSERT INTO collection (one, round, sample) VALUES (1, 1, ${EVERYTHING})
    ON CONFLICT DO UPDATE SET round = round + 1`);
  const sample = db.sql(`INSERT INTO collection (one, round, sample) VALUES (1, 0, :sample)
    ON CONFLICT DO UPDATE SET sample = :sample`);
  const mark = db.sql('UPDATE chunks SET marked_round = ? WHERE tenant = ? AND id = ? AND marked_round < ?');
  const idle = db.sql('UPDATE chunks SET idle_hour = ? WHERE tenant = ? AND id = ?');
  const busy = db.sql(`UPDATE chunks SET idle_hour = NULL, quarantined_at = NULL, quarantine_hour = NULL
    WHERE idle_hour IS NOT NULL AND (marked_round >= :round OR wanted_round >= :round)`);
  const quarantine = db.sql(
    'UPDATE chunks SET quarantined_at = ?, quarantine_hour = ? WHERE tenant = ? AND id = ?',
  );
  const remove = db.sql('DELETE FROM chunks WHERE tenant = ? AND id = ? AND location = ?');
  const erase = db.sql('INSERT INTO erasures (tenant, id, location) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const erased = db.sql('DELETE FROM erasures WHERE tenant = ? AND location = ?');
  return {
    beginCollection: () => void begin.run(),
    setSample: (of256) => void sample.run({ sample: of256 }),
    markChunk: ({ tenant, id }, round) => void mark.run(round, db.tenant(tenant), id, round),
    setIdle: ({ tenant, id }, hour) => void idle.run(hour, db.tenant(tenant), id),
    forgetIdle: (round) => busy.run({ round }),
    quarantineChunk: ({ tenant, id }, at, hour) => void quarantine.run(at, hour, db.tenant(tenant), id),
    beginErasure: ({ tenant, id, location }) => {
      const no = db.tenant(tenant);
      if (remove.run(no, id, location) === 0) return false;
      erase.run(no, id, location);
      return true;
    },
    endErasure: ({ tenant, location }) => void erased.run(db.tenant(tenant), location),
  };
}
