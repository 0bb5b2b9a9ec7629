/** Heaps that are emptied, copies that no row names, and readers in between: real SQLite and a chunk folder. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type ChunkLocation,
  type ChunkStore,
  parseChunkLocation,
  type StoredChunk,
} from '../../server-stub/chunks/chunk-store.ts';
import { createMemoryKeyRows } from '../../server-stub/chunks/folder/data-keys.ts';
import { openFolderChunkStore } from '../../server-stub/chunks/folder/folder-chunk-store.ts';
import { type ChunkSites, chunkSites } from '../../server-stub/chunks/sites.ts';
import { compactionJob } from '../../server-stub/jobs/compaction-job.ts';
import type { Job } from '../../server-stub/jobs/job.ts';
import { JobRunner, type RoundResult } from '../../server-stub/jobs/job-runner.ts';
import { orphansJob } from '../../server-stub/jobs/orphans-job.ts';
import { findChunks, readChunks } from '../../server-stub/routes/chunk-reading.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import type { TenantId } from '../../src/protocol/ids.ts';
import { newTenant, putAll, randomChunks } from '../conformance/chunk-store-suite.ts';
import { World } from './metadata-world.ts';

const { waits } = SERVER_LIMITS;

class Store {
  readonly world = new World();
  readonly data: string;
  readonly chunks: ChunkSites;
  readonly tenant: TenantId;

  constructor(data: string, chunks: ChunkStore, tenant: TenantId) {
    this.data = data;
    this.chunks = chunkSites(chunks);
    this.tenant = tenant;
  }

  round(job: Job): Promise<RoundResult> {
    const clock = { now: () => this.world.clock.now, monotonic: () => 0, sleep: async () => {} };
    const random = { bytes: (count: number) => this.world.bytes(count), fraction: () => 0.5 };
    const runner = new JobRunner({ store: this.world.db, clock, random, log: () => {} }, [job]);
    return runner.runNow(job.name);
  }

  hours(hours: number): Promise<void> {
    return this.world.db.write(async (tx) => tx.setLivedHours({ hours, at: this.world.clock.now }));
  }

  /** Stores chunks one by one, with their rows. */
  async store(sizes: readonly number[]): Promise<readonly StoredChunk[]> {
    const stored: StoredChunk[] = [];
    for (const chunk of randomChunks(this.tenant, sizes))
      stored.push(...(await putAll(this.chunks, [chunk])));
    await this.world.db.write(async (tx) => {
      for (const [i, { id, location }] of stored.entries())
        await tx.addChunk(this.tenant, id, location, sizes[i]!, 1);
    });
    return stored;
  }

  async forget(copies: readonly StoredChunk[]): Promise<void> {
    await this.world.db.write(async (tx) => {
      for (const copy of copies) assert(await tx.beginErasure(copy));
    });
    await this.chunks.erase(copies);
    await this.world.db.write(async (tx) => {
      for (const copy of copies) await tx.endErasure(copy);
    });
  }

  get parts() {
    return { store: this.world.db, chunks: this.chunks, log: () => {} };
  }

  async readable(copies: readonly StoredChunk[]): Promise<number> {
    const found = await findChunks(
      this.parts,
      this.tenant,
      copies.map(({ id }) => id),
    );
    return (await readChunks(this.parts, [...found.values()])).size;
  }

  async segments(): Promise<number> {
    return (await readdir(join(this.data, 'chunks/segments'))).length;
  }

  async listed(): Promise<readonly ChunkLocation[]> {
    return (await this.chunks.list(null, 1000)).map(({ location }) => location);
  }
}

async function newStore(t: TestContext): Promise<Store> {
  const data = await mkdtemp(join(tmpdir(), 'compaction-'));
  const chunks = await openFolderChunkStore({
    folder: join(data, 'chunks'),
    keyFolder: join(data, 'keys'),
    tenantKeys: createMemoryKeyRows(),
    segmentBytes: 4000,
    lanes: 1,
  });
  const probe = new World();
  const tenant = (await probe.device('laptop')).caller.tenant;
  await probe.close();
  const made = new Store(data, chunks, tenant);
  await made.world.device('laptop');
  t.after(async () => {
    await chunks.close();
    await made.world.close();
    await rm(data, { recursive: true });
  });
  return made;
}

const everyFourth = (_: unknown, i: number) => i % 4 === 0;
const SIZES = Array.from({ length: 24 }, () => 900);

test('heaps of which more than half is erased are emptied and go; what lived in them is read all the while', async (t) => {
  const it = await newStore(t);
  const stored = await it.store(SIZES);
  const kept = stored.filter(everyFourth);
  await it.forget(stored.filter((copy) => !kept.includes(copy)));
  const before = await it.segments();
  assert.equal((await it.round(compactionJob(it.chunks, waits))).kind, 'done');
  assert((await it.segments()) <= before / 2 + 1, `${await it.segments()} of ${before}`);
  assert.equal(await it.readable(kept), kept.length);
  assert.equal((await it.listed()).length, kept.length);
  const decisions = await it.world.db.read(async (tx) => tx.decisions({ job: 'compaction' }, null, 50));
  assert(decisions.length > 0 && decisions.every(({ decision }) => decision === 'compacted'));
});

test('a heap that is mostly wanted is left as it is, and nothing moves while destruction is switched off', async (t) => {
  const it = await newStore(t);
  const stored = await it.store(SIZES);
  await it.forget(stored.filter(everyFourth));
  const before = await it.listed();
  await it.round(compactionJob(it.chunks, waits));
  assert.deepEqual(await it.listed(), before);
  await it.forget(stored.filter((_, i) => i % 4 === 1 || i % 4 === 2));
  await it.world.db.write(async (tx) =>
    tx.setSwitch({ name: 'stop-destructive-gc', on: true, by: 'operator', why: 'a test', at: 1 }),
  );
  const after = await it.listed();
  await it.round(compactionJob(it.chunks, waits));
  assert.deepEqual(await it.listed(), after);
});

test('compaction that is cut short after any call of the store loses nothing and is ended by the next round', async (t) => {
  let calls = 0;
  for (let deadAt = 1; deadAt < 60; deadAt += 3) {
    const it = await newStore(t);
    const stored = await it.store(SIZES.slice(0, 12));
    const kept = stored.filter(everyFourth);
    await it.forget(stored.filter((copy) => !kept.includes(copy)));
    calls = 0;
    const mortal = dyingAt(it.chunks, () => {
      calls += 1;
      if (calls >= deadAt) throw new Error('the power went');
    });
    await it
      .round(compactionJob(mortal, waits))
      .catch((cause: unknown) => assert.match(String(cause), /power/));
    assert.equal(await it.readable(kept), kept.length, `after ${deadAt} calls`);
    assert.equal((await it.round(compactionJob(it.chunks, waits))).kind, 'done');
    assert.equal(await it.readable(kept), kept.length);
    // What was stored again and not yet named is an orphan, and goes as one.
    await it.hours(10);
    await it.round(orphansJob(it.chunks, waits));
    await it.hours(10 + waits.orphanHours);
    await it.round(orphansJob(it.chunks, waits));
    assert.equal((await it.listed()).length, kept.length);
    assert.equal(await it.readable(kept), kept.length);
    if (calls < deadAt) return;
  }
  assert.fail(`${calls} calls were not enough to end it`);
});

/** A store in which the power goes right after a call was carried out. */
function dyingAt(chunks: ChunkStore, step: () => void): ChunkSites {
  const then = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work;
    step();
    return value;
  };
  return chunkSites({
    put: (items) => then(chunks.put(items)),
    get: (items) => then(chunks.get(items)),
    erase: (items) => then(chunks.erase(items)),
    stat: (chunk) => chunks.stat(chunk),
    list: (after, limit, heap) => then(chunks.list(after, limit, heap)),
    heaps: (after, limit) => then(chunks.heaps(after, limit)),
    heapUse: (heap) => then(chunks.heapUse(heap)),
    close: () => chunks.close(),
  });
}

test('a reader whose copy is moved and erased between row and bytes gets the bytes all the same', async (t) => {
  const it = await newStore(t);
  const [copy] = await it.store([900]);
  const found = await findChunks(it.parts, it.tenant, [copy!.id]);
  for (let moves = 0; moves < 3; moves += 1) {
    const row = await it.world.db.read(async (tx) => tx.chunk(it.tenant, copy!.id));
    const from = parseChunkLocation(row!.location);
    const [read] = await it.chunks.get([{ ...copy!, location: from }]);
    assert(read?.kind === 'ok');
    const [to] = await putAll(it.chunks, [{ ...copy!, bytes: read.bytes }]);
    assert(await it.world.db.write(async (tx) => tx.moveChunk(copy!, from, to!.location)));
    assert.equal(await it.world.db.write(async (tx) => tx.moveChunk(copy!, from, 'm/1')), false);
    await it.chunks.erase([{ ...copy!, location: from }]);
  }
  assert.equal((await readChunks(it.parts, [...found.values()])).size, 1);
});

test('a copy that no row names goes after a day of lived hours, not before, and one that is named meanwhile stays', async (t) => {
  const it = await newStore(t);
  const [named] = await it.store([900]);
  const [orphan, late] = await putAll(it.chunks, randomChunks(it.tenant, [700, 300_000]));
  const [stranger] = await putAll(it.chunks, randomChunks(newTenant(), [700]));
  await it.hours(100);
  await it.round(orphansJob(it.chunks, waits));
  await it.hours(100 + waits.orphanHours - 1);
  await it.round(orphansJob(it.chunks, waits));
  assert.equal((await it.listed()).length, 4);
  await it.world.db.write(async (tx) => tx.addChunk(it.tenant, late!.id, late!.location, 300_000, 1));
  await it.hours(100 + waits.orphanHours);
  await it.round(orphansJob(it.chunks, waits));
  assert.deepEqual(
    new Set(await it.listed()),
    new Set([named!.location, late!.location, stranger!.location]),
    'also one of a tenant that the database does not know stays',
  );
  const decisions = await it.world.db.read(async (tx) => tx.decisions({ job: 'orphans' }, null, 50));
  assert.deepEqual(
    decisions.map(({ subject, decision }) => [subject, decision]),
    [[`chunk ${orphan!.id}`, 'orphan erased']],
  );
});
