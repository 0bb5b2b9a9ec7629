-- The client's state: three trees, identity, cursor, claims under way, problems, ledger. One writer.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was last observed on disk. Content columns are NULL for folders and for files not hashed since they changed.
CREATE TABLE local (
  node TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'symlink')),
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  fold TEXT NOT NULL,
  condition TEXT NOT NULL CHECK (condition IN ('seen', 'unseen', 'excluded', 'leftover')),
  file_id TEXT NOT NULL,
  stamp TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime TEXT NOT NULL,
  executable INTEGER NOT NULL,
  hashed INTEGER NOT NULL,
  manifest TEXT,
  target TEXT,
  -- Bits per byte of the head of the content, where known: tells encrypted files from others.
  entropy REAL,
  parked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX local_by_place ON local (parent, name);
CREATE INDEX local_by_fold ON local (parent, fold);
CREATE INDEX local_by_file ON local (file_id);
-- Only contents worth copying instead of fetching are looked up.
CREATE INDEX local_by_manifest ON local (manifest) WHERE size >= 262144;

-- What the journal says, joined with the answers to our own claims. Names are not unique here: pages show moments.
CREATE TABLE remote (
  node TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'symlink')),
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  nfc TEXT NOT NULL,
  live INTEGER NOT NULL,
  entry_rev INTEGER NOT NULL,
  entry_seq INTEGER NOT NULL,
  dead_seq INTEGER,
  approved INTEGER NOT NULL,
  version TEXT,
  number INTEGER,
  head_seq INTEGER NOT NULL,
  manifest TEXT,
  encoded TEXT,
  target TEXT,
  executable INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime TEXT NOT NULL,
  author TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_by_place ON remote (parent, nfc);

-- What both sides last agreed on: the merge base.
CREATE TABLE synced (
  node TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'symlink')),
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  entry_rev INTEGER NOT NULL,
  version TEXT,
  manifest TEXT,
  target TEXT,
  executable INTEGER NOT NULL,
  size INTEGER NOT NULL,
  stamp TEXT NOT NULL,
  entropy REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX synced_by_parent ON synced (parent);

-- Encoded manifests of local contents, and signatures of synced large files within a byte budget.
CREATE TABLE manifests (
  manifest TEXT PRIMARY KEY,
  encoded BLOB NOT NULL,
  signature BLOB,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Claims that were durable before they were sent and have no answer yet (RULES 5). `abandoned`: to be named by the next one.
CREATE TABLE claims (
  key INTEGER PRIMARY KEY,
  node TEXT NOT NULL,
  body TEXT NOT NULL,
  abandoned INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX claims_by_node ON claims (node);

-- `mv a b`: a's node is gone because b's node took its content.
CREATE TABLE successors (
  node TEXT PRIMARY KEY,
  successor TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Disk operations that a kill may cut in two: settled before the first scan (RULES 19).
CREATE TABLE intents (
  node TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  staged TEXT NOT NULL,
  path TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
  subject TEXT PRIMARY KEY,
  node TEXT,
  path TEXT NOT NULL,
  code TEXT NOT NULL,
  facts TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conflicts (
  id TEXT PRIMARY KEY,
  original TEXT NOT NULL,
  copy TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reviews (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('send-deletes', 'apply-deletes', 'send-overwrites', 'zombies', 'unknown')),
  evidence TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE review_nodes (
  node TEXT PRIMARY KEY,
  review TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  files INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX review_nodes_by_review ON review_nodes (review);
CREATE TABLE approvals (
  node TEXT PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('delete', 'overwrite')),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trash (
  name TEXT PRIMARY KEY,
  node TEXT NOT NULL,
  path TEXT NOT NULL,
  kind TEXT NOT NULL,
  version TEXT,
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX trash_by_time ON trash (at);

-- The event ledger (30 days and more): "why did my file go?".
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  node TEXT NOT NULL,
  path TEXT NOT NULL,
  verb TEXT NOT NULL,
  rule TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_by_node ON ledger (node);
CREATE INDEX ledger_by_path ON ledger (path);
CREATE INDEX ledger_by_time ON ledger (at);
