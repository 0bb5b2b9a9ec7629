/** New keys for old, and what an interruption at any step leaves. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ChunkStore, StoredChunk } from '../../server-stub/chunks/chunk-store.ts';
import { createMemoryKeyRows, type TenantKeyRows } from '../../server-stub/chunks/folder/data-keys.ts';
import { openFolderChunkStore } from '../../server-stub/chunks/folder/folder-chunk-store.ts';
import { type KeyChange, rewrapKeys, rotateDataKeys } from '../../server-stub/chunks/folder/key-changes.ts';
import { drawMasterKey, type KeyWrapper, masterKeyOf } from '../../server-stub/chunks/folder/key-wrapper.ts';
import { type MasterKeySource, masterKeySource } from '../../server-stub/chunks/folder/master-key.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import { chunkOf, newTenant, putAll } from '../conformance/chunk-store-suite.ts';

const IN_FOLDER: MasterKeySource = { kind: 'folder' };
const refused = (what: RegExp) => (cause: unknown) => {
  assert(cause instanceof Refusal, String(cause));
  assert.match(cause.message, what);
  return true;
};

interface Place {
  readonly data: string;
  readonly rows: TenantKeyRows;
  readonly stored: readonly StoredChunk[];
}

function openAt({ data, rows }: Pick<Place, 'data' | 'rows'>, masterKey = IN_FOLDER): Promise<ChunkStore> {
  const [folder, keyFolder] = [join(data, 'chunks'), join(data, 'keys')];
  return openFolderChunkStore({ folder, keyFolder, tenantKeys: rows, lanes: 1, masterKey });
}

const change = ({ data, rows }: Place, more: Partial<KeyChange> = {}): KeyChange => ({
  keyFolder: join(data, 'keys'),
  rows,
  source: IN_FOLDER,
  dryRun: false,
  ...more,
});

/** Three tenants with a chunk each. */
async function newPlace(t: TestContext, source = IN_FOLDER): Promise<Place> {
  const data = await mkdtemp(join(tmpdir(), 'keys-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const rows = createMemoryKeyRows();
  const store = await openAt({ data, rows }, source);
  const chunks = [1, 2, 3].map(() => chunkOf(newTenant(), randomBytes(100)));
  const stored = await putAll(store, chunks);
  await store.close();
  return { data, rows, stored };
}

async function assertReadable(place: Place, source = IN_FOLDER): Promise<void> {
  const store = await openAt(place, source);
  try {
    for (const outcome of await store.get(place.stored)) assert.equal(outcome.kind, 'ok');
  } finally {
    await store.close();
  }
}

async function copyRows(rows: TenantKeyRows): Promise<TenantKeyRows> {
  const copy = createMemoryKeyRows();
  for (const tenant of await rows.tenants(null, 1000))
    for (const key of await rows.list(tenant)) await copy.add(tenant, key);
  return copy;
}

/** Rows that fail from the `steps`-th change on, as if the power had gone. */
function failingAfter(rows: TenantKeyRows, steps: number): TenantKeyRows {
  let left = steps;
  const step = () => {
    left -= 1;
    if (left < 0) throw new Error('the power went');
  };
  return {
    ...rows,
    add: async (tenant, key) => {
      step();
      await rows.add(tenant, key);
    },
    keepUnder: async (tenant, masterKey) => {
      step();
      await rows.keepUnder(tenant, masterKey);
    },
    notUnder: async (masterKey) => {
      step();
      return rows.notUnder(masterKey);
    },
  };
}

test('after a rotation new chunks are under new keys, and the old ones are read', async (t) => {
  const place = await newPlace(t);
  assert.equal(await rotateDataKeys(change(place, { dryRun: true }), () => 1000), 3);
  assert.equal((await place.rows.list(place.stored[0]!.tenant)).length, 1);
  assert.equal(await rotateDataKeys(change(place), () => 1000), 3);
  const [first] = place.stored;
  assert.deepEqual(
    (await place.rows.list(first!.tenant)).map(({ number }) => number),
    [1, 2],
  );
  const store = await openAt(place);
  const [fresh] = await putAll(store, [chunkOf(first!.tenant, randomBytes(50))]);
  await store.close();
  const segment = await readFile(join(place.data, 'chunks/segments/000001.seg'));
  const at = Number(fresh!.location.split('/')[2]);
  assert.equal(segment.readUInt32LE(at + 56), 2);
  await assertReadable({ ...place, stored: [...place.stored, fresh!] });
});

test('a rotation that was interrupted goes on with those that have no new key yet', async (t) => {
  const place = await newPlace(t);
  const broken = change(place, { rows: failingAfter(place.rows, 2) });
  await assert.rejects(
    rotateDataKeys(broken, () => 0),
    /the power went/,
  );
  await assertReadable(place);
  // Rows in memory number their moments from 1 on: what was added since 4 is of this rotation.
  await writeFile(join(place.data, 'keys/rotation.json'), '{"beganAt":4}\n');
  assert.equal(await rotateDataKeys(change(place), () => 0), 1);
  for (const { tenant } of place.stored) assert.equal((await place.rows.list(tenant)).length, 2);
  assert.deepEqual((await readdir(join(place.data, 'keys'))).sort(), ['check.json', 'master.key']);
});

test('after a rewrap only the new master key opens, and the old one is kept for old backups', async (t) => {
  const place = await newPlace(t);
  const keyPath = join(place.data, 'keys/master.key');
  const old = await readFile(keyPath, 'utf8');
  const dry = await rewrapKeys(change(place, { dryRun: true }), null);
  assert.equal(dry.keys, 3);
  assert.equal(await readFile(keyPath, 'utf8'), old);
  const { keys, masterKey } = await rewrapKeys(change(place), null);
  assert.equal(keys, 3);
  assert.equal(masterKeyOf(await readFile(keyPath, 'utf8'))?.id, masterKey);
  await assertReadable(place);
  const retired = `retired-${masterKeyOf(old)?.id}.key`;
  assert.deepEqual((await readdir(join(place.data, 'keys'))).sort(), ['check.json', 'master.key', retired]);
  assert.equal(await readFile(join(place.data, 'keys', retired), 'utf8'), old);
  for (const { tenant } of place.stored)
    assert.deepEqual(
      (await place.rows.list(tenant)).map((key) => key.masterKey),
      [masterKey],
    );
  await writeFile(keyPath, old);
  await assert.rejects(openAt(place), refused(/not the one/));
});

test('a rewrap that is interrupted at any step leaves everything readable, and goes on', async (t) => {
  for (let steps = 0; steps < 12; steps += 1) {
    const place = await newPlace(t);
    const broken = change(place, { rows: failingAfter(place.rows, steps) });
    const ended = await rewrapKeys(broken, null).then(
      () => true,
      (cause: unknown) => {
        assert.match(String(cause), /the power went/);
        return false;
      },
    );
    await assertReadable(place);
    await rewrapKeys(change(place), null);
    await assertReadable(place);
    assert.equal(ended, steps >= 7, `${steps} steps`);
  }
});

test('a rewrap that ends between the check and the key file is ended by the next start', async (t) => {
  const place = await newPlace(t);
  const keys = join(place.data, 'keys');
  const before = join(place.data, 'before');
  await cp(keys, before, { recursive: true });
  const rows = await copyRows(place.rows);
  await rewrapKeys(change(place), null);
  // As it was in between: rows and check are new, the old key stands in its place, the new one waits.
  await cp(join(keys, 'master.key'), join(keys, 'next.key'));
  await cp(join(before, 'master.key'), join(keys, 'master.key'));
  await assertReadable(place);
  assert.equal((await readdir(keys)).includes('next.key'), false);
  // Before the check was replaced the waiting key changes nothing.
  await rm(keys, { recursive: true });
  await cp(before, keys, { recursive: true });
  await writeFile(join(keys, 'next.key'), drawMasterKey());
  await assertReadable({ ...place, rows });
});

test('a wrong master key writes nothing, whatever is asked', async (t) => {
  const place = await newPlace(t);
  const keys = join(place.data, 'keys');
  const right = await readFile(join(keys, 'master.key'), 'utf8');
  await writeFile(join(keys, 'master.key'), drawMasterKey());
  const before = await place.rows.list(place.stored[0]!.tenant);
  await assert.rejects(rewrapKeys(change(place), null), refused(/not the one/));
  await assert.rejects(
    rotateDataKeys(change(place), () => 1),
    refused(/not the one/),
  );
  assert.deepEqual((await readdir(keys)).sort(), ['check.json', 'master.key']);
  assert.deepEqual(await place.rows.list(place.stored[0]!.tenant), before);
  await writeFile(join(keys, 'master.key'), right);
  await assert.rejects(rewrapKeys(change(place), 'no key'), refused(/not a Tidemark master key/));
  await assertReadable(place);
});

test('a rewrap goes on with the key it was begun with, and with no other', async (t) => {
  const place = await newPlace(t);
  const text = drawMasterKey();
  const broken = change(place, { rows: failingAfter(place.rows, 1) });
  await assert.rejects(rewrapKeys(broken, text), /the power went/);
  await assert.rejects(rewrapKeys(change(place), drawMasterKey()), refused(/begun and not ended/));
  assert.equal((await rewrapKeys(change(place), text)).masterKey, masterKeyOf(text)?.id);
  await assertReadable(place);
});

test('the master key may come from a file or the environment, and is then never drawn', async (t) => {
  assert.deepEqual(masterKeySource({}), IN_FOLDER);
  assert.throws(
    () => masterKeySource({ TIDEMARK_MASTER_KEY: 'a', TIDEMARK_MASTER_KEY_FILE: 'b' }),
    refused(/both set/),
  );
  const elsewhere = await mkdtemp(join(tmpdir(), 'master-'));
  t.after(() => rm(elsewhere, { recursive: true }));
  const path = join(elsewhere, 'key');
  const fromFile = masterKeySource({ TIDEMARK_MASTER_KEY_FILE: path });
  await assert.rejects(newPlace(t, fromFile), refused(/is missing/));
  const text = drawMasterKey();
  await writeFile(path, text);
  const place = await newPlace(t, fromFile);
  assert.deepEqual(await readdir(join(place.data, 'keys')), ['check.json']);
  const hex = /[0-9a-f]{64}/.exec(text)![0];
  await assertReadable(place, masterKeySource({ TIDEMARK_MASTER_KEY: hex }));
  await assert.rejects(openAt(place), refused(/is missing/));
  const other = masterKeySource({ TIDEMARK_MASTER_KEY: drawMasterKey() });
  await assert.rejects(openAt(place, other), refused(/not the one/));
  await assert.rejects(rewrapKeys(change(place, { source: fromFile }), null), refused(/--to FILE/));
  const next = drawMasterKey();
  const broken = change(place, { source: fromFile, rows: failingAfter(place.rows, 2) });
  await assert.rejects(rewrapKeys(broken, next), /the power went/);
  await assertReadable(place, fromFile);
  await assert.rejects(
    rewrapKeys(change(place, { source: fromFile }), drawMasterKey()),
    refused(/begun and not ended/),
  );
  assert.equal((await rewrapKeys(change(place, { source: fromFile }), next)).keys, 1);
  await assertReadable(place, { kind: 'text', text: next });
  await assert.rejects(openAt(place, fromFile), refused(/not the one/));
});

test('a service can wrap the keys, and one that gives back something else is found out before it counts', async (t) => {
  const inner = masterKeyOf(drawMasterKey())!;
  let calls = 0;
  const service: KeyWrapper = {
    id: `kms-${inner.id}`,
    wrap: (secret, label) => {
      calls += 1;
      return inner.wrap(secret, label);
    },
    unwrap: (wrapped, label) => inner.unwrap(wrapped, label),
  };
  const source: MasterKeySource = { kind: 'wrapper', wrapper: service };
  const place = await newPlace(t, source);
  await assertReadable(place, source);
  assert.equal(calls, 4, 'the check and three keys');
  const forgetful: KeyWrapper = {
    ...service,
    unwrap: async (w, l) => (l === 'check' ? inner.unwrap(w, l) : null),
  };
  const store = await openAt(place, { kind: 'wrapper', wrapper: forgetful });
  const [outcome] = await store.put([chunkOf(newTenant(), randomBytes(10))]);
  await store.close();
  assert.equal(outcome?.kind, 'failed');
  assert.equal((await place.rows.tenants(null, 10)).length, 3);
});

test('a database whose keys are under another master key is refused at the start', async (t) => {
  const place = await newPlace(t);
  const earlier = await copyRows(place.rows);
  await rewrapKeys(change(place), null);
  await assert.rejects(openAt({ ...place, rows: earlier }), refused(/^3 keys in the database are wrapped/));
  await mkdir(join(place.data, 'spare'), { recursive: true });
  await unlink(join(place.data, 'keys/master.key'));
  await assert.rejects(openAt(place), refused(/is missing/));
});
