-- Who looks after the server, and who may make an account on it without being added by them.

CREATE TABLE administrators (
  owner INTEGER PRIMARY KEY REFERENCES users (no),
  since INTEGER NOT NULL
) STRICT;

-- Each lets one person in, once. Only its hash is kept: a copied database lets nobody in.
CREATE TABLE sign_up_codes (
  hash TEXT PRIMARY KEY,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  used_by INTEGER REFERENCES users (no)
) STRICT, WITHOUT ROWID;
