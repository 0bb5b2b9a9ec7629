-- A tenant's key may be wrapped by two master keys at a time: while a new one takes over, either opens everything.
CREATE TABLE key_wraps (
  tenant INTEGER NOT NULL REFERENCES tenants (no),
  number INTEGER NOT NULL,
  master_key TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, number, master_key)
) STRICT, WITHOUT ROWID;
INSERT INTO key_wraps SELECT tenant, number, master_key, wrapped, created_at FROM tenant_keys;
DROP TABLE tenant_keys;
ALTER TABLE key_wraps RENAME TO tenant_keys;
