-- What is held: a node and everything below it, or with the root the whole namespace. Nothing of it goes until released.
CREATE TABLE holds (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  node TEXT NOT NULL,
  why TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (ns, node)
) STRICT, WITHOUT ROWID;

-- The lived hour in which the server last noticed that a device had been seen, and what its row said of it then.
CREATE TABLE device_hours (
  device INTEGER PRIMARY KEY REFERENCES devices (no),
  seen_at INTEGER,
  hour INTEGER NOT NULL
) STRICT;

-- How far the journal was in a lived hour.
CREATE TABLE journal_hours (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  hour INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (ns, hour)
) STRICT, WITHOUT ROWID;

-- Where everything stood at the floor of the journal, for what is to be told of moments after it. A row counts from its
-- seq on, until the next one of its node: rows of a floor to come are added before the floor moves there.
CREATE TABLE floor_places (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  node TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'symlink')),
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  dead_seq INTEGER,
  head TEXT,
  PRIMARY KEY (ns, node, seq)
) STRICT, WITHOUT ROWID;
ALTER TABLE namespaces ADD COLUMN floor_at INTEGER;
