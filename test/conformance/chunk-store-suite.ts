/** What every ChunkStore must do, whatever it stands on. Run with a factory; damage and reopening where it can be shown. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { loadBlake3 } from '../../server-stub/chunks/blake3.ts';
import type {
  ChunkStore,
  ChunkToStore,
  PutOutcome,
  StoredChunk,
} from '../../server-stub/chunks/chunk-store.ts';
import { parseChunkLocation } from '../../server-stub/chunks/chunk-store.ts';
import { parseChunkId, parseTenantId, type TenantId } from '../../src/protocol/ids.ts';

export interface StoreUnderTest {
  readonly store: ChunkStore;
  /** Closes it and opens what it left behind; `null` where nothing stays. */
  readonly reopen: (() => Promise<ChunkStore>) | null;
  /** Changes one stored byte of a copy. */
  readonly damage: (chunk: StoredChunk) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

const { hex } = await loadBlake3();
const SIZES = [0, 1, 1024, 64 * 1024, 256 * 1024, 256 * 1024 + 1, 3 * 1024 * 1024];

export function newTenant(): TenantId {
  return parseTenantId(randomUUID());
}

export function chunkOf(tenant: TenantId, bytes: Uint8Array): ChunkToStore {
  return { tenant, id: parseChunkId(hex(bytes)), bytes };
}

export function randomChunks(tenant: TenantId, sizes: readonly number[]): readonly ChunkToStore[] {
  return sizes.map((size) => chunkOf(tenant, randomBytes(size)));
}

export function storedAs(chunk: ChunkToStore, outcome: PutOutcome | undefined): StoredChunk {
  assert.equal(outcome?.kind, 'stored', JSON.stringify(outcome));
  assert(outcome?.kind === 'stored');
  return { tenant: chunk.tenant, id: chunk.id, location: outcome.location };
}

export async function putAll(store: ChunkStore, chunks: readonly ChunkToStore[]): Promise<StoredChunk[]> {
  const outcomes = await store.put(chunks);
  assert.equal(outcomes.length, chunks.length);
  return chunks.map((chunk, i) => storedAs(chunk, outcomes[i]));
}

async function expectBytes(
  store: ChunkStore,
  stored: readonly StoredChunk[],
  chunks: readonly ChunkToStore[],
) {
  const read = await store.get(stored);
  chunks.forEach((chunk, i) => {
    const outcome = read[i];
    assert(outcome?.kind === 'ok', outcome?.kind);
    assert(Buffer.from(outcome.bytes).equals(Buffer.from(chunk.bytes)));
  });
}

export function chunkStoreSuite(name: string, open: () => Promise<StoreUnderTest>): void {
  const check = (what: string, body: (it: StoreUnderTest) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const it = await open();
      try {
        await body(it);
      } finally {
        await it.dispose();
      }
    });

  check('chunks of every size come back as they were put, in any order', async ({ store }) => {
    const chunks = randomChunks(newTenant(), SIZES);
    const stored = await putAll(store, chunks);
    await expectBytes(store, stored.toReversed(), chunks.toReversed());
    assert.deepEqual(await store.get([]), []);
    assert.deepEqual(await store.put([]), []);
  });

  check('what can be packed comes back byte for byte, of every size', async ({ store, reopen }) => {
    const line = Buffer.from('{"name":"a file","size":1234}\n');
    const chunks = SIZES.map((size) => chunkOf(newTenant(), Buffer.alloc(size, line)));
    const stored = await putAll(store, chunks);
    await expectBytes(store, stored, chunks);
    for (const [i, chunk] of chunks.entries()) {
      const found = await store.stat(stored[i]!);
      assert(found.kind === 'present');
      assert.equal(found.size, chunk.bytes.length);
    }
    if (reopen !== null) await expectBytes(await reopen(), stored, chunks);
  });

  check(
    'bytes that are not what their id says are refused, and the rest of the call is kept',
    async ({ store }) => {
      const tenant = newTenant();
      const [first, second, large] = randomChunks(tenant, [10, 20, 300_000]);
      const wrong = { ...first!, bytes: second!.bytes };
      const wrongLarge = { ...large!, bytes: large!.bytes.slice(1) };
      const outcomes = await store.put([wrong, second!, wrongLarge, large!]);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['wrong-hash', 'stored', 'wrong-hash', 'stored'],
      );
      await expectBytes(
        store,
        [storedAs(second!, outcomes[1]), storedAs(large!, outcomes[3])],
        [second!, large!],
      );
    },
  );

  check('the same chunk put twice makes two copies, and erasing one leaves the other', async ({ store }) => {
    for (const size of [500, 400_000]) {
      const [chunk] = randomChunks(newTenant(), [size]);
      const [one] = await putAll(store, [chunk!]);
      const [two] = await putAll(store, [chunk!]);
      assert.notEqual(one!.location, two!.location);
      await store.erase([one!]);
      assert.equal((await store.get([one!]))[0]!.kind, 'absent');
      assert.equal((await store.stat(one!)).kind, 'absent');
      await expectBytes(store, [two!], [chunk!]);
      await store.erase([one!]);
      await expectBytes(store, [two!], [chunk!]);
    }
  });

  check('a location opens for its tenant and its chunk only', async ({ store }) => {
    const [mine, yours] = [newTenant(), newTenant()];
    for (const size of [500, 400_000]) {
      const [chunk, other] = randomChunks(mine, [size, size]);
      const [a, b] = await putAll(store, [chunk!, other!]);
      await putAll(store, [{ ...chunk!, tenant: yours }]);
      const strangers = [
        { ...a!, tenant: yours },
        { ...a!, id: b!.id },
        { ...a!, location: b!.location },
      ];
      for (const outcome of await store.get(strangers)) assert.equal(outcome.kind, 'damaged');
      await store.erase(strangers);
      await expectBytes(store, [a!, b!], [chunk!, other!]);
    }
  });

  check('what is not there is absent, also under names of no store', async ({ store }) => {
    const [chunk] = randomChunks(newTenant(), [5]);
    await putAll(store, [chunk!]);
    for (const location of [
      's/999999/0/5',
      'f/000001-l0/0123456789abcdef-0123456789abcdef/5',
      'x',
      'm/77',
      '../a',
    ]) {
      const stranger = { tenant: chunk!.tenant, id: chunk!.id, location: parseChunkLocation(location) };
      assert.equal((await store.get([stranger]))[0]!.kind, 'absent', location);
      assert.equal((await store.stat(stranger)).kind, 'absent');
      await store.erase([stranger]);
    }
  });

  check('a damaged copy is told and never served, and its neighbours are', async ({ store, damage }) => {
    const tenant = newTenant();
    const chunks = randomChunks(tenant, [700, 700, 700, 300_000]);
    const stored = await putAll(store, chunks);
    await damage(stored[1]!);
    await damage(stored[3]!);
    const kinds = (await store.get(stored)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['ok', 'damaged', 'ok', 'damaged']);
  });

  check('stat tells the size of what is there', async ({ store }) => {
    for (const chunk of randomChunks(newTenant(), [1234, 400_000])) {
      const [stored] = await putAll(store, [chunk]);
      const found = await store.stat(stored!);
      assert(found.kind === 'present');
      assert.equal(found.size, chunk.bytes.length);
      assert(found.storedBytes >= found.size);
    }
  });

  check('every copy that stands is listed once, in pages of any size', async ({ store, reopen }) => {
    const tenant = newTenant();
    const chunks = randomChunks(tenant, [10, 700, 700, 300_000, 5000, 400_000, 20]);
    const stored = [...(await putAll(store, chunks)), ...(await putAll(store, chunks.slice(0, 2)))];
    const gone = [stored[1]!, stored[3]!];
    await store.erase(gone);
    const left = stored.filter((copy) => !gone.includes(copy));
    const inOrder = (copies: readonly StoredChunk[]) => copies.map((copy) => JSON.stringify(copy)).sort();
    const again = reopen === null ? store : await reopen();
    for (const size of [1, 2, 100]) {
      const found: StoredChunk[] = [];
      for (;;) {
        const page: readonly StoredChunk[] = await again.list(found.at(-1)?.location ?? null, size);
        found.push(...page);
        if (page.length < size) break;
      }
      assert.deepEqual(inOrder(found), inOrder(left));
    }
    await expectBytes(again, await again.list(null, 1), [
      chunks.find(({ id }) => id === left[0]!.id) ?? chunks[0]!,
    ]);
  });

  check(
    'a heap tells how much of it is wanted, lists its copies, and goes with the last',
    async ({ store }) => {
      const chunks = randomChunks(
        newTenant(),
        Array.from({ length: 12 }, () => 900),
      );
      for (const chunk of chunks) await putAll(store, [chunk]);
      const [heap] = await store.heaps(null, 1);
      assert.equal(await store.heapUse('no heap'), null);
      assert.equal(await store.heapUse('999999'), null);
      if (heap === undefined) return;
      const before = await store.heapUse(heap);
      assert(before !== null);
      assert.equal(before.liveBytes, before.bytes);
      const copies = await store.list(null, 100, heap);
      assert(copies.length > 1 && copies.length < chunks.length);
      await store.erase(copies.slice(1));
      const after = await store.heapUse(heap);
      assert(after !== null);
      assert.equal(after.bytes, before.bytes);
      assert.equal(after.liveBytes * copies.length, before.liveBytes);
      assert.deepEqual(await store.list(null, 100, heap), copies.slice(0, 1));
      await store.erase(copies);
      assert.equal(await store.heapUse(heap), null);
      assert.deepEqual(await store.list(null, 100, heap), []);
      assert.equal((await store.heaps(null, 100)).includes(heap), false);
      for (const next of await store.heaps(heap, 100)) assert.notEqual(next, heap);
    },
  );

  check('many calls at once all get their own chunks', async ({ store }) => {
    const tenant = newTenant();
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const chunks = randomChunks(
          tenant,
          Array.from({ length: 40 }, (_, j) => 200 + i * 50 + j),
        );
        await expectBytes(store, await putAll(store, chunks), chunks);
      }),
    );
  });

  check('the memory given to put stays the caller’s', async ({ store }) => {
    const tenant = newTenant();
    const bytes = randomBytes(400_000);
    const chunk = chunkOf(tenant, bytes);
    const copy = { ...chunk, bytes: new Uint8Array(bytes) };
    const stored = await putAll(store, [chunk]);
    assert.equal(bytes.length, 400_000);
    bytes.fill(0);
    await expectBytes(store, stored, [copy]);
  });

  check('what was stored is there after a new start', async ({ store, reopen }) => {
    const chunks = randomChunks(newTenant(), SIZES);
    const stored = await putAll(store, chunks);
    if (reopen === null) return;
    const again = await reopen();
    await expectBytes(again, stored, chunks);
    const more = randomChunks(chunks[0]!.tenant, SIZES);
    const storedMore = await putAll(again, more);
    await expectBytes(again, [...stored, ...storedMore], [...chunks, ...more]);
  });
}
