-- What an operator needs beside the files: time to read everything, room per tenant, and a row to write when asked for health.

-- While one of these stands no copy is erased: somebody reads all of them (a backup, an export).
CREATE TABLE erasure_holds (
  id TEXT PRIMARY KEY,
  by_whom TEXT NOT NULL,
  until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- No row: as much as there is room.
CREATE TABLE quotas (
  tenant INTEGER PRIMARY KEY REFERENCES tenants (no),
  bytes INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- Bytes of a tenant's chunks, each counted once: kept with them, because adding them up takes longer than a request may.
-- It decides about room only, never about what is alive.
CREATE TABLE stored_bytes (
  tenant INTEGER PRIMARY KEY REFERENCES tenants (no),
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO stored_bytes SELECT tenant, sum(size) FROM chunks GROUP BY tenant;
CREATE TRIGGER stored_bytes_grow AFTER INSERT ON chunks BEGIN
  INSERT INTO stored_bytes (tenant, bytes) VALUES (NEW.tenant, NEW.size)
    ON CONFLICT (tenant) DO UPDATE SET bytes = bytes + NEW.size;
END;
CREATE TRIGGER stored_bytes_shrink AFTER DELETE ON chunks BEGIN
  UPDATE stored_bytes SET bytes = bytes - OLD.size WHERE tenant = OLD.tenant;
END;
CREATE TRIGGER stored_bytes_change AFTER UPDATE OF size ON chunks BEGIN
  UPDATE stored_bytes SET bytes = bytes - OLD.size + NEW.size WHERE tenant = NEW.tenant;
END;

CREATE TABLE probe (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at INTEGER NOT NULL
) STRICT;
