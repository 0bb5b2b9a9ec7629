/** Holds on erasing, room per tenant, and the row that a readiness check writes. */
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { int, intOrNull } from './sqlite-values.ts';

type OperationReads = Pick<ReadTx, 'isErasureHeld' | 'storedBytes'>;

export function operationReads(db: Connection): OperationReads {
  const held = db.sql('SELECT 1 FROM erasure_holds WHERE until_at > ? LIMIT 1');
  const stored = db.sql(`SELECT coalesce((SELECT bytes FROM stored_bytes WHERE tenant = :tenant), 0) AS used,
    (SELECT bytes FROM quotas WHERE tenant = :tenant) AS quota`);
  return {
    isErasureHeld: (now) => held.one(now) !== null,
    storedBytes: (tenant) => {
      const row = stored.one({ tenant: db.tenant(tenant) });
      return row === null
        ? { used: 0, quota: null }
        : { used: int(row, 'used'), quota: intOrNull(row, 'quota') };
    },
  };
}

type OperationWrites = Pick<WriteTx, 'holdErasure' | 'endErasureHolds' | 'setQuota' | 'touchProbe'>;

export function operationWrites(db: Connection): OperationWrites {
  const hold = db.sql(`INSERT INTO erasure_holds (id, by_whom, until_at) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET by_whom = excluded.by_whom, until_at = excluded.until_at`);
  const end = db.sql('DELETE FROM erasure_holds WHERE id = ?');
  const endAll = db.sql('DELETE FROM erasure_holds');
  const quota = db.sql(`INSERT INTO quotas (tenant, bytes, by_whom, at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET bytes = excluded.bytes, by_whom = excluded.by_whom, at = excluded.at`);
  const noQuota = db.sql('DELETE FROM quotas WHERE tenant = ?');
  const probe = db.sql('INSERT INTO probe (one, at) VALUES (1, :at) ON CONFLICT DO UPDATE SET at = :at');
  return {
    holdErasure: ({ id, by, until }) => void hold.run(id, by, until),
    endErasureHolds: (id) => void (id === null ? endAll.run() : end.run(id)),
    setQuota: (tenant, bytes, by, at) => {
      if (bytes === null) noQuota.run(db.tenant(tenant));
      else quota.run(db.tenant(tenant), bytes, by, at);
    },
    touchProbe: (at) => void probe.run({ at }),
  };
}
