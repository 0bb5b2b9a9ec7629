/** A disk that fails in the middle of a transaction: everybody is answered, and the store goes on once it is healed. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import Database from 'better-sqlite3';
import type { MetadataStore, WriteTx } from '../../server-stub/metadata/metadata-store.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';

const Statement = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1'));

/** Each of these statements fails so often, as on a disk that fails. */
async function failing(
  times: Map<string, number>,
  work: () => Promise<void>,
  code = 'SQLITE_IOERR_WRITE',
): Promise<void> {
  const run: (this: Database.Statement, ...values: unknown[]) => unknown = Statement.run;
  const mocked = mock.method(Statement, 'run', function (this: Database.Statement, ...values: unknown[]) {
    const left = times.get(this.source) ?? 0;
    if (left === 0) return run.apply(this, values);
    times.set(this.source, left - 1);
    throw new Database.SqliteError('disk I/O error', code);
  });
  try {
    await work();
  } finally {
    mocked.mock.restore();
  }
}

async function withStore(work: (store: MetadataStore) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-store-'));
  const store = openSqliteStore(join(folder, 'metadata.sqlite'));
  try {
    await work(store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a commit that fails, and its undoing too, is answered, and the writes behind it are', async () => {
  await withStore(async (store) => {
    await failing(
      new Map([
        ['COMMIT', 1],
        ['ROLLBACK', 1],
      ]),
      async () => {
        await assert.rejects(
          store.write(async () => 1),
          /disk I\/O error/,
        );
        await assert.rejects(store.write(async () => 2));
      },
    );
    assert.equal(await store.write(async () => 3), 3);
  });
});

test('a look that fails at its end is answered, and the next one is no part of it', async () => {
  await withStore(async (store) => {
    await failing(new Map([['COMMIT', 1]]), () =>
      assert.rejects(
        store.read(async () => 1),
        /disk I\/O error/,
      ),
    );
    assert.equal(await store.read(async () => 2), 2);
  });
});

test('what went wrong in a look is what is told, not that it could not be ended', async () => {
  await withStore(async (store) => {
    await failing(new Map([['COMMIT', 1]]), () =>
      assert.rejects(
        store.read(async () => {
          throw new Error('found nothing');
        }),
        /found nothing/,
      ),
    );
    assert.equal(await store.read(async () => 2), 2);
  });
});

test('a flush that fails over commits that waited for it ends all writing until the store is opened again', async () => {
  const unsynced = (work: () => Promise<void>) =>
    failing(new Map([['COMMIT', 1]]), work, 'SQLITE_IOERR_FSYNC');
  const touch = async (tx: WriteTx): Promise<void> => void (await tx.touchProbe(1));
  await withStore(async (store) => {
    await unsynced(() => assert.rejects(store.write(touch), /disk I\/O error/));
    // Nothing waited for that one: it alone is lost.
    await store.write(touch, 'with-the-next');
    await unsynced(() => assert.rejects(store.write(touch), /disk I\/O error/));
    await assert.rejects(store.write(touch), /disk I\/O error/);
    await assert.rejects(store.write(touch, 'with-the-next'), /disk I\/O error/);
    assert.equal(await store.read(async () => 1), 1);
  });
});
