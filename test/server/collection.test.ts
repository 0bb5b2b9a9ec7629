/** What nothing wants any more, and how its bytes go: real SQLite and a chunk store, with a clock set by hand. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { type ChunkToStore, parseChunkLocation } from '../../server-stub/chunks/chunk-store.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { type ChunkSites, chunkSites } from '../../server-stub/chunks/sites.ts';
import { collectionJob } from '../../server-stub/jobs/collection-job.ts';
import type { Job, Step } from '../../server-stub/jobs/job.ts';
import { JobRunner, type RoundResult } from '../../server-stub/jobs/job-runner.ts';
import { livedHoursJob } from '../../server-stub/jobs/lived-hours-job.ts';
import { retentionJob } from '../../server-stub/jobs/retention-job.ts';
import type { SwitchName } from '../../server-stub/metadata/job-rows.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import type { ChunkId } from '../../src/protocol/ids.ts';
import { chunksOf, eventOf, file, type Hand, hashBytes, World } from './metadata-world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { waits } = SERVER_LIMITS;
const { idleHours: IDLE_GRACE_HOURS, quarantineHours: QUARANTINE_HOURS } = waits;
/** By then a version that the policy does not keep was released, its chunks found idle, and quarantined. */
const TO_QUARANTINE = 24 + 24 + 6 + IDLE_GRACE_HOURS + 12;
/** By then they are erased. */
const TO_THE_END = TO_QUARANTINE + QUARANTINE_HOURS + 12;

class Yard {
  readonly world: World;
  readonly chunks: ChunkSites = chunkSites(createMemoryChunkStore(hashBytes));
  readonly #clock = {
    now: () => this.world.clock.now,
    monotonic: () => this.world.clock.now,
    sleep: async () => {},
  };

  constructor(path?: string) {
    this.world = new World(path);
    this.#all = this.runner([
      livedHoursJob(this.#clock.monotonic, waits),
      retentionJob(SERVER_LIMITS),
      collectionJob(this.chunks, waits),
    ]);
  }

  runner(jobs: readonly Job[]): JobRunner {
    const random = { bytes: (count: number) => this.world.bytes(count), fraction: () => 0.5 };
    return new JobRunner({ store: this.world.db, clock: this.#clock, random, log: () => {} }, jobs);
  }

  readonly #all: JobRunner;

  async live(hours: number): Promise<void> {
    for (let hour = 0; hour < hours; hour += 1) {
      this.world.clock.now += HOUR;
      await this.#all.runDue();
    }
  }

  round(): Promise<RoundResult> {
    return this.#all.runNow('collection');
  }

  /** Stores the bytes of a text, as an upload does. */
  async store(text: string, { caller }: Hand): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    const copies: ChunkToStore[] = chunksOf(text).map(({ id }) => ({ tenant: caller.tenant, id, bytes }));
    const outcomes = await this.chunks.put(copies);
    await this.world.db.write(async (tx) => {
      for (const [i, { id }] of copies.entries()) {
        const outcome = outcomes[i];
        assert.equal(outcome?.kind, 'stored');
        if (outcome?.kind === 'stored')
          await tx.addChunk(caller.tenant, id, outcome.location, bytes.length, this.world.clock.now);
      }
    });
  }

  async make(hand: Hand, name: string, text: string) {
    await this.store(text, hand);
    return eventOf(await hand.one(hand.create({ name, content: file(text) })));
  }

  async edit(hand: Hand, seen: Awaited<ReturnType<Yard['make']>>, text: string) {
    await this.store(text, hand);
    const base = seen.head!.version;
    return eventOf(await hand.one(hand.edit({ node: seen.node, base, content: file(text) })));
  }

  async stateOf({ caller }: Hand, text: string): Promise<'stored' | 'quarantined' | 'gone'> {
    const [chunk] = chunksOf(text);
    const row = await this.world.db.read(async (tx) => tx.chunk(caller.tenant, chunk!.id));
    return row === null ? 'gone' : row.quarantinedAt === null ? 'stored' : 'quarantined';
  }

  /** Can its bytes be read, as a device would read them? */
  async canRead({ caller }: Hand, text: string): Promise<boolean> {
    const [chunk] = chunksOf(text);
    const row = await this.world.db.read(async (tx) => tx.chunk(caller.tenant, chunk!.id));
    if (row === null) return false;
    const [read] = await this.chunks.get([
      { tenant: caller.tenant, id: chunk!.id, location: parseChunkLocation(row.location) },
    ]);
    return read?.kind === 'ok' && Buffer.from(read.bytes).toString() === text;
  }

  async decisions(id: ChunkId): Promise<readonly string[]> {
    const rows = await this.world.db.read(async (tx) => tx.decisions({ subject: `chunk ${id}` }, null, 20));
    return rows.map((each) => each.decision).reverse();
  }

  switch(name: SwitchName, on: boolean): Promise<void> {
    return this.world.db.write(async (tx) =>
      tx.setSwitch({ name, on, by: 'operator', why: 'a test', at: this.world.clock.now }),
    );
  }
}

async function yardWithHistory() {
  const yard = new Yard();
  // Noon: what is written in an hour is of one day.
  yard.world.clock.now = Math.ceil(yard.world.clock.now / DAY) * DAY + DAY / 2;
  const laptop = await yard.world.device('laptop');
  const first = await yard.make(laptop, 'a.txt', 'the first text');
  const second = await yard.edit(laptop, first, 'the second text');
  return { yard, laptop, first, second };
}

test('the bytes of a version that was let go pass quarantine and are erased; those of the head stay', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.live(TO_QUARANTINE);
  assert.equal(await yard.stateOf(laptop, 'the first text'), 'quarantined');
  assert.equal(await yard.canRead(laptop, 'the first text'), true, 'readable while in quarantine');
  await yard.live(QUARANTINE_HOURS + 12);
  assert.equal(await yard.stateOf(laptop, 'the first text'), 'gone');
  assert.equal(await yard.canRead(laptop, 'the second text'), true);
  assert.deepEqual(await yard.decisions(chunksOf('the first text')[0]!.id), [
    'idle',
    'quarantined',
    'erased',
  ]);
  await yard.world.close();
});

test('what nothing wants stays for its day, and then for its week, each counted in hours that were lived', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.store('abandoned', laptop);
  const states: string[] = [];
  while (states.at(-1) !== 'gone' && states.length < 1000) {
    await yard.live(1);
    states.push(await yard.stateOf(laptop, 'abandoned'));
  }
  const hours = (state: string) => states.filter((each) => each === state).length;
  assert.ok(hours('stored') >= IDLE_GRACE_HOURS, `quarantined after ${hours('stored')} hours`);
  assert.ok(hours('quarantined') >= QUARANTINE_HOURS, `erased after ${hours('quarantined')} hours`);
  assert.equal(states.at(-1), 'gone');
  await yard.world.close();
});

test('a commit that names a chunk in quarantine takes it out, and it is whole', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.live(TO_QUARANTINE);
  const again = await laptop.one(laptop.create({ name: 'b.txt', content: file('the first text') }));
  assert.equal(again.kind, 'committed');
  assert.equal(await yard.stateOf(laptop, 'the first text'), 'stored');
  await yard.live(TO_THE_END);
  assert.equal(await yard.canRead(laptop, 'the first text'), true);
  await yard.world.close();
});

test('what is asked for while a round is under way is not touched by it', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.store('uploaded, and not committed yet', laptop);
  await yard.live(48);
  const [chunk] = chunksOf('uploaded, and not committed yet');
  assert.equal(await yard.stateOf(laptop, 'uploaded, and not committed yet'), 'quarantined');
  // After everything is marked, and before anything is swept, the upload is committed after all.
  const slow = collectionJob(yard.chunks, waits);
  let committed = false;
  const between: Job = {
    ...slow,
    step: async (context, state): Promise<Step> => {
      if (!committed && state !== null && state.includes('sweep')) {
        committed = true;
        const outcome = await laptop.one(
          laptop.create({ name: 'late.txt', content: file('uploaded, and not committed yet') }),
        );
        assert.equal(outcome.kind, 'committed');
      }
      return slow.step(context, state);
    },
  };
  await yard.live(QUARANTINE_HOURS - 24);
  await yard.world.db.write(async (tx) => tx.setLivedHours({ hours: 10_000, at: yard.world.clock.now }));
  assert.equal((await yard.runner([between]).runNow('collection')).kind, 'done');
  assert.equal(committed, true);
  assert.equal(await yard.canRead(laptop, 'uploaded, and not committed yet'), true);
  assert.deepEqual((await yard.decisions(chunk!.id)).includes('erased'), false);
  await yard.world.close();
});

test('while a session pins a chunk it is not idle', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.store('pinned', laptop);
  const claim = laptop.create({ name: 'pinned.txt', content: file('pinned') });
  await yard.world.metadata.openSession(laptop.caller, [claim]);
  await yard.live(1);
  assert.deepEqual(await yard.decisions(chunksOf('pinned')[0]!.id), []);
  await yard.world.close();
});

test('an upload that came to nothing is erased like everything else that nothing wants', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.store('abandoned', laptop);
  await yard.live(TO_THE_END);
  assert.equal(await yard.stateOf(laptop, 'abandoned'), 'gone');
  await yard.world.close();
});

test('with destructive collection switched off nothing is quarantined or erased, however long', async () => {
  const { yard, laptop } = await yardWithHistory();
  await yard.switch('stop-destructive-gc', true);
  await yard.store('abandoned', laptop);
  await yard.live(TO_THE_END);
  assert.equal(await yard.stateOf(laptop, 'abandoned'), 'stored');
  await yard.world.close();
});

test('a manifest that cannot be read stops the collection before anything is taken, and says which', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-rot-'));
  const yard = new Yard(join(folder, 'metadata.sqlite'));
  const laptop = await yard.world.device('laptop');
  await yard.make(laptop, 'a.txt', 'the first text');
  await yard.store('abandoned', laptop);
  const raw = new Database(join(folder, 'metadata.sqlite'));
  raw.exec("UPDATE manifests SET encoded = x'00ff'");
  raw.close();
  const { manifest } = file('the first text');
  const result = await yard.round();
  assert.equal(result.kind, 'stopped');
  assert.match(
    result.kind === 'stopped' ? result.why : '',
    new RegExp(`^manifest ${manifest} cannot be read`),
  );
  await yard.live(TO_THE_END);
  assert.equal(await yard.stateOf(laptop, 'abandoned'), 'stored');
  await yard.world.close();
  await rm(folder, { recursive: true });
});

test('in canary mode only chunks of the sample are taken', async () => {
  const { yard, laptop } = await yardWithHistory();
  const texts = Array.from({ length: 40 }, (_, i) => `abandoned ${i}`);
  for (const text of texts) await yard.store(text, laptop);
  await yard.world.db.write(async (tx) => tx.setSample(64));
  await yard.live(TO_THE_END);
  for (const text of texts) {
    const [chunk] = chunksOf(text);
    const isInSample = Number.parseInt(chunk!.id.slice(0, 2), 16) < 64;
    assert.equal(await yard.stateOf(laptop, text), isInSample ? 'gone' : 'stored', text);
  }
  await yard.world.close();
});
