/** Books that are kept beside the tree: outcomes, jobs, leases, counts; and whatever points nowhere. */
import { readStored } from '../metadata/rules/outcomes.ts';
import { int, intOrNull, type Row, text, textOrNull } from '../metadata/sqlite-values.ts';
import { type CheckParts, type Found, noRepair, rows } from './finding.ts';

/** Leases last a minute. */
const DAY = 24 * 3_600_000;

export function checkDatabase({ db }: CheckParts): readonly Found[] {
  const found = integrityOf(db);
  return found
    .filter((line) => line !== 'ok')
    .map((line) =>
      noRepair(
        'database-damaged',
        'database',
        `The database file is damaged (${line}). Restore it from a backup.`,
      ),
    );
}

/** Where the check itself cannot go on it throws: that is an answer, too. */
function integrityOf(db: CheckParts['db']): readonly string[] {
  try {
    return rows(db, 'PRAGMA integrity_check(20)').map((row) => String(Object.values(row)[0]));
  } catch (cause) {
    return [String(cause)];
  }
}

export function checkBooks(parts: CheckParts): readonly Found[] {
  return [
    ...references(parts),
    ...outcomes(parts),
    ...jobs(parts),
    ...leases(parts),
    ...storedBytes(parts),
    ...owners(parts),
  ];
}

function references({ db }: CheckParts): readonly Found[] {
  return rows(db, 'PRAGMA foreign_key_check').map((row) => {
    const [table, parent] = [text(row, 'table'), text(row, 'parent')];
    return noRepair(
      'dangling-reference',
      table,
      `A row of ${table} names one of ${parent} that is not there.`,
    );
  });
}

/** The answer to a claim, as it is given again. Unreadable: nobody can be told it; burned, the device asks anew. */
function outcomes({ db }: CheckParts): readonly Found[] {
  const found: Found[] = [];
  const all = rows(
    db,
    `SELECT o.device AS no, d.id, d.name, o.key, o.digest, o.body, n.head_seq FROM outcomes o JOIN devices d ON d.no = o.device
      LEFT JOIN namespaces n ON n.no = coalesce(d.ns,
        (SELECT p.no FROM namespaces p WHERE p.owner = d.owner
          AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.ns = p.no) LIMIT 1))
      WHERE o.body IS NOT NULL`,
  );
  for (const row of all) {
    const subject = `outcome ${text(row, 'id')} ${int(row, 'key')}`;
    const seqs = seqsOf(row);
    if (seqs === null)
      found.push({
        code: 'outcome-unreadable',
        subject,
        sentence: `The answer to a claim of "${text(row, 'name')}" cannot be read, so it cannot be given again.`,
        repair:
          'The claim counts as overtaken: the device compares, and asks anew for what is still to be done.',
        mend: (write) => {
          write
            .prepare('UPDATE outcomes SET digest = NULL, body = NULL WHERE device = ? AND key = ?')
            .run(int(row, 'no'), int(row, 'key'));
        },
        epochOf: null,
      });
    else if (Math.max(0, ...seqs) > (intOrNull(row, 'head_seq') ?? Number.MAX_SAFE_INTEGER)) {
      const why = `"${text(row, 'name')}" was told of a change that the journal does not have.`;
      found.push(noRepair('outcome-ahead', subject, why));
    }
  }
  return found;
}

function seqsOf(row: Row): readonly number[] | null {
  try {
    const outcome = { key: int(row, 'key'), digest: textOrNull(row, 'digest'), body: text(row, 'body') };
    return readStored(outcome)?.seqs ?? [];
  } catch {
    return null;
  }
}

function jobs({ db }: CheckParts): readonly Found[] {
  return rows(db, 'SELECT job FROM job_rounds WHERE state IS NOT NULL AND NOT json_valid(state)').map(
    (row) => {
      const job = text(row, 'job');
      return {
        code: 'job-state',
        subject: `job ${job}`,
        sentence: `Where ${job} is to go on cannot be read.`,
        repair: 'Its next round begins anew.',
        mend: (write) => {
          write
            .prepare(
              'UPDATE job_rounds SET state = NULL, ended_at = coalesce(ended_at, step_at) WHERE job = ?',
            )
            .run(job);
        },
        epochOf: null,
      };
    },
  );
}

function leases({ db, now }: CheckParts): readonly Found[] {
  return rows(db, 'SELECT job FROM leases WHERE until_at > ?', now + DAY).map((row) => {
    const job = text(row, 'job');
    return {
      code: 'lease-far',
      subject: `job ${job}`,
      sentence: `The lease of ${job} was written under a clock that is far ahead.`,
      repair: 'It ends now.',
      mend: (write) => {
        write.prepare('UPDATE leases SET until_at = 0 WHERE job = ?').run(job);
      },
      epochOf: null,
    };
  });
}

function storedBytes({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT t.no, t.id, coalesce((SELECT bytes FROM stored_bytes s WHERE s.tenant = t.no), 0) AS noted,
        coalesce((SELECT sum(size) FROM chunks c WHERE c.tenant = t.no), 0) AS counted
      FROM tenants t WHERE noted <> counted`,
  );
  return found.map((row) => ({
    code: 'stored-bytes',
    subject: `tenant ${text(row, 'id')}`,
    sentence: `What a user stores is noted as ${int(row, 'noted')} bytes, and is ${int(row, 'counted')}.`,
    repair: 'It is noted as it is.',
    mend: (write) => {
      write
        .prepare(
          `INSERT INTO stored_bytes (tenant, bytes) VALUES (:no, :bytes) ON CONFLICT DO UPDATE SET bytes = :bytes`,
        )
        .run({ no: int(row, 'no'), bytes: int(row, 'counted') });
    },
    epochOf: null,
  }));
}

function owners({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT n.id, s.name FROM shares s JOIN namespaces n ON n.no = s.ns WHERE NOT EXISTS
      (SELECT 1 FROM memberships m WHERE m.ns = s.ns AND m.role = 'owner' AND m.standing = 'member')`,
  );
  return found.map((row) =>
    noRepair(
      'share-without-owner',
      `namespace ${text(row, 'id')}`,
      `Nobody owns the share "${text(row, 'name')}".`,
    ),
  );
}
