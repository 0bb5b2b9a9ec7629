-- Our own file of an exchange: found in staging, it is known as what never reached its place, also once the head moved on.
ALTER TABLE intents ADD COLUMN ours TEXT NOT NULL DEFAULT '';
