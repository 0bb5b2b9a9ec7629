/** Questions of operators, answered from the store of a server that may be running. */
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { existingDataFolder, openPresentReader, openPresentStore } from '../data-folder.ts';
import type { ExplainAnswer, Question } from '../explain/answer.ts';
import { explain } from '../explain/explain.ts';
import { type Decision, SWITCHES, type SwitchName } from '../metadata/job-rows.ts';
import { int, intOrNull, type Row, text } from '../metadata/sqlite-values.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { SERVER_LIMITS } from '../server-limits.ts';

export interface DeviceLine {
  readonly user: string;
  readonly device: string;
  readonly os: string;
  readonly lastSeenAt: number | null;
  readonly revoked: boolean;
  /** Changes it has not acknowledged; null: it never acknowledged any in this epoch. */
  readonly behind: number | null;
}

export interface ConflictLine {
  readonly id: string;
  readonly user: string;
  readonly path: string | null;
  readonly cause: string;
  readonly device: string;
  readonly at: number;
}

export interface JobLine {
  readonly job: string;
  readonly endedAt: number | null;
  readonly said: string;
  readonly decisions: readonly Decision[];
}

export interface SwitchLine {
  readonly name: SwitchName;
  readonly on: boolean;
  readonly meaning: string;
}

async function ask(data: string, sql: string): Promise<readonly Row[]> {
  const folder = await existingDataFolder(resolve(data));
  // Refuses a database that this program would read wrongly.
  await (await openPresentStore(folder)).close();
  const db = new Database(folder.metadata, { readonly: true, timeout: 5000 });
  try {
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}

export async function deviceLines(data: string): Promise<readonly DeviceLine[]> {
  const rows = await ask(
    data,
    `SELECT u.name AS user, d.name, d.os, d.last_seen_at, d.revoked_at IS NOT NULL AS revoked,
        (SELECT n.head_seq - c.seq FROM cursors c JOIN namespaces n ON n.no = c.ns
          WHERE c.device = d.no AND c.epoch = n.epoch ORDER BY c.at DESC LIMIT 1) AS behind
      FROM devices d JOIN users u ON u.no = d.owner WHERE d.main IS NULL ORDER BY u.name, d.linked_at, d.no`,
  );
  return rows.map((row) => ({
    user: text(row, 'user'),
    device: text(row, 'name'),
    os: text(row, 'os'),
    lastSeenAt: intOrNull(row, 'last_seen_at'),
    revoked: int(row, 'revoked') === 1,
    behind: intOrNull(row, 'behind'),
  }));
}

export async function conflictLines(data: string): Promise<readonly ConflictLine[]> {
  const rows = await ask(
    data,
    `SELECT c.id, u.name AS user, c.original_path AS path, c.cause, d.name AS device, c.at FROM conflicts c
      JOIN namespaces n ON n.no = c.ns JOIN users u ON u.no = n.owner JOIN devices d ON d.no = c.device
      WHERE c.status = 'open' ORDER BY c.at DESC, c.id`,
  );
  return rows.map((row) => ({
    id: text(row, 'id'),
    user: text(row, 'user'),
    path: row['path'] === null ? null : text(row, 'path'),
    cause: text(row, 'cause'),
    device: text(row, 'device'),
    at: int(row, 'at'),
  }));
}

/** One answer, over a connection that only reads. */
export async function explanation(data: string, question: Question): Promise<ExplainAnswer> {
  const folder = await existingDataFolder(resolve(data));
  const store = openPresentReader(folder);
  try {
    const { waits, retention } = SERVER_LIMITS;
    const rules = { waits, retention, now: realClock.now() };
    return await store.read((tx) => explain({ tx, rules, wakes: null }, question));
  } finally {
    await store.close();
  }
}

export interface StoreLine {
  readonly store: string;
  readonly chunks: number;
  readonly bytes: number;
  /** Copies that are still to be erased there. */
  readonly erasures: number;
  /** Chunks that should be there and are not, and since when the oldest. */
  readonly missing: number;
  readonly missingSince: number | null;
}

/** The chunk stores that hold something, or did. */
export async function storeLines(data: string): Promise<readonly StoreLine[]> {
  const rows = await ask(
    data,
    `WITH copies AS (
        SELECT CASE WHEN substr(location, 1, 5) = 'cold/' THEN 'cold' ELSE 'hot' END AS store, size FROM chunks
        UNION ALL SELECT 'replica', c.size FROM replicas r JOIN chunks c ON c.tenant = r.tenant AND c.id = r.id)
      SELECT s.name AS store, count(c.size) AS chunks, coalesce(sum(c.size), 0) AS bytes,
        (SELECT count(*) FROM erasures e WHERE e.site = s.name) AS erasures,
        CASE s.name WHEN 'replica' THEN (SELECT count(*) FROM replica_debts) ELSE 0 END AS missing,
        CASE s.name WHEN 'replica' THEN (SELECT min(since) FROM replica_debts) END AS missing_since
      FROM (SELECT 'hot' AS name UNION ALL SELECT name FROM sites) s LEFT JOIN copies c ON c.store = s.name
      GROUP BY s.name ORDER BY s.name = 'replica', s.name = 'cold'`,
  );
  return rows.map((row) => ({
    store: text(row, 'store'),
    chunks: int(row, 'chunks'),
    bytes: int(row, 'bytes'),
    erasures: int(row, 'erasures'),
    missing: int(row, 'missing'),
    missingSince: intOrNull(row, 'missing_since'),
  }));
}

export interface ShareLine {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Names, with commas between them. */
  readonly owners: string;
  readonly members: number;
  readonly used: number;
  /** null: as much as there is room. */
  readonly quota: number | null;
}

/** Everything that is shared, by name. */
export async function shareLines(data: string): Promise<readonly ShareLine[]> {
  const rows = await ask(
    data,
    `SELECT n.id, s.kind, s.name, coalesce(b.bytes, 0) AS used, q.bytes AS quota,
        (SELECT coalesce(group_concat(m.user_name, ', '), '') FROM memberships m
          WHERE m.ns = s.ns AND m.role = 'owner' AND m.standing = 'member') AS owners,
        (SELECT count(*) FROM memberships m WHERE m.ns = s.ns AND m.standing = 'member') AS members
      FROM shares s JOIN namespaces n ON n.no = s.ns LEFT JOIN stored_bytes b ON b.tenant = n.tenant
        LEFT JOIN quotas q ON q.tenant = n.tenant ORDER BY s.name, n.id`,
  );
  return rows.map((row) => ({
    id: text(row, 'id'),
    kind: text(row, 'kind'),
    name: text(row, 'name'),
    owners: text(row, 'owners'),
    members: int(row, 'members'),
    used: int(row, 'used'),
    quota: intOrNull(row, 'quota'),
  }));
}

const DECISIONS = 5;

export async function jobLines(data: string): Promise<readonly JobLine[]> {
  const rows = await ask(data, 'SELECT job, ended_at, said FROM job_rounds ORDER BY job');
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    return await store.read(async (tx) => {
      const lines: JobLine[] = [];
      for (const row of rows) {
        const job = text(row, 'job');
        const decisions = await tx.decisions({ job }, null, DECISIONS);
        lines.push({ job, endedAt: intOrNull(row, 'ended_at'), said: text(row, 'said'), decisions });
      }
      return lines;
    });
  } finally {
    await store.close();
  }
}

const NAMES = Object.keys(SWITCHES).filter((name): name is SwitchName => name in SWITCHES);

/** `change` null: only look. */
export async function switchLines(
  data: string,
  change: { readonly name: string; readonly on: boolean; readonly why: string } | null,
): Promise<readonly SwitchLine[]> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    return await store.write(async (tx) => {
      if (change !== null) {
        const name = NAMES.find((each) => each === change.name);
        if (name === undefined)
          throw new Refusal(`There is no switch "${change.name}"; there are ${NAMES.join(', ')}.`);
        await tx.setSwitch({ name, on: change.on, by: 'an operator', why: change.why, at: realClock.now() });
      }
      const lines: SwitchLine[] = [];
      for (const name of NAMES)
        lines.push({ name, on: await tx.isSwitchedOn(name), meaning: SWITCHES[name] });
      return lines;
    });
  } finally {
    await store.close();
  }
}
