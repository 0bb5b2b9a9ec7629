/** The way to the cold store and back, cut at every step, with stores that lie; and the end of what is dead. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ChunkStore,
  type ChunkToStore,
  parseChunkLocation,
} from '../../server-stub/chunks/chunk-store.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { alwaysThere, type ChunkSites, chunkSites, siteOf } from '../../server-stub/chunks/sites.ts';
import { collectionJob } from '../../server-stub/jobs/collection-job.ts';
import { coolingJob } from '../../server-stub/jobs/cooling-job.ts';
import type { Job } from '../../server-stub/jobs/job.ts';
import { JobRunner } from '../../server-stub/jobs/job-runner.ts';
import { orphansJob } from '../../server-stub/jobs/orphans-job.ts';
import { retentionJob } from '../../server-stub/jobs/retention-job.ts';
import { thawingJob } from '../../server-stub/jobs/thawing-job.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { chunksOf, eventOf, file, type Hand, hashBytes, World } from './metadata-world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const waits = { ...SERVER_LIMITS.waits, coldHours: 48 };

/** Throws at the call with this number, and at no other: the power goes between two steps. */
function cutAt(store: ChunkStore, calls: { left: number }): ChunkStore {
  const cut = () => {
    calls.left -= 1;
    if (calls.left === 0) throw new Error('the power is gone');
  };
  return {
    ...alwaysThere(store),
    put: async (chunks) => {
      const stored = await store.put(chunks);
      cut();
      return stored;
    },
    get: async (chunks) => {
      cut();
      return store.get(chunks);
    },
    erase: async (chunks) => {
      await store.erase(chunks);
      cut();
    },
  };
}

class Tiers {
  readonly world = new World();
  readonly hot = createMemoryChunkStore(hashBytes);
  readonly cold = createMemoryChunkStore(hashBytes);
  readonly calls = { left: Number.POSITIVE_INFINITY };
  readonly chunks: ChunkSites;
  readonly #jobs: readonly Job[];
  /** Every step is done twice: what the first one left is not known to the second. */
  isTwice = false;

  constructor(cold: (store: ChunkStore) => ChunkStore = (store) => store) {
    const side = alwaysThere(cutAt(cold(this.cold), this.calls));
    this.chunks = chunkSites(cutAt(this.hot, this.calls), { cold: side });
    const limits = {
      waits,
      retention: { allMs: 200 * HOUR, dailyMs: 0, weeklyMs: 0, monthlyMs: 0, trashMs: HOUR, held: false },
    };
    this.#jobs = [
      retentionJob(limits),
      collectionJob(this.chunks, waits),
      orphansJob(this.chunks, waits),
      coolingJob(this.chunks, waits),
      thawingJob(this.chunks, waits, 0),
    ].map((job) => ({
      ...job,
      step: async (context, state) => {
        if (this.isTwice) await job.step(context, state);
        return job.step(context, state);
      },
    }));
  }

  async days(count: number): Promise<void> {
    const { world } = this;
    const clock = { now: () => world.clock.now, monotonic: () => world.clock.now, sleep: async () => {} };
    const random = { bytes: (size: number) => world.bytes(size), fraction: () => 0.5 };
    for (let day = 0; day < count; day += 1) {
      world.clock.now += DAY;
      await world.db.write(async (tx) => {
        const hours = ((await tx.livedHours())?.hours ?? 0) + 24;
        await tx.setLivedHours({ hours, at: world.clock.now });
      });
      // Another process each time: nothing is known but what is written down.
      await new JobRunner({ store: world.db, clock, random, log: () => {} }, this.#jobs).runDue();
    }
  }

  async write(hand: Hand, seen: JournalEvent | null, text: string): Promise<JournalEvent> {
    const { tenant } = hand.caller;
    const bytes = new TextEncoder().encode(text);
    const copies = chunksOf(text).map(({ id }): ChunkToStore => ({ tenant, id, bytes }));
    const stored = await this.hot.put(copies);
    await this.world.db.write(async (tx) => {
      for (const [i, { id }] of copies.entries()) {
        const outcome = stored[i];
        assert(outcome?.kind === 'stored');
        await tx.addChunk(tenant, id, outcome.location, bytes.length, this.world.clock.now);
      }
    });
    const claim =
      seen === null
        ? hand.create({ name: 'file.txt', content: file(text) })
        : hand.edit({ node: seen.node, base: seen.head!.version, content: file(text) });
    return eventOf(await hand.one(claim));
  }

  async siteOf(hand: Hand, text: string): Promise<string | null> {
    const { tenant } = hand.caller;
    const row = await this.world.db.read(async (tx) => tx.chunk(tenant, chunksOf(text)[0]!.id));
    return row === null ? null : siteOf(row.location);
  }

  /** Every retained version reads whole from where its rows say. */
  async readsAll({ caller: { tenant } }: Hand): Promise<void> {
    for (const { encoded } of await this.world.db.read(async (tx) => tx.keptManifests(null, 1000))) {
      const manifest = decodeManifest(encoded);
      assert(!isInvalidManifest(manifest));
      for (const { id } of manifest.chunks) {
        const row = await this.world.db.read(async (tx) => tx.chunk(tenant, id));
        assert(row !== null, 'it is stored');
        const location = parseChunkLocation(row.location);
        const [read] = await this.chunks.get([{ tenant, id, location }]);
        assert(read?.kind === 'ok', `chunk ${id} at ${location}: ${read?.kind}`);
      }
    }
  }
}

/** The first day a chunk is seen, and two later it is cool. */
const COOLED = 3;

test('cut at any call to a store, or every step done twice: all versions read whole, and no copy is left over', async () => {
  for (let at = 0; at <= 4; at += 1) {
    const it = new Tiers();
    const hand = await it.world.device('laptop');
    const first = await it.write(hand, null, 'the old words');
    await it.write(hand, first, 'the new words');
    it.isTwice = at === 0;
    const cutNow = () => {
      it.calls.left = at === 0 ? Number.POSITIVE_INFINITY : at;
    };
    await it.days(COOLED - 1);
    cutNow();
    await it.days(1);
    assert(at === 0 || it.calls.left <= 0, `cut at ${at} on its way`);
    it.calls.left = Number.POSITIVE_INFINITY;
    await it.readsAll(hand);
    await it.days(1);
    assert.equal(await it.siteOf(hand, 'the old words'), 'cold');
    assert.equal(await it.siteOf(hand, 'the new words'), 'hot');
    const { tenant } = hand.caller;
    const { id } = chunksOf('the old words')[0]!;
    await it.world.db.write(async (tx) => tx.askThaw({ tenant, id }, it.world.clock.now));
    cutNow();
    await it.days(1);
    assert(at === 0 || it.calls.left <= 0, `cut at ${at} on its way back`);
    it.calls.left = Number.POSITIVE_INFINITY;
    await it.readsAll(hand);
    await it.days(1);
    assert.equal(await it.siteOf(hand, 'the old words'), 'hot');
    // What a cut left without a row is found and erased; by then it is on its way to the cold store again.
    await it.days(3);
    await it.readsAll(hand);
    assert.equal(it.hot.count + it.cold.count, 2, `cut at ${at}`);
  }
});

test('a cold store that does not keep what it takes gets nothing: the hot bytes stay', async () => {
  const it = new Tiers((store) => ({
    ...alwaysThere(store),
    put: async (chunks) => {
      const stored = await store.put(chunks);
      for (const outcome of stored) if (outcome.kind === 'stored') it.cold.damage(outcome.location);
      return stored;
    },
  }));
  const hand = await it.world.device('laptop');
  await it.write(hand, await it.write(hand, null, 'the old words'), 'the new words');
  await it.days(COOLED);
  assert.equal(await it.siteOf(hand, 'the old words'), 'hot');
  await it.readsAll(hand);
});

test('a cold chunk that no version needs any more is erased in the cold store', async () => {
  const it = new Tiers();
  const hand = await it.world.device('laptop');
  await it.write(hand, await it.write(hand, null, 'the old words'), 'the new words');
  await it.days(COOLED);
  assert.deepEqual([it.hot.count, it.cold.count], [1, 1]);
  await it.days(Math.ceil((200 + waits.releaseHours + waits.idleHours + waits.quarantineHours) / 24) + 3);
  assert.equal(await it.siteOf(hand, 'the old words'), null);
  assert.deepEqual([it.hot.count, it.cold.count], [1, 0]);
  await it.readsAll(hand);
});

test('switched to be emptied, the cold store gives everything back, and gets nothing until that is switched off', async () => {
  const it = new Tiers();
  const hand = await it.world.device('laptop');
  let seen = await it.write(hand, null, 'words 0');
  for (let i = 1; i <= 120; i += 1) seen = await it.write(hand, seen, `words ${i}`);
  await it.days(COOLED);
  assert.deepEqual([it.hot.count, it.cold.count], [1, 120]);
  const turn = (on: boolean) =>
    it.world.db.write(async (tx) => tx.setSwitch({ name: 'empty-cold', on, by: 'me', why: 'a test', at: 1 }));
  await turn(true);
  // The power goes on the way, and every step is done twice.
  it.isTwice = true;
  it.calls.left = 3;
  await it.days(1);
  assert(it.calls.left <= 0);
  await it.readsAll(hand);
  it.calls.left = Number.POSITIVE_INFINITY;
  await it.days(3);
  assert.deepEqual([it.hot.count, it.cold.count], [121, 0]);
  assert.equal(await it.world.db.read(async (tx) => tx.usesCold()), false);
  await it.readsAll(hand);
  await turn(false);
  await it.days(3);
  assert.equal(it.cold.count, 120);
});
