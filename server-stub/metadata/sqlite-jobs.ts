/** Leases, rounds, decisions and switches of the work behind requests. */
import { type Decision, isSwitchName, type JobRound, type SwitchName, type SwitchRow } from './job-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { DamagedRow, int, intOrNull, type Row, text, textOrNull } from './sqlite-values.ts';

type JobReads = Pick<ReadTx, 'lease' | 'jobRound' | 'decisions' | 'switches' | 'isSwitchedOn'>;

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

function switchName(row: Row): SwitchName {
  const name = text(row, 'name');
  if (!isSwitchName(name)) throw new DamagedRow('name', name);
  return name;
}

function switchOf(row: Row): SwitchRow {
  return {
    name: switchName(row),
    on: int(row, 'is_on') === 1,
    by: text(row, 'by_whom'),
    why: text(row, 'why'),
    at: int(row, 'at'),
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
  const switches = db.sql('SELECT name, is_on, by_whom, why, at FROM switches ORDER BY name');
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
    decisions: ({ subject, job }, before, limit) => {
      const page = { before: before ?? Number.MAX_SAFE_INTEGER, limit };
      const rows =
        subject !== undefined && job !== undefined
          ? byBoth.all({ ...page, subject, job })
          : subject !== undefined
            ? bySubject.all({ ...page, subject })
            : job !== undefined
              ? byJob.all({ ...page, job })
              : all.all(page);
      return rows.map(decisionOf);
    },
    switches: () => switches.all().map(switchOf),
    isSwitchedOn: (name) => {
      const row = one.one(name);
      return row !== null && int(row, 'is_on') === 1;
    },
  };
}

type JobWrites = Pick<WriteTx, 'setLease' | 'setJobRound' | 'addDecision' | 'forgetDecisions' | 'setSwitch'>;

export function jobWrites(db: Connection): JobWrites {
  const lease = db.sql(`INSERT INTO leases (job, holder, fence, until_at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET holder = excluded.holder, fence = excluded.fence, until_at = excluded.until_at`);
  const round = db.sql(`INSERT INTO job_rounds (job, began_at, step_at, ended_at, state, said)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET began_at = excluded.began_at, step_at = excluded.step_at,
      ended_at = excluded.ended_at, state = excluded.state, said = excluded.said`);
  const decide = db.sql('INSERT INTO decisions (at, job, subject, decision, why) VALUES (?, ?, ?, ?, ?)');
  const forget = db.sql('DELETE FROM decisions WHERE at < ?');
  const put = db.sql(`INSERT INTO switches (name, is_on, by_whom, why, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET is_on = excluded.is_on, by_whom = excluded.by_whom, why = excluded.why,
      at = excluded.at`);
  return {
    setLease: (job, { holder, fence, until }) => void lease.run(job, holder, fence, until),
    setJobRound: (job, { beganAt, stepAt, endedAt, state, said }) =>
      void round.run(job, beganAt, stepAt, endedAt, state, said),
    addDecision: ({ at, job, subject, decision, why }) => void decide.run(at, job, subject, decision, why),
    forgetDecisions: (before) => forget.run(before),
    setSwitch: ({ name, on, by, why, at }) => void put.run(name, on ? 1 : 0, by, why, at),
  };
}
