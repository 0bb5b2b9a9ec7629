-- Versions that were agreed on before the present one. A server put back from a backup gives numbers once more that are
-- taken here: whether its head is one we built upon is told by number and content together.
CREATE TABLE ancestors (
  node TEXT NOT NULL,
  version TEXT NOT NULL,
  seq INTEGER NOT NULL,
  manifest TEXT,
  target TEXT,
  executable INTEGER NOT NULL,
  PRIMARY KEY (node, version)
) STRICT, WITHOUT ROWID;
