-- Shares that this device has as folders in its root, or is to have, or is to get rid of.
CREATE TABLE mounts (
  namespace TEXT PRIMARY KEY,
  -- Of the share.
  name TEXT NOT NULL,
  -- Where its folder stands here.
  parent TEXT NOT NULL,
  folder TEXT NOT NULL,
  -- The folder itself, once it was made.
  file_id TEXT,
  -- It carries its mark: before that it is only an empty folder of ours.
  marked INTEGER NOT NULL DEFAULT 0,
  -- Where the server was last seen to have it.
  agreed_parent TEXT,
  agreed_folder TEXT,
  -- Why it is to go ('removed', 'left'), and how far that is; NULL: it stays.
  ending TEXT,
  -- Names chosen for it before anything is moved: of the folder for what is kept, and in the trash.
  kept TEXT,
  trash TEXT
) STRICT;
