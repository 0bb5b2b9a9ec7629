-- A copy that is not what it was: never served, and asked for again like one that is missing.
ALTER TABLE chunks ADD COLUMN damaged_at INTEGER;

-- Which share of the chunks is verified next, and what all shares until now have shown.
CREATE TABLE scrub (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  slot INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  damaged INTEGER NOT NULL
) STRICT;
