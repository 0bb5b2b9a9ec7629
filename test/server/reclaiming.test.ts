/** Bytes go while history is kept: every retained version reads whole, from either store, after every round of everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChunkToStore, parseChunkLocation } from '../../server-stub/chunks/chunk-store.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { alwaysThere, type ChunkSites, chunkSites, siteOf } from '../../server-stub/chunks/sites.ts';
import { collectionJob } from '../../server-stub/jobs/collection-job.ts';
import { JobRunner } from '../../server-stub/jobs/job-runner.ts';
import { livedHoursJob } from '../../server-stub/jobs/lived-hours-job.ts';
import { orphansJob } from '../../server-stub/jobs/orphans-job.ts';
import { replicationJob } from '../../server-stub/jobs/replication-job.ts';
import { retentionJob } from '../../server-stub/jobs/retention-job.ts';
import { scrubJob } from '../../server-stub/jobs/scrub-job.ts';
import { type ReplicaMode, Replicas } from '../../server-stub/replication/replicas.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import type { ChunkId } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { chunksOf, eventOf, file, type Hand, hashBytes, World } from './metadata-world.ts';

const HOUR = 3_600_000;
const { waits } = SERVER_LIMITS;
/** By then a chunk that nothing wants was found idle, quarantined and erased. */
const TO_THE_END = waits.releaseHours + 2 * waits.idleHours + waits.quarantineHours + 48;

class TwoStores {
  readonly world = new World();
  readonly hot = createMemoryChunkStore(hashBytes);
  readonly second = createMemoryChunkStore(hashBytes);
  readonly chunks: ChunkSites;
  readonly replicas: Replicas;
  isSecondThere = true;
  readonly #runner: JobRunner;

  constructor(mode: ReplicaMode) {
    const side = alwaysThere(this.second);
    const away = { kind: 'failed', why: 'disk-error', detail: 'away' } as const;
    const replica = {
      ...side,
      isThere: async () => this.isSecondThere,
      put: async (chunks: readonly ChunkToStore[]) =>
        this.isSecondThere ? side.put(chunks) : chunks.map(() => away),
    };
    this.chunks = chunkSites(this.hot, { replica });
    this.replicas = new Replicas(this.chunks, this.chunks.at('replica')!, mode);
    const { world, chunks } = this;
    const clock = { now: () => world.clock.now, monotonic: () => world.clock.now, sleep: async () => {} };
    const random = { bytes: (count: number) => world.bytes(count), fraction: () => 0.5 };
    this.#runner = new JobRunner({ store: world.db, clock, random, log: () => {} }, [
      livedHoursJob(clock.monotonic, waits),
      retentionJob(SERVER_LIMITS),
      collectionJob(chunks, waits),
      orphansJob(chunks, waits),
      scrubJob(chunks, waits),
      replicationJob(chunks, waits),
    ]);
  }

  async hour(): Promise<void> {
    this.world.clock.now += HOUR;
    await this.#runner.runDue();
  }

  /** As an upload does it. */
  async store(text: string, { caller: { tenant } }: Hand): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    const copies = chunksOf(text).map(({ id }): ChunkToStore => ({ tenant, id, bytes }));
    const [first, second] = await Promise.all([this.chunks.put(copies), this.replicas.put(copies)]);
    await this.world.db.write(async (tx) => {
      for (const [i, { id }] of copies.entries()) {
        const outcome = first[i];
        assert(outcome?.kind === 'stored');
        const { now } = this.world.clock;
        if (await tx.addChunk(tenant, id, outcome.location, bytes.length, now))
          await this.replicas.note(tx, { tenant, id }, second[i] ?? null, now);
      }
    });
  }

  async write(hand: Hand, seen: JournalEvent | null, text: string): Promise<JournalEvent> {
    await this.store(text, hand);
    return seen === null
      ? eventOf(await hand.one(hand.create({ name: `${text}.txt`, content: file(text) })))
      : eventOf(
          await hand.one(hand.edit({ node: seen.node, base: seen.head!.version, content: file(text) })),
        );
  }

  /** Puts every retained version together from each store alone; how many there are. */
  async restoreAll({ caller }: Hand): Promise<number> {
    const { tenant } = caller;
    const manifests = await this.world.db.read(async (tx) => tx.keptManifests(null, 1000));
    for (const { encoded } of manifests) {
      const manifest = decodeManifest(encoded);
      assert(!isInvalidManifest(manifest));
      for (const { id } of manifest.chunks) {
        const places = await this.world.db.read(async (tx) => ({
          first: (await tx.chunk(tenant, id))?.location,
          second: await tx.replica({ tenant, id }),
          debts: (await tx.replicaDebts(null, 1000)).map((each) => each.id),
        }));
        await this.readsWhole(id, places.first, caller);
        if (places.second === null) assert(places.debts.includes(id), 'what has one copy is known');
        else await this.readsWhole(id, places.second, caller);
      }
    }
    return manifests.length;
  }

  async readsWhole(id: ChunkId, location: string | undefined, { tenant }: Hand['caller']): Promise<void> {
    const [read] = await this.chunks.get([{ tenant, id, location: parseChunkLocation(location) }]);
    assert(read?.kind === 'ok', `chunk ${id} at ${location}: ${read?.kind}`);
    assert.equal(Buffer.from(hashBytes(read.bytes)).toString('hex'), id);
  }
}

for (const mode of ['same-site', 'cross-site'] as const)
  test(`${mode}: every retained version reads whole from either store after every round, and both end with the same`, async () => {
    const it = new TwoStores(mode);
    const laptop = await it.world.device('laptop');
    const seen: (JournalEvent | null)[] = [null, null, null];
    let most = 0;
    for (let hour = 0; hour < 260; hour += 1) {
      it.isSecondThere = hour % 90 < 60;
      if (hour < 200 && hour % 5 === 0) {
        const at = (hour / 5) % 3;
        seen[at] = await it.write(laptop, seen[at] ?? null, `file ${at} in hour ${hour}`);
      }
      // What an upload left that was never committed, and what was deleted.
      if (hour % 40 === 7) await it.store(`abandoned ${hour}`, laptop);
      if (hour === 150) {
        const [gone] = seen;
        await laptop.one(laptop.remove(gone!));
        seen[0] = null;
      }
      await it.hour();
      if (hour % 5 === 0) most = Math.max(most, await it.restoreAll(laptop));
    }
    it.isSecondThere = true;
    for (let hour = 0; hour < TO_THE_END; hour += 1) await it.hour();
    const left = await it.restoreAll(laptop);
    assert(left < most, 'some history was let go');
    const figures = await it.world.db.read(async (tx) => tx.replicaFigures());
    assert.deepEqual([figures.debts, figures.erasures], [0, 0]);
    assert.equal(it.hot.count, figures.copies);
    assert.equal(it.second.count, figures.copies, 'what was erased is erased in both');
    await it.world.close();
  });

test('a chunk is erased in both stores by one decision; a store that is away holds up only its own share', async () => {
  const it = new TwoStores('same-site');
  const laptop = await it.world.device('laptop');
  await it.store('abandoned', laptop);
  assert.deepEqual([it.hot.count, it.second.count], [1, 1]);
  for (let hour = 0; hour < waits.idleHours + waits.quarantineHours - 24; hour += 1) await it.hour();
  assert.deepEqual([it.hot.count, it.second.count], [1, 1], 'no sooner in the second than in the first');
  it.isSecondThere = false;
  for (let hour = 0; hour < 72; hour += 1) await it.hour();
  assert.deepEqual([it.hot.count, it.second.count], [0, 1]);
  const [left] = await it.world.db.read(async (tx) => tx.erasures(10));
  assert.equal(left && siteOf(left.location), 'replica');
  it.isSecondThere = true;
  await it.hour();
  assert.deepEqual([it.hot.count, it.second.count], [0, 0]);
  await it.world.close();
});

test('a second copy that was not written is a debt, and is written when it can be', async () => {
  const it = new TwoStores('same-site');
  const laptop = await it.world.device('laptop');
  it.isSecondThere = false;
  await it.write(laptop, null, 'while it was away');
  const debts = await it.world.db.read(async (tx) => tx.replicaDebts(null, 10));
  assert.deepEqual(
    debts.map(({ id }) => id),
    chunksOf('while it was away').map(({ id }) => id),
  );
  assert.equal(it.second.count, 0);
  it.isSecondThere = true;
  await it.hour();
  assert.equal(await it.restoreAll(laptop), 1);
  assert.equal(it.second.count, 1);
  await it.world.close();
});

test('a chunk that is asked for again while it is in quarantine keeps both of its copies', async () => {
  const it = new TwoStores('same-site');
  const laptop = await it.world.device('laptop');
  await it.store('back in use', laptop);
  for (let hour = 0; hour < waits.idleHours + 48; hour += 1) await it.hour();
  const saved = await laptop.one(laptop.create({ name: 'b.txt', content: file('back in use') }));
  assert.equal(saved.kind, 'committed');
  for (let hour = 0; hour < TO_THE_END; hour += 1) await it.hour();
  assert.equal(await it.restoreAll(laptop), 1);
  assert.deepEqual([it.hot.count, it.second.count], [1, 1]);
  await it.world.close();
});
