/** Holds on erasing, room per tenant, and the row that a readiness check writes. */
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { int, intOrNull, text } from './sqlite-values.ts';

type OperationReads = Pick<ReadTx, 'isErasureHeld' | 'storedBytes' | 'figures'>;

export function operationReads(db: Connection): OperationReads {
  const held = db.sql('SELECT 1 FROM erasure_holds WHERE until_at > ? LIMIT 1');
  const stored = db.sql(`SELECT coalesce((SELECT bytes FROM stored_bytes WHERE tenant = :tenant), 0) AS used,
    (SELECT bytes FROM quotas WHERE tenant = :tenant) AS quota`);
  const sums = db.sql(`SELECT coalesce((SELECT sum(bytes) FROM stored_bytes), 0) AS stored,
    coalesce((SELECT sum(size) FROM chunks WHERE quarantined_at IS NOT NULL), 0) AS quarantined,
    coalesce((SELECT max(n.head_seq - c.seq) FROM cursors c JOIN namespaces n ON n.no = c.ns
      JOIN devices d ON d.no = c.device WHERE d.revoked_at IS NULL AND c.epoch = n.epoch), 0) AS lag,
    (SELECT count(*) FROM sessions) AS sessions,
    (SELECT min(idle_hour) FROM chunks WHERE idle_hour IS NOT NULL) AS idle,
    (SELECT min(seen_hour) FROM orphans) AS orphan`);
  const lags =
    db.sql(`SELECT CASE WHEN behind = 0 THEN 0 WHEN behind <= 10 THEN 10 WHEN behind <= 100 THEN 100
      WHEN behind <= 1000 THEN 1000 WHEN behind <= 10000 THEN 10000 END AS most, count(*) AS count
    FROM (SELECT n.head_seq - c.seq AS behind FROM cursors c JOIN namespaces n ON n.no = c.ns
      JOIN devices d ON d.no = c.device WHERE d.revoked_at IS NULL AND c.epoch = n.epoch) GROUP BY most`);
  const open = db.sql("SELECT cause, count(*) AS count FROM conflicts WHERE status = 'open' GROUP BY cause");
  const rounds = db.sql('SELECT job, ended_at FROM job_rounds ORDER BY job');
  return {
    figures: () => {
      const row = sums.one() ?? {};
      return {
        storedBytes: int(row, 'stored'),
        quarantinedBytes: int(row, 'quarantined'),
        largestLag: int(row, 'lag'),
        lags: lags.all().map((each) => ({ atMost: intOrNull(each, 'most'), devices: int(each, 'count') })),
        idleSince: intOrNull(row, 'idle'),
        orphanSince: intOrNull(row, 'orphan'),
        openSessions: int(row, 'sessions'),
        openConflicts: open.all().map((each) => ({ cause: text(each, 'cause'), count: int(each, 'count') })),
        rounds: rounds
          .all()
          .map((each) => ({ job: text(each, 'job'), endedAt: intOrNull(each, 'ended_at') })),
      };
    },
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
