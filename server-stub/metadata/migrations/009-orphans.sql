-- Copies in the chunk store that no row names, and the lived hour in which they were first seen.
CREATE TABLE orphans (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  location TEXT NOT NULL,
  seen_hour INTEGER NOT NULL,
  PRIMARY KEY (tenant, location)
) STRICT, WITHOUT ROWID;
CREATE INDEX orphans_by_hour ON orphans (seen_hour);
