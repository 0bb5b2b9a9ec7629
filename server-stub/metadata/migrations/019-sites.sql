-- Chunk stores beside the one in the data folder. The id stands in the folder, too: another folder is another store.
-- `whole`: every chunk was looked at once since the store came.
CREATE TABLE sites (
  name TEXT PRIMARY KEY CHECK (name IN ('cold', 'replica')),
  id TEXT NOT NULL,
  whole INTEGER NOT NULL CHECK (whole IN (0, 1))
) STRICT, WITHOUT ROWID;

-- The second copy of a chunk; and chunks that should have one and have none yet, since when.
CREATE TABLE replicas (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE replica_debts (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX replica_debts_by_age ON replica_debts (since);

-- Erasing in one store must not wait for another that cannot be reached.
ALTER TABLE erasures ADD COLUMN site TEXT GENERATED ALWAYS AS (CASE
  WHEN substr(location, 1, 5) = 'cold/' THEN 'cold'
  WHEN substr(location, 1, 8) = 'replica/' THEN 'replica' ELSE 'hot' END) VIRTUAL;
CREATE INDEX erasures_by_site ON erasures (site);
