-- Files that were moved from one namespace into another: which version there the first one here was made from. The other
-- namespace may let that version go; that it was there stays known.
CREATE TABLE crossings (
  ns INTEGER NOT NULL REFERENCES namespaces (no),
  version TEXT NOT NULL,
  node TEXT NOT NULL,
  from_ns INTEGER NOT NULL REFERENCES namespaces (no),
  from_version TEXT NOT NULL,
  from_node TEXT NOT NULL,
  from_number INTEGER NOT NULL,
  PRIMARY KEY (ns, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX crossings_in ON crossings (ns, node);
CREATE INDEX crossings_out ON crossings (from_ns, from_node);
