/** Leases, rounds, decisions and switches of the work behind requests. */
import type { Decision, JobRound } from './job-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { int, intOrNull, type Row, text, textOrNull } from './sqlite-values.ts';

type JobReads = Pick<ReadTx, 'lease' | 'jobRound' | 'decisions' | 'isSwitchedOn'>;

function roundOf(row: Row): JobRound {
  return {
    beganAt: int(row, 'began_at'),
    stepAt: int(row, 'step_at'),
    endedAt: intOrNull(row, 'ended_at'),
    state: textOrNull(row, 'state'),
    said: text(row, 'said'),
  };
}

function decisionOf(row: Row): Decision & { readonly no: number } {
  return {
    no: int(row, 'no'),
    at: int(row, 'at'),
    job: text(row, 'job'),
    subject: text(row, 'subject'),
    decision: text(row, 'decision'),
    why: text(row, 'why'),
  };
}

export function jobReads(db: Connection): JobReads {
  const lease = db.sql('SELECT holder, fence, until_at FROM leases WHERE job = ?');
  const round = db.sql('SELECT began_at, step_at, ended_at, state, said FROM job_rounds WHERE job = ?');
  const newest = (where: string) =>
    db.sql(`SELECT no, at, job, subject, decision, why FROM decisions WHERE ${where} AND no < :before
      ORDER BY no DESC LIMIT :limit`);
  const byBoth = newest('subject = :subject AND job = :job');
  const bySubject = newest('subject = :subject');
  const byJob = newest('job = :job');
  const all = newest('1');
  const one = db.sql('SELECT is_on FROM switches WHERE name = ?');
  return {
    lease: (job) => {
      const row = lease.one(job);
      return row && { holder: text(row, 'holder'), fence: int(row, 'fence'), until: int(row, 'until_at') };
    },
    jobRound: (job) => {
      const row = round.one(job);
      return row && roundOf(row);
    },
    decisions: (filter, before, limit) => {
      const ofSubject = filter.job === undefined ? bySubject : byBoth;
      const ofAny = filter.job === undefined ? all : byJob;
      const found = filter.subject === undefined ? ofAny : ofSubject;
      const rows = found.all({ ...filter, before: before ?? Number.MAX_SAFE_INTEGER, limit });
      return rows.map(decisionOf);
    },
    isSwitchedOn: (name) => {
      const row = one.one(name);
      return row !== null && int(row, 'is_on') === 1;
    },
  };
}

type JobWrites = Pick<WriteTx, 'setLease' | 'setJobRound' | 'addDecision' | 'setSwitch'>;

export function jobWrites(db: Connection): JobWrites {
  const lease = db.sql(`INSERT INTO leases (job, holder, fence, until_at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET holder = excluded.holder, fence = excluded.fence, until_at = excluded.until_at`);
  const round = db.sql(`INSERT INTO job_rounds (job, began_at, step_at, ended_at, state, said)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET began_at = excluded.began_at, step_at = excluded.step_at,
      ended_at = excluded.ended_at, state = excluded.state, said = excluded.said`);
  const decide = db.sql('INSERT INTO decisions (at, job, subject, decision, why) VALUES (?, ?, ?, ?, ?)');
  const put = db.sql(`INSERT INTO switches (name, is_on, by_whom, why, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET is_on = excluded.is_on, by_whom = excluded.by_whom, why = excluded.why,
      at = excluded.at`);
  return {
    setLease: (job, { holder, fence, until }) => void lease.run(job, holder, fence, until),
    setJobRound: (job, { beganAt, stepAt, endedAt, state, said }) =>
      void round.run(job, beganAt, stepAt, endedAt, state, said),
    addDecision: ({ at, job, subject, decision, why }) => void decide.run(at, job, subject, decision, why),
    setSwitch: ({ name, on, by, why, at }) => void put.run(name, on ? 1 : 0, by, why, at),
  };
}
