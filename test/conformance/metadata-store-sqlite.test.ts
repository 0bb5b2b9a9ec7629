import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { NewerSchema } from '../../server-stub/metadata/sqlite-connection.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { metadataStoreSuite } from './metadata-store-suite.ts';

metadataStoreSuite({
  name: 'SQLite in memory',
  open: async () => {
    const store = openSqliteStore(':memory:');
    return { store, reopen: null, discard: () => store.close() };
  },
});

metadataStoreSuite({
  name: 'SQLite in a file',
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-store-'));
    let store = openSqliteStore(join(folder, 'metadata.db'));
    return {
      store,
      reopen: async () => {
        await store.close();
        store = openSqliteStore(join(folder, 'metadata.db'));
        return store;
      },
      discard: async () => {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});

test('a database of a newer schema is refused and left as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-store-'));
  const path = join(folder, 'metadata.db');
  await openSqliteStore(path).close();
  const raw = new Database(path);
  raw.pragma('user_version = 99');
  raw.close();
  assert.throws(() => openSqliteStore(path), NewerSchema);
  const again = new Database(path, { readonly: true });
  assert.equal(again.pragma('user_version', { simple: true }), 99);
  again.close();
  await rm(folder, { recursive: true });
});

test('a file store flushes with every commit and writes ahead', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-store-'));
  const path = join(folder, 'metadata.db');
  const store = openSqliteStore(path);
  const raw = new Database(path, { readonly: true });
  assert.equal(raw.pragma('journal_mode', { simple: true }), 'wal');
  raw.close();
  await store.close();
  await rm(folder, { recursive: true });
});
