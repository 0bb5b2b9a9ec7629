/** What is in use and what is not, and which cold chunks are asked for. */
import { parseManifestId, parseTenantId } from '../../src/protocol/ids.ts';
import type { ChunkHeat, ColdReads, ColdWrites } from './cold-rows.ts';
import type { ChunkKey } from './collection-rows.ts';
import type { Connection } from './sqlite-connection.ts';
import { chunkKey } from './sqlite-rows.ts';
import { blob, int, intOrNull, type Row, text } from './sqlite-values.ts';

const HEAT = `t.id AS tenant, c.id, c.location, c.size, c.hot_hour,
  (c.damaged_at IS NOT NULL OR c.idle_hour IS NOT NULL
    OR c.wanted_round >= coalesce((SELECT round FROM collection), 0)
    OR EXISTS (SELECT 1 FROM pins p WHERE p.tenant = c.tenant AND p.chunk = c.id)) AS is_busy`;

function heatOf(row: Row): ChunkHeat {
  return {
    ...chunkKey(row),
    location: text(row, 'location'),
    size: int(row, 'size'),
    hotHour: intOrNull(row, 'hot_hour'),
    isBusy: int(row, 'is_busy') === 1,
  };
}

export function coldReads(db: Connection): ColdReads {
  const manifests =
    db.sql(`SELECT t.id AS tenant, m.id, m.encoded FROM tenants t CROSS JOIN manifests m ON m.tenant = t.no
    WHERE t.no >= :tenant AND (t.no > :tenant OR m.id > :after)
      AND EXISTS (SELECT 1 FROM versions v JOIN namespaces n ON n.no = v.ns
        JOIN nodes o ON o.ns = v.ns AND o.id = v.node
        WHERE v.manifest = m.id AND n.tenant = m.tenant AND o.dead_seq = 0 AND o.head_seq = v.seq)
    ORDER BY t.no, m.id LIMIT :limit`);
  const heats = db.sql(`SELECT ${HEAT} FROM tenants t CROSS JOIN chunks c ON c.tenant = t.no
    WHERE t.no >= :tenant AND (t.no > :tenant OR c.id > :after) ORDER BY t.no, c.id LIMIT :limit`);
  const heat = db.sql(`SELECT ${HEAT} FROM tenants t CROSS JOIN chunks c ON c.tenant = t.no
    WHERE t.no = ? AND c.id = ?`);
  const thaw = db.sql('SELECT asked_at FROM thaws WHERE tenant = ? AND id = ?');
  const thaws = db.sql(`SELECT t.id AS tenant, a.id FROM tenants t CROSS JOIN thaws a ON a.tenant = t.no
    WHERE a.asked_at <= :by AND t.no >= :tenant AND (t.no > :tenant OR a.id > :after)
    ORDER BY t.no, a.id LIMIT :limit`);
  const figures = db.sql(`SELECT count(*) AS chunks, coalesce(sum(size), 0) AS bytes,
      (SELECT count(*) FROM thaws) AS thaws, (SELECT min(asked_at) FROM thaws) AS oldest
    FROM chunks INDEXED BY chunks_cold WHERE substr(location, 1, 5) = 'cold/' AND quarantined_at IS NULL`);
  const uses = db.sql(`SELECT EXISTS (SELECT 1 FROM chunks INDEXED BY chunks_cold
      WHERE substr(location, 1, 5) = 'cold/' AND damaged_at IS NULL) OR EXISTS (SELECT 1 FROM erasures WHERE site = 'cold') AS is_used`);
  const behind = (after: { readonly tenant: ChunkKey['tenant']; readonly id: string } | null) => ({
    tenant: after === null ? 0 : db.tenant(after.tenant),
    after: after?.id ?? '',
  });
  return {
    headManifests: (after, limit) =>
      manifests.all({ ...behind(after), limit }).map((row) => ({
        tenant: parseTenantId(row['tenant']),
        id: parseManifestId(row['id']),
        encoded: blob(row, 'encoded'),
      })),
    chunkHeats: (after, limit) => heats.all({ ...behind(after), limit }).map(heatOf),
    chunkHeat: ({ tenant, id }) => {
      const row = heat.one(db.tenant(tenant), id);
      return row === null ? null : heatOf(row);
    },
    thaw: ({ tenant, id }) => {
      const row = thaw.one(db.tenant(tenant), id);
      return row === null ? null : int(row, 'asked_at');
    },
    thaws: (askedBy, after, limit) => thaws.all({ ...behind(after), by: askedBy, limit }).map(chunkKey),
    usesCold: () => int(uses.one() ?? {}, 'is_used') === 1,
    tierFigures: () => {
      const row = figures.one() ?? {};
      return {
        coldChunks: int(row, 'chunks'),
        coldBytes: int(row, 'bytes'),
        thaws: int(row, 'thaws'),
        oldestThaw: intOrNull(row, 'oldest'),
      };
    },
  };
}

export function coldWrites(db: Connection): ColdWrites {
  const hot = db.sql(
    'UPDATE chunks SET hot_hour = ? WHERE tenant = ? AND id = ? AND (hot_hour IS NULL OR hot_hour < ?)',
  );
  const ask = db.sql('INSERT INTO thaws (tenant, id, asked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const end = db.sql('DELETE FROM thaws WHERE tenant = ? AND id = ?');
  const forget = [
    db.sql('DELETE FROM thaws'),
    db.sql("DELETE FROM erasures WHERE site = 'cold'"),
    db.sql("DELETE FROM sites WHERE name = 'cold'"),
  ];
  return {
    setHot: ({ tenant, id }, hour) => void hot.run(hour, db.tenant(tenant), id, hour),
    askThaw: ({ tenant, id }, at) => void ask.run(db.tenant(tenant), id, at),
    endThaw: ({ tenant, id }) => void end.run(db.tenant(tenant), id),
    forgetCold: () => {
      for (const each of forget) each.run();
    },
  };
}
