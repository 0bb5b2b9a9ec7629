-- Namespaces that are nobody's personal one, who is in them, and devices that speak in them.

CREATE TABLE shares (
  ns INTEGER PRIMARY KEY REFERENCES namespaces (no),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- By name: somebody may be invited before there is such a user, and nobody learns whether there is.
CREATE TABLE memberships (
  ns INTEGER NOT NULL REFERENCES shares (ns),
  user_name TEXT NOT NULL,
  role TEXT NOT NULL,
  standing TEXT NOT NULL,
  by_whom TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (ns, user_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_user ON memberships (user_name);

-- A device in a shared namespace has a row of its own there, with keys, cursor and token of its own, below the device
-- that it is. ns NULL: the personal namespace of its user.
ALTER TABLE devices ADD COLUMN ns INTEGER REFERENCES namespaces (no);
ALTER TABLE devices ADD COLUMN main INTEGER REFERENCES devices (no);
CREATE INDEX devices_by_main ON devices (main) WHERE main IS NOT NULL;
