import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { WriteTx } from '../../server-stub/metadata/metadata-store.ts';
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

test('a database of the first schema gets every later step', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-store-'));
  const path = join(folder, 'first.db');
  const schema = new URL('../../server-stub/metadata/migrations/001-first.sql', import.meta.url);
  const first = new Database(path);
  first.exec(readFileSync(schema, 'utf8'));
  first.exec('PRAGMA user_version = 1');
  first.close();
  await openSqliteStore(path).close();
  const after = new Database(path);
  const steps = readdirSync(new URL('.', schema)).filter((name) => name.endsWith('.sql'));
  assert.equal(after.pragma('user_version', { simple: true }), steps.length);
  const columns = after.prepare('SELECT name FROM pragma_table_info(?)').pluck().all('conflicts');
  for (const name of ['original_path', 'copy_path', 'settlement']) assert.ok(columns.includes(name), name);
  after.close();
  await rm(folder, { recursive: true });
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

test('the log is synced with a commit unless all in it can wait, and a look changes nothing of that', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-store-'));
  const raw = new Database(join(folder, 'metadata.db'));
  const store = openSqliteStore(raw);
  const level = () => raw.pragma('synchronous', { simple: true });
  const touch = async (tx: WriteTx): Promise<void> => void (await tx.touchProbe(1));
  const levels: unknown[] = [];
  await store.write(touch);
  levels.push(level());
  await store.write(touch, 'with-the-next');
  levels.push(level());
  await store.read(async (tx) => tx.server());
  levels.push(level());
  await Promise.all([store.write(touch, 'with-the-next'), store.write(touch), store.read(async () => 0)]);
  levels.push(level());
  await store.read(async (tx) => tx.server());
  levels.push(level());
  // SQLite's numbers: 1 is NORMAL, 2 is FULL.
  assert.deepEqual(levels, [2, 1, 1, 2, 2]);
  await store.close();
  await rm(folder, { recursive: true });
});
