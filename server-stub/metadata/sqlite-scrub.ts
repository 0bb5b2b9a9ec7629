/** What is verified next, and what was found damaged. */
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { chunkKey } from './sqlite-rows.ts';
import { int, intOrNull, text } from './sqlite-values.ts';

type ScrubReads = Pick<ReadTx, 'scrub' | 'chunksBetween'>;

export function scrubReads(db: Connection): ScrubReads {
  const state = db.sql('SELECT slot, verified, damaged FROM scrub');
  // In the order of the key, so that each tenant is one walk: an index over all ids would cost every upload.
  const between = db.sql(`SELECT t.id AS tenant, c.id, c.location, c.size, c.damaged_at
    FROM tenants t CROSS JOIN chunks c ON c.tenant = t.no
    WHERE t.no >= :tenant AND c.id >= :from AND c.id < :to AND (t.no > :tenant OR c.id > :after)
    ORDER BY t.no, c.id LIMIT :limit`);
  return {
    scrub: () => {
      const row = state.one();
      if (row === null) return { slot: 0, verified: 0, damaged: 0 };
      return { slot: int(row, 'slot'), verified: int(row, 'verified'), damaged: int(row, 'damaged') };
    },
    chunksBetween: (from, to, after, limit) => {
      const place = { tenant: after === null ? 0 : db.tenant(after.tenant), after: after?.id ?? '' };
      return between.all({ ...place, from, to, limit }).map((row) => ({
        ...chunkKey(row),
        location: text(row, 'location'),
        size: int(row, 'size'),
        isDamaged: intOrNull(row, 'damaged_at') !== null,
      }));
    },
  };
}

type ScrubWrites = Pick<WriteTx, 'setScrub' | 'setDamaged'>;

export function scrubWrites(db: Connection): ScrubWrites {
  const set = db.sql(`INSERT INTO scrub (one, slot, verified, damaged) VALUES (1, :slot, :verified, :damaged)
    ON CONFLICT DO UPDATE SET slot = :slot, verified = :verified, damaged = :damaged`);
  const damage = db.sql(
    'UPDATE chunks SET damaged_at = ? WHERE tenant = ? AND id = ? AND location = ? AND (damaged_at IS NULL) <> (? IS NULL)',
  );
  return {
    setScrub: ({ slot, verified, damaged }) => void set.run({ slot, verified, damaged }),
    setDamaged: ({ tenant, id, location }, at) => damage.run(at, db.tenant(tenant), id, location, at) > 0,
  };
}
