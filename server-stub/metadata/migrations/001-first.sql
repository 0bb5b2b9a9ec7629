-- Numbers (`no`) stand in for ids in the keys of the large tables: rows stay small, ids stay at the border.

CREATE TABLE server (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tenants (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE tenant_keys (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  number INTEGER NOT NULL,
  master_key TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  name TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE devices (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner INTEGER NOT NULL REFERENCES users (no),
  name TEXT NOT NULL,
  os TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  instance TEXT NOT NULL,
  generation INTEGER NOT NULL,
  linked_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  revoked_at INTEGER,
  settled_below INTEGER NOT NULL
) STRICT;
CREATE INDEX devices_by_owner ON devices (owner);

CREATE TABLE namespaces (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  owner INTEGER NOT NULL REFERENCES users (no),
  epoch TEXT NOT NULL,
  head_seq INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  floor_seq INTEGER NOT NULL,
  floor_hash TEXT NOT NULL,
  node_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX namespaces_by_owner ON namespaces (owner);

CREATE TABLE cursors (
  device INTEGER NOT NULL REFERENCES devices (no),
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (device, ns)
) STRICT, WITHOUT ROWID;

-- dead_seq 0: the node lives. head_seq 0: it has no version (a folder). A dead node keeps its last place.
CREATE TABLE nodes (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'symlink')),
  parent TEXT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  rev INTEGER NOT NULL,
  entry_seq INTEGER NOT NULL,
  entry_device INTEGER REFERENCES devices (no),
  entry_at INTEGER NOT NULL,
  dead_seq INTEGER NOT NULL,
  successor TEXT,
  head TEXT,
  head_seq INTEGER NOT NULL,
  conflict TEXT,
  PRIMARY KEY (ns, id),
  FOREIGN KEY (ns, parent) REFERENCES nodes (ns, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX nodes_live ON nodes (ns, parent, name_key) WHERE dead_seq = 0;
CREATE INDEX nodes_dead ON nodes (ns, parent, name_key, dead_seq) WHERE dead_seq > 0;
CREATE INDEX nodes_by_death ON nodes (ns, dead_seq) WHERE dead_seq > 0;
CREATE INDEX nodes_by_change ON nodes (ns, entry_seq);

-- Seq is never used twice in a namespace, in whatever epoch: it is the key, and the id is made of epoch and seq.
-- Rows are never changed.
CREATE TABLE versions (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  seq INTEGER NOT NULL,
  epoch TEXT NOT NULL,
  node TEXT NOT NULL,
  number INTEGER NOT NULL,
  base TEXT,
  manifest TEXT,
  size INTEGER,
  executable INTEGER,
  target TEXT,
  mtime_ns TEXT NOT NULL,
  device INTEGER NOT NULL REFERENCES devices (no),
  at INTEGER NOT NULL,
  edited_at INTEGER NOT NULL,
  PRIMARY KEY (ns, seq),
  CHECK ((manifest IS NULL) = (target IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX versions_by_node ON versions (ns, node, number);

CREATE TABLE manifests (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  encoded BLOB NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  cause TEXT NOT NULL,
  node TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  rev INTEGER NOT NULL,
  entry_seq INTEGER NOT NULL,
  dead_seq INTEGER NOT NULL,
  successor TEXT,
  head TEXT,
  head_seq INTEGER NOT NULL,
  subtree TEXT,
  revived_batch INTEGER,
  approved INTEGER NOT NULL,
  conflict TEXT,
  device INTEGER NOT NULL REFERENCES devices (no),
  at INTEGER NOT NULL,
  more INTEGER NOT NULL,
  PRIMARY KEY (ns, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflicts (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  id TEXT NOT NULL,
  cause TEXT NOT NULL,
  status TEXT NOT NULL,
  original TEXT NOT NULL,
  copy TEXT NOT NULL,
  ancestor TEXT,
  original_version TEXT,
  copy_version TEXT,
  device INTEGER NOT NULL REFERENCES devices (no),
  at INTEGER NOT NULL,
  resolution TEXT,
  PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conflicts_open ON conflicts (ns, at) WHERE status = 'open';

-- A burned key has no digest: whatever arrives under it is refused.
CREATE TABLE outcomes (
  device INTEGER NOT NULL REFERENCES devices (no),
  key INTEGER NOT NULL,
  digest TEXT,
  body TEXT,
  PRIMARY KEY (device, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE aliases (
  device INTEGER NOT NULL REFERENCES devices (no),
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  proposed TEXT NOT NULL,
  node TEXT NOT NULL,
  PRIMARY KEY (device, ns, proposed)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  device INTEGER NOT NULL REFERENCES devices (no),
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  last_key INTEGER NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_device ON sessions (device, last_key);

CREATE TABLE pins (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  chunk TEXT NOT NULL,
  session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
  PRIMARY KEY (tenant, chunk, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX pins_by_session ON pins (session);

CREATE TABLE chunks (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  id TEXT NOT NULL,
  location TEXT NOT NULL,
  size INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  quarantined_at INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
