-- What history keeps, for how long, and what was let go.

-- Hours that this server has really lived, counted one by one: a clock set ahead makes nothing old (a wait for something
-- to be erased is counted in these).
CREATE TABLE lived (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  hours INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE retention (
  ns INTEGER PRIMARY KEY REFERENCES namespaces (no),
  all_ms INTEGER NOT NULL,
  daily_ms INTEGER NOT NULL,
  weekly_ms INTEGER NOT NULL,
  monthly_ms INTEGER NOT NULL,
  trash_ms INTEGER NOT NULL,
  held INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE labels (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  device INTEGER NOT NULL REFERENCES devices (no),
  at INTEGER NOT NULL,
  PRIMARY KEY (ns, seq),
  FOREIGN KEY (ns, seq) REFERENCES versions (ns, seq)
) STRICT, WITHOUT ROWID;

-- A version may go, as the policy says (due), and has gone (released): two steps, a grace apart, the first taken back
-- when it is labelled, held or wanted after all. The version's row stays, for lineage.
CREATE TABLE version_ends (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  seq INTEGER NOT NULL,
  due_hour INTEGER NOT NULL,
  released_at INTEGER,
  PRIMARY KEY (ns, seq),
  FOREIGN KEY (ns, seq) REFERENCES versions (ns, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_ends_due ON version_ends (ns, due_hour) WHERE released_at IS NULL;

-- The same for what was deleted, a batch at a time: what died together goes together.
CREATE TABLE trash_ends (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  dead_seq INTEGER NOT NULL,
  due_hour INTEGER NOT NULL,
  released_at INTEGER,
  PRIMARY KEY (ns, dead_seq)
) STRICT, WITHOUT ROWID;
