import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import type { ChunkStore, StoredChunk } from '../../server-stub/chunks/chunk-store.ts';
import { placeOf } from '../../server-stub/chunks/folder/chunk-place.ts';
import { createMemoryKeyRows, type TenantKeyRows } from '../../server-stub/chunks/folder/data-keys.ts';
import { openFolderChunkStore } from '../../server-stub/chunks/folder/folder-chunk-store.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import {
  chunkOf,
  chunkStoreSuite,
  newTenant,
  putAll,
  randomChunks,
  type StoreUnderTest,
} from './chunk-store-suite.ts';

const made: string[] = [];
after(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true });
});

async function newData(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'chunks-'));
  made.push(path);
  return path;
}

function openAt(
  data: string,
  tenantKeys: TenantKeyRows,
  segmentBytes?: number,
  lanes = 1,
): Promise<ChunkStore> {
  return openFolderChunkStore({
    folder: join(data, 'chunks'),
    keyFolder: join(data, 'keys'),
    tenantKeys,
    segmentBytes,
    lanes,
  });
}

function fileOf(data: string, chunk: StoredChunk): { readonly path: string; readonly offset: number } {
  const place = placeOf(chunk.location);
  assert(place !== null);
  return place.kind === 'file'
    ? { path: join(data, 'chunks/large', place.path), offset: 0 }
    : {
        path: join(data, 'chunks/segments', `${String(place.segment).padStart(6, '0')}.seg`),
        offset: place.offset,
      };
}

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0] = byte[0]! ^ 0x10;
  await file.write(byte, 0, 1, at);
  await file.close();
}

async function underTest(lanes: number, segmentBytes?: number): Promise<StoreUnderTest> {
  const data = await newData();
  const keys = createMemoryKeyRows();
  let store = await openAt(data, keys, segmentBytes, lanes);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openAt(data, keys, segmentBytes, lanes);
      return store;
    },
    damage: async (chunk) => {
      const { path, offset } = fileOf(data, chunk);
      await flipByte(path, offset + 92 + 17);
    },
    dispose: () => store.close(),
  };
}

chunkStoreSuite('chunks in a folder', () => underTest(2));
chunkStoreSuite('chunks in a folder with tiny segments', () => underTest(1, 4096));

test('a segment cut off in the middle of a record keeps its whole records and is never appended to', async () => {
  for (const tail of ['cut', 'garbage', 'zeros']) {
    const data = await newData();
    const keys = createMemoryKeyRows();
    const first = await openAt(data, keys);
    const chunks = randomChunks(newTenant(), [100, 200, 300]);
    const stored = await putAll(first, chunks);
    await first.close();
    const { path, offset } = fileOf(data, stored[2]!);
    if (tail === 'cut') await truncate(path, offset + 150);
    else
      await writeFile(path, tail === 'zeros' ? Buffer.alloc(500) : Buffer.from('half a record'), {
        flag: 'a',
      });
    const before = await readFile(path);
    const store = await openAt(data, keys);
    const kinds = (await store.get(stored)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['ok', 'ok', tail === 'cut' ? 'damaged' : 'ok'], tail);
    const [more] = await putAll(store, randomChunks(chunks[0]!.tenant, [50]));
    assert.notEqual(fileOf(data, more!).path, path);
    assert.equal((await store.get([more!]))[0]!.kind, 'ok');
    await store.close();
    assert((await readFile(path)).equals(before), 'nothing is written over what a crash left');
  }
});

test('a segment that ends in a whole record is gone on with after a restart', async () => {
  const data = await newData();
  const keys = createMemoryKeyRows();
  const tenant = newTenant();
  const stored: StoredChunk[] = [];
  for (let i = 0; i < 3; i += 1) {
    const store = await openAt(data, keys);
    stored.push(...(await putAll(store, randomChunks(tenant, [64]))));
    await store.close();
  }
  assert.equal(new Set(stored.map((chunk) => fileOf(data, chunk).path)).size, 1);
});

test('a segment whose last live chunk is erased is taken away, and its number is not used again', async () => {
  const data = await newData();
  const keys = createMemoryKeyRows();
  const store = await openAt(data, keys, 1000);
  const chunks = randomChunks(newTenant(), [600, 600, 600, 600]);
  const stored: StoredChunk[] = [];
  for (const chunk of chunks) stored.push(...(await putAll(store, [chunk])));
  const paths = stored.map((chunk) => fileOf(data, chunk).path);
  assert.equal(new Set(paths).size, 2);
  const plain = Buffer.from(chunks[0]!.bytes.subarray(0, 64));
  await store.erase([stored[0]!]);
  assert(!(await readFile(paths[0]!)).includes(plain));
  await store.erase([stored[1]!]);
  await assert.rejects(stat(paths[0]!));
  await store.erase(stored.slice(2));
  await stat(paths[3]!);
  assert.deepEqual(
    (await store.get(stored)).map(({ kind }) => kind),
    ['absent', 'absent', 'absent', 'absent'],
  );
  await store.close();
});

test('nothing of a chunk stands readable on the disk', async () => {
  const data = await newData();
  const store = await openAt(data, createMemoryKeyRows());
  const text = 'the plain text of a user '.repeat(20_000);
  const tenant = newTenant();
  await putAll(store, [chunkOf(tenant, Buffer.from(text)), chunkOf(tenant, Buffer.from(text.slice(0, 200)))]);
  await store.close();
  for (const name of await readdir(data, { recursive: true })) {
    const path = join(data, name);
    if (!(await stat(path)).isFile()) continue;
    assert(!(await readFile(path)).includes('plain text'), name);
  }
});

test('the master key is for its owner only, and a wrong, missing or foreign one is refused in one sentence', async () => {
  const data = await newData();
  const keys = createMemoryKeyRows();
  const keyPath = join(data, 'keys/master.key');
  const store = await openAt(data, keys);
  const chunks = randomChunks(newTenant(), [100]);
  const stored = await putAll(store, chunks);
  await store.close();
  assert.equal((await stat(keyPath)).mode & 0o777, 0o600);
  const right = await readFile(keyPath, 'utf8');
  const refused = (what: RegExp) => (cause: unknown) => {
    assert(cause instanceof Refusal);
    assert.match(cause.message, what);
    return true;
  };
  await writeFile(keyPath, `tidemark-master-key-1 ${'ab'.repeat(32)}\n`);
  await assert.rejects(openAt(data, keys), refused(/not the one/));
  await writeFile(keyPath, '');
  await assert.rejects(openAt(data, keys), refused(/not a Tidemark master key/));
  await unlink(keyPath);
  await assert.rejects(openAt(data, keys), refused(/is missing/));
  await unlink(join(data, 'keys/check.json'));
  await assert.rejects(openAt(data, keys), refused(/is missing/));
  await writeFile(keyPath, right);
  await assert.rejects(openAt(data, keys), refused(/not the one/), 'chunks without a check prove nothing');
  const again = await newData();
  await openAt(again, createMemoryKeyRows()).then((fresh) => fresh.close());
  await writeFile(keyPath, right);
  await writeFile(join(data, 'keys/check.json'), await readFile(join(again, 'keys/check.json')));
  await assert.rejects(openAt(data, keys), refused(/not the one/));
  assert.equal(stored.length, 1);
});

test('a store killed while it writes serves every chunk that it had answered for', async () => {
  const data = await newData();
  const program = new URL('./chunk-store-victim.ts', import.meta.url);
  const child = spawn(process.execPath, [program.pathname, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout) {
    told += text;
    if (told.split('\n').length > 30) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const { rows, answered } = parseVictim(told);
  const store = await openAt(data, rows);
  const outcomes = await store.get(answered);
  assert(answered.length >= 20);
  for (const outcome of outcomes) assert.equal(outcome.kind, 'ok');
  await store.close();
});

function parseVictim(told: string) {
  const lines = told.split('\n').slice(0, -1);
  const [tenantLine, ...rest] = lines;
  const { tenant, key } = JSON.parse(tenantLine!);
  const rows = createMemoryKeyRows();
  void rows.add(tenant, { ...key, wrapped: Buffer.from(key.wrapped, 'hex') });
  const answered: StoredChunk[] = rest.flatMap((line) => JSON.parse(line));
  return { rows, answered };
}

test('both BLAKE3 implementations give the same bytes', async () => {
  const [native, wasm] = await Promise.all([loadBlake3('native'), loadBlake3('wasm')]);
  assert.equal(native.backend, 'native');
  assert.equal(wasm.backend, 'wasm');
  for (const size of [0, 1, 63, 64, 65, 1023, 1024, 1025, 100_000]) {
    const bytes = Buffer.alloc(size, randomUUID());
    assert.deepEqual(Buffer.from(native.hash(bytes)), Buffer.from(wasm.hash(bytes)));
    assert.equal(native.hex(bytes), wasm.hex(bytes));
    assert.equal(native.hex(bytes), Buffer.from(wasm.hash(bytes)).toString('hex'));
  }
});

test('two stores that draw the first key of a tenant at the same moment agree on one', async () => {
  const data = await newData();
  const rows = createMemoryKeyRows();
  const openBoth = () =>
    Promise.all(
      ['chunks', 'second'].map((name) =>
        openFolderChunkStore({
          folder: join(data, name),
          keyFolder: join(data, 'keys'),
          tenantKeys: rows,
          lanes: 1,
        }),
      ),
    );
  await openAt(data, rows).then((first) => first.close());
  const chunks = randomChunks(newTenant(), [10, 300_000]);
  const stores = await openBoth();
  const stored = await Promise.all(stores.map((store) => putAll(store, chunks)));
  for (const store of stores) await store.close();
  const again = await openBoth();
  const read = await Promise.all(again.map((store, i) => store.get(stored[i]!)));
  for (const store of again) await store.close();
  assert.deepEqual(
    read.map((outcomes) => outcomes.map(({ kind }) => kind)),
    [
      ['ok', 'ok'],
      ['ok', 'ok'],
    ],
  );
});
