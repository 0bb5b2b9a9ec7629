-- Where a store beside the first was last: who looks at the data folder while no server runs finds it there.
ALTER TABLE sites ADD COLUMN folder TEXT;

-- The lived hour in which a chunk was last seen in use by a head, or came back from the cold store. NULL: never looked at.
ALTER TABLE chunks ADD COLUMN hot_hour INTEGER;
CREATE INDEX chunks_cold ON chunks (quarantined_at, size) WHERE substr(location, 1, 5) = 'cold/';

-- Cold chunks that somebody asked for: each once, since when.
CREATE TABLE thaws (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
