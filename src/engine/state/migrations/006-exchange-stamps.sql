-- What stood at the path when the exchange began: told from a save of the user also once the new version is agreed on.
ALTER TABLE intents ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
