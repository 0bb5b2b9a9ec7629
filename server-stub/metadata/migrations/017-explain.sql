-- What "what happened to this file?" is answered from. Only the key is written with a change; the rest is written behind
-- requests by the lineage job, and says how far it has read each journal.

-- The idempotency key of the claim that made the change; NULL: no claim did, or it was not written down yet.
ALTER TABLE journal ADD COLUMN key INTEGER;

CREATE TABLE lineage_marks (
  ns INTEGER PRIMARY KEY REFERENCES namespaces (no),
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE node_changes (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  node TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (ns, node, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_changes (
  device INTEGER NOT NULL REFERENCES devices (no),
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  seq INTEGER NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

-- Every name that a node ever had, with the change that gave it first.
CREATE TABLE node_names (
  no INTEGER PRIMARY KEY,
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  node TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX node_names_by_node ON node_names (ns, node, name);
CREATE INDEX node_names_by_name ON node_names (folded);
CREATE VIRTUAL TABLE name_trigrams USING fts5 (folded, content = 'node_names', content_rowid = 'no', tokenize = 'trigram');

-- Metrics ask how long the oldest has been waiting.
CREATE INDEX chunks_idle ON chunks (idle_hour) WHERE idle_hour IS NOT NULL;

CREATE INDEX conflicts_by_time ON conflicts (at, cause);
CREATE INDEX conflicts_by_original ON conflicts (ns, original);
