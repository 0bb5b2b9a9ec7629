-- Folders that the user keeps off this disk: they stay online, with everything below.
CREATE TABLE online (
  node TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What is to leave this disk for that, as long as it is what it was when that was decided.
CREATE TABLE leaving (
  node TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
