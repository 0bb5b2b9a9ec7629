-- Who took a user out of a share, until they are in it again: they are told. by_whom is the user where they left themselves.
CREATE TABLE departures (
  ns INTEGER NOT NULL REFERENCES shares (ns),
  user_name TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (ns, user_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX departures_by_user ON departures (user_name, at);
