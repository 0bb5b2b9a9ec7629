-- Renames and folders that arrived and are about to be carried out on the disk; gone once the disk and the state have them.
CREATE TABLE shaping (
  node TEXT PRIMARY KEY,
  -- Of what is renamed, the object itself; NULL: a folder that is made.
  file_id TEXT,
  -- Where it stood; NULL: nowhere, it was parked or is new.
  from_parent TEXT,
  from_name TEXT,
  from_rev INTEGER,
  -- Where it is to stand, and the revision of the entry that has that place.
  to_parent TEXT NOT NULL,
  to_name TEXT NOT NULL,
  to_rev INTEGER NOT NULL
) STRICT;
