/** Databases of every earlier server, with data in them, and one of a later server. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { startServer } from '../../server-stub/main.ts';
import { SCHEMA } from '../../server-stub/metadata/sqlite-connection.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import { parseDeviceId, parseNamespaceId, parseNodeId, parseTenantId } from '../../src/protocol/ids.ts';

const MIGRATIONS = new URL('../../server-stub/metadata/migrations/', import.meta.url);
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [ROOT, TENANT, USER, DEVICE, NS, FILE, GONE] = [0, 1, 2, 3, 4, 5, 6].map(uuid);
const [CHUNK, MANIFEST, EPOCH] = ['c'.repeat(64), 'a'.repeat(64), 'e'.repeat(12)];

/** What the very first server wrote: a file with two versions, a deleted one, a conflict, an outcome, a key. */
const OLD_DATA = `
  INSERT INTO server VALUES (1, '${'1'.repeat(32)}', 1);
  INSERT INTO tenants VALUES (1, '${TENANT}');
  INSERT INTO tenant_keys VALUES (1, 1, 'm', x'00', 1);
  INSERT INTO users VALUES (1, '${USER}', 1, 'ada', 'hash', 1);
  INSERT INTO devices VALUES (1, '${DEVICE}', 1, 'laptop', 'linux', 'token hash', '${'0'.repeat(32)}', 1, 1, NULL, NULL, 2);
  INSERT INTO namespaces VALUES (1, '${NS}', 1, 1, '${EPOCH}', 3, '${'3'.repeat(16)}', 0, '${'0'.repeat(16)}', 3, 1);
  INSERT INTO cursors VALUES (1, 1, '${EPOCH}', 3, 1);
  INSERT INTO nodes VALUES (1, '${ROOT}', 'folder', NULL, '', '', 0, 0, NULL, 0, 0, NULL, NULL, 0, NULL);
  INSERT INTO nodes VALUES (1, '${FILE}', 'file', '${ROOT}', 'f', 'f', 1, 1, 1, 1, 0, NULL, '${EPOCH}.2', 2, NULL);
  INSERT INTO nodes VALUES (1, '${GONE}', 'folder', '${ROOT}', 'g', 'g', 2, 3, 1, 1, 3, NULL, NULL, 0, NULL);
  INSERT INTO versions VALUES (1, 1, '${EPOCH}', '${FILE}', 1, NULL, '${MANIFEST}', 10, 0, NULL, '1', 1, 1, 1);
  INSERT INTO versions VALUES (1, 2, '${EPOCH}', '${FILE}', 2, '${EPOCH}.1', '${MANIFEST}', 10, 1, NULL, '1', 1, 1, 1);
  INSERT INTO manifests VALUES (1, '${MANIFEST}', x'00');
  INSERT INTO chunks VALUES (1, '${CHUNK}', 's/1/0/10', 10, 1, NULL);
  INSERT INTO outcomes VALUES (1, 3, 'digest', '{}');
  INSERT INTO sessions VALUES (1, 's', 1, 1, 4, 1, 10, 1, 9999999999999);
  INSERT INTO pins VALUES (1, '${CHUNK}', 1);
  INSERT INTO conflicts VALUES (1, '${uuid(7)}', 'concurrent', 'open', '${FILE}', '${GONE}', NULL, NULL, NULL, 1, 1, NULL);`;

async function steps(): Promise<readonly string[]> {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map((name) => readFile(new URL(name, MIGRATIONS), 'utf8')));
}

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** As a server with the first `count` steps left it. */
function writeOld(path: string, all: readonly string[], count: number): void {
  const db = new Database(path);
  try {
    all.slice(0, count).forEach((step, i) => {
      db.exec(step);
      if (i === 0) db.exec(OLD_DATA);
    });
    db.pragma(`user_version = ${count}`);
  } finally {
    db.close();
  }
}

test('a database of every earlier server is opened, and everything in it is there', async (t) => {
  const folder = await newFolder(t);
  const all = await steps();
  assert.equal(all.length, SCHEMA, 'every step is registered');
  for (let count = 1; count <= all.length; count += 1) {
    const path = join(folder, `${count}.sqlite`);
    writeOld(path, all, count);
    const store = openSqliteStore(path);
    await store.read(async (tx) => {
      const [ns, tenant] = [parseNamespaceId(NS), parseTenantId(TENANT)];
      assert.equal((await tx.server())?.id, '1'.repeat(32));
      assert.equal((await tx.userByName('ada'))?.tenant, tenant);
      const device = await tx.device(parseDeviceId(DEVICE));
      assert.deepEqual([device?.name, device?.settledBelow, device?.namespace], ['laptop', 2, null]);
      assert.equal((await tx.namespace(ns))?.headSeq, 3);
      assert.equal((await tx.history(ns, parseNodeId(FILE))).length, 2);
      assert.equal((await tx.trash(ns, null, 10)).length, 1);
      assert.equal((await tx.openConflicts(ns)).length, 1);
      assert.equal((await tx.tenantKeys(tenant)).length, 1);
      assert.deepEqual(await tx.storedBytes(tenant), { used: 10, quota: null }, `from step ${count}`);
      assert.equal((await tx.outcome(parseDeviceId(DEVICE), 3))?.digest, 'digest');
    });
    await store.close();
    const db = new Database(path, { readonly: true });
    assert.equal(db.pragma('user_version', { simple: true }), SCHEMA);
    assert.deepEqual(
      [db.pragma('integrity_check', { simple: true }), db.pragma('foreign_key_check')],
      ['ok', []],
    );
    db.close();
  }
});

test('a database of a newer server is refused in one sentence, and nothing of it is touched', async (t) => {
  const data = await newFolder(t);
  const path = join(data, 'metadata.sqlite');
  const db = new Database(path);
  db.exec('CREATE TABLE of_the_future (x)');
  db.pragma(`user_version = ${SCHEMA + 1}`);
  db.close();
  const before = await readFile(path);
  await assert.rejects(startServer({ data }), (cause: unknown) => {
    assert(cause instanceof Refusal);
    assert.match(cause.message, /^The data in .* was written by a newer server; update this one\.$/);
    return true;
  });
  assert.equal((await readFile(path)).subarray(96).compare(before.subarray(96)), 0);
});
