/** Alive is one thing, ready another: a server that cannot keep anything says so, and takes requests all the same. */
import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { startTestServer } from '../support/server.ts';

/** Answers are kept for two seconds. */
const KEPT_MS = 2100;

test('readiness tries the database, the chunk folder and the master key; health only says that somebody is there', async () => {
  const lines: string[] = [];
  const server = await startTestServer({
    log: (_level, message) => lines.push(message),
  });
  const ask = async (path: string) => {
    const answer = await fetch(`${server.url}${path}`);
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      body: (await answer.json()) as Record<string, unknown>,
    };
  };
  const troubled = async (trouble: string) => {
    await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
    const { status, retryAfter, body } = await ask('/v1/ready');
    assert.deepEqual([status, retryAfter, body['code'], body['detail']], [503, '5', 'unavailable', trouble]);
    assert.equal((await ask('/v1/health')).status, 200);
  };
  try {
    const { status, body } = await ask('/v1/ready');
    assert.deepEqual([status, body['ok']], [200, true]);

    const chunks = join(server.data, 'chunks');
    await rename(chunks, `${chunks}-gone`);
    await troubled('the chunk folder cannot be written');
    await rename(`${chunks}-gone`, chunks);

    const key = join(server.data, 'keys/master.key');
    await rename(key, `${key}.away`);
    await writeFile(key, `tidemark-master-key-1 ${'ab'.repeat(32)}\n`);
    await troubled('the master key is not the right one');
    await rename(`${key}.away`, key);

    const db = new Database(join(server.data, 'metadata.sqlite'));
    db.exec("CREATE TRIGGER broken BEFORE INSERT ON probe BEGIN SELECT RAISE(ABORT, 'no'); END");
    await troubled('the database cannot be written');
    db.exec('DROP TRIGGER broken');
    db.close();

    await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
    assert.equal((await ask('/v1/ready')).status, 200, 'and ready again');
    const told = lines.filter((line) => line === 'the server is not ready');
    assert.equal(told.length, 3, 'each is one line in the log');
  } finally {
    await server.close();
  }
});
