-- Every single file of a held batch, for lists in pages: a deleted folder is one held node and many files.
CREATE TABLE review_files (
  id INTEGER PRIMARY KEY,
  review TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  -- The held node that it is, or lies in.
  node TEXT NOT NULL,
  size INTEGER
) STRICT;
CREATE INDEX review_files_by_review ON review_files (review, id);
CREATE INDEX review_files_by_path ON review_files (review, path);
CREATE INDEX review_files_by_node ON review_files (node);
INSERT INTO review_files (review, path, node, size) SELECT review, path, node, NULL FROM review_nodes;

-- When the last of a batch joined it.
ALTER TABLE reviews ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
UPDATE reviews SET last_at = at;
