/** What a chunk is on disk: packed and plain records, old ones, and what somebody made of them. */
import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { constants, zstdCompressSync } from 'node:zlib';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import type { ReadOutcome, StoredChunk } from '../../server-stub/chunks/chunk-store.ts';
import { ChunkFolder, SEGMENT_BYTES } from '../../server-stub/chunks/folder/chunk-folder.ts';
import { locationOf, placeOf } from '../../server-stub/chunks/folder/chunk-place.ts';
import { type Payload, pack, unpack } from '../../server-stub/chunks/folder/packing.ts';
import { RECORD_HEAD, tenantHex, writeRecordHead } from '../../server-stub/chunks/folder/record.ts';
import { type DataKey, seal } from '../../server-stub/chunks/folder/sealing.ts';
import { parseChunkId, parseTenantId } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

const { hex } = await loadBlake3();
const TENANT = parseTenantId('00000000-0000-7000-8000-000000000007');
const KEY: DataKey = { number: 1, key: createSecretKey(randomBytes(32)) };
const TEXT = Buffer.from('What was written here says itself again, in other words. '.repeat(400));

async function withFolder(body: (folder: ChunkFolder, path: string) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), 'records-'));
  const folder = new ChunkFolder({
    folder: path,
    lane: 'l0',
    segmentBytes: SEGMENT_BYTES,
    appends: true,
    idOf: hex,
  });
  folder.setKeys(TENANT, [KEY]);
  await folder.open();
  try {
    await body(folder, path);
  } finally {
    await folder.close();
    await rm(path, { recursive: true });
  }
}

async function readOne(folder: ChunkFolder, chunk: StoredChunk): Promise<ReadOutcome> {
  const [outcome] = await folder.get([chunk]);
  assert(outcome !== undefined);
  return outcome;
}

async function stored(folder: ChunkFolder, bytes: Uint8Array): Promise<StoredChunk> {
  const id = parseChunkId(hex(bytes));
  const [outcome] = await folder.put([{ tenant: TENANT, id, bytes }]);
  assert(outcome?.kind === 'stored');
  return { tenant: TENANT, id, location: outcome.location };
}

/** A segment that was written by somebody else, with one record. */
async function planted(path: string, id: string, payload: Payload): Promise<StoredChunk> {
  const { head, body } = seal(KEY, tenantHex(TENANT), id, payload);
  const record = Buffer.alloc(RECORD_HEAD + body.length);
  writeRecordHead(record, 0, head);
  record.set(body, RECORD_HEAD);
  await writeFile(join(path, 'segments/000900.seg'), record);
  const location = locationOf({ kind: 'segment', segment: 900, offset: 0, length: head.length });
  return { tenant: TENANT, id: parseChunkId(id), location };
}

const storedBytes = async (folder: ChunkFolder, chunk: StoredChunk) => {
  const found = await folder.stat(chunk);
  assert(found.kind === 'present');
  return found;
};

test('text and JSON are stored smaller, noise as it is, and all come back', () =>
  withFolder(async (folder) => {
    const json = Buffer.from(
      JSON.stringify(Array.from({ length: 9000 }, (_, i) => ({ id: i, name: `file ${i}` }))),
    );
    for (const bytes of [TEXT, json, Buffer.concat([json, json, json])]) {
      const chunk = await stored(folder, bytes);
      const { size, storedBytes: kept } = await storedBytes(folder, chunk);
      assert.equal(size, bytes.length);
      assert(kept < bytes.length / 3, `${kept} of ${bytes.length}`);
      const read = await readOne(folder, chunk);
      assert(read.kind === 'ok' && Buffer.from(read.bytes).equals(bytes));
    }
    for (const size of [1024, 5000, 300_000]) {
      const noise = randomBytes(size);
      const chunk = await stored(folder, noise);
      assert.deepEqual(await storedBytes(folder, chunk), {
        kind: 'present',
        size,
        storedBytes: size + RECORD_HEAD,
      });
    }
  }));

test('what a packer that errs makes of a chunk is never stored', () => {
  const packed = pack(TEXT);
  assert.equal(packed.kind, 'zstd');
  const other = Buffer.from(TEXT);
  other[other.length - 1]! ^= 1;
  const bad = [pack(other).bytes, packed.bytes.subarray(0, packed.bytes.length - 9), Buffer.from('nothing')];
  for (const bytes of bad)
    assert.deepEqual(
      pack(TEXT, () => bytes),
      { kind: 'plain', bytes: TEXT },
    );
});

test('a record that an earlier server wrote, plain, is read', () =>
  withFolder(async (folder, path) => {
    const old = await planted(path, hex(TEXT), { kind: 'plain', bytes: TEXT });
    const record = await readFile(join(path, 'segments/000900.seg'));
    assert.equal(record.toString('latin1', 0, 4), 'TMC1');
    const read = await readOne(folder, old);
    assert(read.kind === 'ok' && Buffer.from(read.bytes).equals(TEXT));
  }));

test('a frame that unpacks to more, or to less, than its record says is damaged, and so is what is none', () =>
  withFolder(async (folder, path) => {
    const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
    const frame = zstdCompressSync(TEXT, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const hostile: Payload[] = [
      { kind: 'zstd', bytes: bomb, size: 1000 },
      { kind: 'zstd', bytes: bomb, size: LIMITS.chunkBytes },
      { kind: 'zstd', bytes: bomb, size: LIMITS.chunkBytes + 1 },
      { kind: 'zstd', bytes: bomb, size: 64 * 1024 * 1024 },
      { kind: 'zstd', bytes: bomb, size: 0xffffffff },
      { kind: 'zstd', bytes: frame, size: TEXT.length - 1 },
      { kind: 'zstd', bytes: frame, size: TEXT.length + 1 },
      { kind: 'zstd', bytes: frame, size: 0 },
      { kind: 'zstd', bytes: frame.subarray(0, frame.length - 5), size: TEXT.length },
      { kind: 'zstd', bytes: Buffer.alloc(0), size: 1 },
      { kind: 'zstd', bytes: randomBytes(400), size: 400 },
      { kind: 'zstd', bytes: TEXT, size: TEXT.length },
    ];
    for (const payload of hostile) {
      const outcome = await readOne(folder, await planted(path, hex(TEXT), payload));
      assert.deepEqual(outcome, { kind: 'damaged', why: 'it does not unpack to its size' });
      assert.equal(unpack(payload), null);
    }
    const honest = await readOne(folder, await planted(path, hex(TEXT), pack(TEXT)));
    assert.equal(honest.kind, 'ok');
  }));

for (const [what, bytes] of [
  ['packed', TEXT],
  ['plain', randomBytes(600)],
] as const)
  test(`no byte of the head of a ${what} record, nor of its size, can be another one`, () =>
    withFolder(async (folder, path) => {
      const chunk = await stored(folder, bytes);
      const place = placeOf(chunk.location);
      assert(place?.kind === 'segment');
      const file = await open(join(path, 'segments/000001.seg'), 'r+');
      for (let at = place.offset; at < place.offset + RECORD_HEAD + 8; at += 1) {
        const byte = Buffer.alloc(1);
        await file.read(byte, 0, 1, at);
        for (const flip of [1, 0x80, 0xff]) {
          await file.write(Buffer.of(byte[0]! ^ flip), 0, 1, at);
          assert.equal((await readOne(folder, chunk)).kind, 'damaged', `byte ${at} ^ ${flip}`);
        }
        await file.write(byte, 0, 1, at);
      }
      await file.close();
      assert.equal((await readOne(folder, chunk)).kind, 'ok');
    }));

test('a packed record that is called plain, and the other way round, does not open', () =>
  withFolder(async (folder, path) => {
    for (const [payload, other] of [
      [pack(TEXT), 'plain'],
      [{ kind: 'plain', bytes: TEXT }, 'packed'],
    ] as const) {
      const sealed = seal(KEY, tenantHex(TENANT), hex(TEXT), payload);
      const chunk = await planted(path, hex(TEXT), payload);
      const record = Buffer.alloc(RECORD_HEAD + sealed.body.length);
      writeRecordHead(record, 0, { ...sealed.head, state: other });
      record.set(sealed.body, RECORD_HEAD);
      await writeFile(join(path, 'segments/000900.seg'), record);
      assert.deepEqual(await readOne(folder, chunk), { kind: 'damaged', why: 'its seal is broken' });
    }
  }));
