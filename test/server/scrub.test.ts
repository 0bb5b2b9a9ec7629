/** Rot: found before somebody needs the bytes, never served, and repaired by a device that still has them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { parseChunkLocation } from '../../server-stub/chunks/chunk-store.ts';
import { placeOf } from '../../server-stub/chunks/folder/chunk-place.ts';
import { createMemoryChunkStore } from '../../server-stub/chunks/memory-chunk-store.ts';
import { chunkSites } from '../../server-stub/chunks/sites.ts';
import { JobRunner } from '../../server-stub/jobs/job-runner.ts';
import { SCRUB_SLOTS, scrubJob, slotBegin } from '../../server-stub/jobs/scrub-job.ts';
import { SERVER_LIMITS } from '../../server-stub/server-limits.ts';
import { parseChunkId } from '../../src/protocol/ids.ts';
import { OpenAnswer } from '../../src/protocol/routes.ts';
import { fileOf, linkDevice, parsedAs } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { flipAt } from './flip-stored.ts';
import { hashBytes, World } from './metadata-world.ts';

const who = { user: TEST_USER.name, password: TEST_USER.password };

async function standing(t: TestContext) {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
  });
  return { server, wire, device: await linkDevice(wire, who) };
}

interface Rows {
  readonly decisions: readonly (readonly [string, string])[];
  readonly verified: number;
  readonly damaged: number;
}

/** Every share once. A round that the server does by itself at the same moment is waited for. */
async function scrubAll(server: TestServer): Promise<Rows> {
  for (let slot = 0; slot < SCRUB_SLOTS; ) {
    const result = await server.server.core.jobs.runNow('scrub');
    assert.notEqual(result.kind, 'stopped');
    if (result.kind === 'done') slot += 1;
  }
  return rowsOf(server);
}

function rowsOf({ data }: TestServer): Rows {
  const db = new Database(join(data, 'metadata.sqlite'), { readonly: true });
  const decisions = db
    .prepare<[], { subject: string; decision: string }>(
      "SELECT subject, decision FROM decisions WHERE job = 'scrub' ORDER BY no",
    )
    .all();
  const counts = db
    .prepare<[], { verified: number; damaged: number }>('SELECT verified, damaged FROM scrub')
    .get();
  db.close();
  assert(counts !== undefined);
  return { ...counts, decisions: decisions.map((row) => [row.subject, row.decision]) };
}

async function flipOnDisk({ data }: TestServer, id: string): Promise<void> {
  const db = new Database(join(data, 'metadata.sqlite'), { readonly: true });
  const row = db.prepare<[string], { location: string }>('SELECT location FROM chunks WHERE id = ?').get(id);
  db.close();
  const place = placeOf(parseChunkLocation(row?.location));
  assert(place !== null);
  await flipAt(join(data, 'chunks'), place);
}

test('shares cover every id once, and are equal', () => {
  assert.equal(slotBegin(0), '0000');
  for (let slot = 0; slot < SCRUB_SLOTS; slot += 1) assert(slotBegin(slot) < slotBegin(slot + 1));
  assert(slotBegin(SCRUB_SLOTS) > 'f'.repeat(64));
});

test('bytes that rotted are found, not served, asked for again, and whole once a device has sent them', async (t) => {
  const { server, device } = await standing(t);
  const files = [fileOf(randomBytes(5000)), fileOf(randomBytes(600_000)), fileOf(randomBytes(7000))];
  for (const [i, file] of files.entries())
    assert.equal(
      (await device.commit(file.frames, device.create(`${i}`, file.content)))[0]?.kind,
      'committed',
    );
  const all = files.flatMap(({ frames }) => frames);
  const first = await scrubAll(server);
  assert.deepEqual([first.damaged, first.decisions], [0, []]);
  assert(first.verified >= all.length);
  const rotten = [files[0]!.frames[0]!, files[1]!.frames[0]!];
  for (const { id } of rotten) await flipOnDisk(server, id);
  const second = await scrubAll(server);
  assert.equal(second.damaged, rotten.length);
  const subjects = rotten.map(({ id }) => `chunk ${id}`).sort();
  assert.deepEqual(
    [...second.decisions].sort(),
    subjects.map((subject) => [subject, 'damaged']),
  );
  const ids = all.map(({ id }) => id);
  const read = await device.getChunks(ids);
  assert.deepEqual([...read.answer.absent].sort(), rotten.map(({ id }) => id).sort());
  const claim = device.create('again', files[0]!.content);
  const opened = parsedAs(OpenAnswer, await device.ask('open', { claims: [claim] }));
  assert.deepEqual(opened.missing, [rotten[0]!.id]);
  assert.equal(
    (await device.finalize(device.create('too early', files[0]!.content)))[0]?.kind,
    'missing-chunks',
  );
  await device.ask('putChunks', {}, { frames: rotten });
  assert.equal((await device.finalize(claim))[0]?.kind, 'committed');
  const healed = await device.getChunks(ids);
  assert.deepEqual(healed.answer.absent, []);
  for (const frame of healed.frames) {
    const sent = all.find(({ id }) => id === frame.id);
    assert(sent !== undefined && Buffer.from(frame.bytes).equals(Buffer.from(sent.bytes)));
  }
  const third = await scrubAll(server);
  assert.equal(third.damaged, rotten.length, 'and nothing new');
  const repaired = third.decisions.filter(([, decision]) => decision === 'repaired');
  assert.deepEqual(repaired.map(([subject]) => subject).sort(), subjects);
});

test('what reads whole after all is served again', async (t) => {
  const { server, device } = await standing(t);
  const files = Array.from({ length: 4 }, () => fileOf(randomBytes(600)));
  for (const [i, file] of files.entries())
    await device.commit(file.frames, device.create(`${i}`, file.content));
  const [one] = files[0]!.frames;
  await flipOnDisk(server, one!.id);
  assert.equal((await scrubAll(server)).damaged, 1);
  await flipOnDisk(server, one!.id);
  const { decisions } = await scrubAll(server);
  assert.deepEqual(decisions, [
    [`chunk ${one!.id}`, 'damaged'],
    [`chunk ${one!.id}`, 'whole again'],
  ]);
  const read = await device.getChunks([one!.id]);
  assert.deepEqual(read.answer.absent, []);
});

test('where most of a share cannot be read nothing is set apart: the disk may not be there', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const chunks = createMemoryChunkStore(hashBytes);
  const clock = { now: () => world.clock.now, monotonic: () => 0, sleep: async () => {} };
  const random = { bytes: (count: number) => world.bytes(count), fraction: () => 0.5 };
  const job = scrubJob(chunkSites(chunks), SERVER_LIMITS.waits);
  const runner = new JobRunner({ store: world.db, clock, random, log: () => {} }, [job]);
  const { tenant } = laptop.caller;
  const ids = Array.from({ length: 9 }, (_, i) => parseChunkId(`0000${String(i).padStart(60, '0')}`));
  await world.db.write(async (tx) => {
    for (const id of ids) await tx.addChunk(tenant, id, 'm/900', 10, 1);
  });
  const result = await runner.runNow('scrub');
  assert(result.kind === 'stopped');
  assert.match(result.why, /^9 of 9 chunks cannot be read/);
  const isPresent = await world.db.read((tx) => Promise.all(ids.map((id) => tx.chunkPresent(tenant, id))));
  assert(isPresent.every((each) => each));
  assert.equal((await world.db.read(async (tx) => tx.scrub())).slot, 0);
  await world.close();
});
