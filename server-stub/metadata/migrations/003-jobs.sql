-- Work behind requests: who does it now, how far it has got, what it decided, and what an operator switched.

-- The fence grows with every new holder: what an earlier one still writes is refused by it.
CREATE TABLE leases (
  job TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  fence INTEGER NOT NULL,
  until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- state NULL: the last round ended, the next begins anew.
CREATE TABLE job_rounds (
  job TEXT PRIMARY KEY,
  began_at INTEGER NOT NULL,
  step_at INTEGER NOT NULL,
  ended_at INTEGER,
  state TEXT,
  said TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  job TEXT NOT NULL,
  subject TEXT NOT NULL,
  decision TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_subject ON decisions (subject, no);
CREATE INDEX decisions_by_job ON decisions (job, no);

CREATE TABLE switches (
  name TEXT PRIMARY KEY,
  is_on INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
