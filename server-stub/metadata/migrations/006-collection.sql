-- Which stored chunks nothing wants any more, found by looking at what is wanted (never by counting references).

-- A round looks through every kept manifest once. `sample` of 256: only chunks whose id begins below it are taken.
CREATE TABLE collection (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  round INTEGER NOT NULL,
  sample INTEGER NOT NULL
) STRICT;

-- The last round in which a chunk was asked for (by an upload, a pin, a commit), or found in a kept manifest.
ALTER TABLE chunks ADD COLUMN wanted_round INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chunks ADD COLUMN marked_round INTEGER NOT NULL DEFAULT 0;
-- The lived hour in which a round first found nothing that wants it; and in which it was quarantined.
ALTER TABLE chunks ADD COLUMN idle_hour INTEGER;
ALTER TABLE chunks ADD COLUMN quarantine_hour INTEGER;

CREATE INDEX versions_by_manifest ON versions (manifest) WHERE manifest IS NOT NULL;

-- Copies whose rows are gone and whose bytes are to go: written with the row's removal, taken out once they are gone.
CREATE TABLE erasures (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (tenant, location)
) STRICT, WITHOUT ROWID;
