-- Who did what: the ledger in the words the user reads. `activity` is NULL for rows that only `explain` shows.
ALTER TABLE ledger ADD COLUMN activity TEXT CHECK (
  activity IN ('created', 'edited', 'moved', 'deleted', 'restored', 'conflict', 'held', 'problem')
);
ALTER TABLE ledger ADD COLUMN direction TEXT NOT NULL DEFAULT 'here' CHECK (direction IN ('sent', 'received', 'here'));
ALTER TABLE ledger ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger ADD COLUMN user TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger ADD COLUMN number INTEGER;
ALTER TABLE ledger ADD COLUMN size INTEGER;
-- Where it stood before a move.
ALTER TABLE ledger ADD COLUMN from_path TEXT;
-- What taking it back needs: the version it made, the entry it left, the folder it came from.
ALTER TABLE ledger ADD COLUMN undo TEXT CHECK (undo IN ('version', 'place', 'life'));
ALTER TABLE ledger ADD COLUMN version TEXT;
ALTER TABLE ledger ADD COLUMN entry_rev INTEGER;
ALTER TABLE ledger ADD COLUMN from_parent TEXT;
CREATE INDEX ledger_activity ON ledger (id) WHERE activity IS NOT NULL;
CREATE INDEX ledger_by_from ON ledger (from_path) WHERE from_path IS NOT NULL;
CREATE INDEX ledger_problems ON ledger (path, rule, at) WHERE activity = 'problem';

-- Who last changed a node's content and its place or life, and how: [device id, device, user, cause] as JSON.
ALTER TABLE remote ADD COLUMN head_origin TEXT NOT NULL DEFAULT '';
ALTER TABLE remote ADD COLUMN entry_origin TEXT NOT NULL DEFAULT '';

-- Claims that the user made by a verb: no change of this disk stands behind them, it follows by the journal.
ALTER TABLE claims ADD COLUMN by_verb INTEGER NOT NULL DEFAULT 0;
