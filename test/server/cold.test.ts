/** What only old versions use goes to the cold store and comes back when it is asked for: nothing is lost on either way. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { backUp } from '../../server-stub/backup/back-up.ts';
import { restoreBackup } from '../../server-stub/backup/restore.ts';
import { parseChunkLocation } from '../../server-stub/chunks/chunk-store.ts';
import { siteOf } from '../../server-stub/chunks/sites.ts';
import { checkServer } from '../../server-stub/fsck/check-server.ts';
import type { JobName } from '../../server-stub/metadata/job-rows.ts';
import { coldOption } from '../../server-stub/options.ts';
import { rebuildFromReplica } from '../../server-stub/replication/rebuild.ts';
import type { ChunkId } from '../../src/protocol/ids.ts';
import { fileOf, linkDevice, type TestFile } from '../protocol/wire-device.ts';
import { assertRefused, Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';

const WINDOW = 30 * 24;
const SLOW = 3600;

test('old versions grow cold, say so when they are read, come back whole, and are in backup and fsck meanwhile', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'cold-'));
  const folder = join(root, 'cold');
  let server = await startTestServer({ cold: { folder, thawDelay: SLOW } });
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
  const { store } = server.server.core.metadata;
  const round = async (name: JobName) => {
    for (;;) {
      const result = await server.server.core.jobs.runNow(name);
      if (result.kind === 'done') return result.said;
      assert.notEqual(result.kind, 'stopped', JSON.stringify(result));
    }
  };
  const rowsOf = ({ frames }: TestFile) =>
    server.server.core.metadata.store.read(async (tx) => {
      const [first] = await tx.chunkHeats(null, 1);
      assert(first !== undefined);
      const { tenant } = first;
      return Promise.all(
        frames.map(async ({ id }) => ({
          tenant,
          id,
          location: (await tx.chunk(tenant, id))?.location ?? '',
        })),
      );
    });
  const sitesOf = async (file: TestFile) =>
    new Set((await rowsOf(file)).map(({ location }) => siteOf(location)));

  const [old, now] = [fileOf(randomBytes(3_000_000)), fileOf(randomBytes(5000))];
  const [made] = await device.commit(old.frames, device.create('a', old.content));
  const [edited] = await device.commit(now.frames, device.edit(made!.events[0]!, now.content));
  assert.equal(edited?.kind, 'committed');
  const ids = old.frames.map(({ id }) => id);
  const before = await rowsOf(old);

  // Asked for in this round of the collection: the next one begins, then the window passes.
  await round('collection');
  await round('collection');
  await round('cooling');
  assert.deepEqual(await sitesOf(old), new Set(['hot']), 'not before its time');
  const live = async (hours: number) =>
    store.write(async (tx) => {
      const lived = await tx.livedHours();
      await tx.setLivedHours({ at: lived?.at ?? 0, hours: (lived?.hours ?? 0) + hours });
    });
  await live(WINDOW);
  await store.write(async (tx) =>
    tx.setSwitch({ name: 'stop-cooling', on: true, by: 'me', why: 'a test', at: 1 }),
  );
  assert.match(await round('cooling'), /switched off/);
  await store.write(async (tx) =>
    tx.setSwitch({ name: 'stop-cooling', on: false, by: 'me', why: 'a test', at: 2 }),
  );
  await round('cooling');
  assert.deepEqual(await sitesOf(old), new Set(['cold']));
  assert.deepEqual(await sitesOf(now), new Set(['hot']), 'what a head uses stays');
  const hot = await server.server.core.parts.chunks.get(
    before.map((copy) => ({ ...copy, location: parseChunkLocation(copy.location) })),
  );
  assert.deepEqual(new Set(hot.map(({ kind }) => kind)), new Set(['absent']), 'its hot bytes are gone');
  const [why] = await store.read(async (tx) => tx.decisions({ subject: `chunk ${ids[0]}` }, null, 1));
  assert.equal(why?.decision, 'cold');

  // Asked for: said honestly, noted once. What is hot comes all the same.
  for (let again = 0; again < 2; again += 1) {
    const answer = await device.ask('getChunks', { want: ids, have: [] });
    assert.equal(answer.status, 503);
    const said = assertRefused(answer);
    assert.equal(said.code, 'thawing');
    assert(said.retryAfter !== undefined && said.retryAfter > SLOW - 600 && said.retryAfter <= SLOW);
  }
  const both = await device.getChunks([...ids, now.frames[0]!.id]);
  assert.deepEqual(
    both.frames.map(({ id }) => id),
    now.frames.map(({ id }) => id),
  );
  assert.deepEqual(new Set(both.answer.left), new Set(ids));
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, new RegExp(`tidemark_thaws_waiting ${ids.length}\\n`));
  assert.match(metrics, /tidemark_chunk_bytes\{tier="cold"\} 3000000\n/);

  // A backup holds it, fsck counts it, a restored server has it in a cold store of its own.
  assert.deepEqual((await checkServer(server.data, false)).findings, []);
  const to = join(root, 'backup');
  const masterKey = { kind: 'folder' } as const;
  const backup = await backUp({ data: server.data, to, withMasterKey: true });
  assert.deepEqual(backup.missing, []);
  const data = join(root, 'restored');
  const from = { from: to, masterKey, keyFile: null } as const;
  await assert.rejects(restoreBackup({ ...from, data }), /was in a cold store/);
  await restoreBackup({ ...from, data, cold: join(root, 'other') });
  assert.deepEqual((await checkServer(data, false)).findings, []);
  await rename(folder, `${folder}-away`);
  await assert.rejects(backUp({ data: server.data, to, withMasterKey: true }), /is not there/);
  const { findings } = await checkServer(server.data, false);
  assert.deepEqual(
    findings.map(({ code, repair }) => [code, repair]),
    [['cold-store-away', null]],
  );
  await rename(`${folder}-away`, folder);
  await server.stop();
  await assert.rejects(startTestServer({ data: server.data }), /start with --cold/);
  await assert.rejects(
    startTestServer({ data: server.data, cold: { folder: join(root, 'other'), thawDelay: 0 } }),
    /another server/,
  );
  const serves = async (chunks: readonly ChunkId[]) => {
    const { frames } = await device.getChunks(chunks);
    const bytes = new Map(frames.map((frame) => [frame.id, frame.bytes]));
    for (const { id, bytes: wanted } of old.frames)
      if (chunks.includes(id)) assert(Buffer.from(bytes.get(id) ?? []).equals(wanted));
  };
  const port = Number(new URL(server.url).port);
  const restored = await startTestServer({ data, port, cold: { folder: join(root, 'other'), thawDelay: 0 } });
  await device.hello();
  // A plain folder is read at once; one file system at 0 seconds needs no waiting.
  await serves(ids);
  await restored.stop();

  // The wait is over for one of them; the others come with a new head that uses them.
  server = await startTestServer({ data: server.data, port, cold: { folder, thawDelay: SLOW } });
  const after = server.server.core.metadata.store;
  const [first, ...others] = await rowsOf(old);
  await after.write(async (tx) => {
    for (const each of [first!, ...others]) await tx.endThaw(each);
    await tx.askThaw(first!, Date.now() - SLOW * 1000);
  });
  await device.hello();
  await serves([first!.id]);
  const asked = () => after.read((tx) => Promise.all(others.map((each) => tx.thaw(each))));
  const [copied] = await device.finalize(device.create('copy', old.content));
  assert.equal(copied?.kind, 'committed', 'no byte of it is sent again');
  assert((await asked()).every((since) => since !== null));
  await after.write(async (tx) => {
    for (const each of others) await tx.endThaw(each);
  });
  const cursor = edited!.events[0]!;
  const [back] = await device.finalize({
    op: 'restore',
    ...device.base(),
    node: cursor.node,
    base: cursor.head!.version,
    version: made!.events[0]!.head!.version,
  });
  assert.equal(back?.kind, 'committed');
  // One that is sent again although it is there is not read for that, and takes no more room.
  const sent = old.frames.slice(1, 2);
  const known = await device.ask('putChunks', {}, { frames: sent });
  assert.deepEqual(JSON.parse(known.body.toString('utf8')), {
    stored: sent.map(({ id }) => id),
    refused: [],
  });
  await round('thawing');
  assert.equal((await after.read(async (tx) => tx.tierFigures())).thaws, others.length);
  await after.write(async (tx) => {
    for (const each of others) {
      assert.notEqual(await tx.thaw(each), null, 'a head asks its chunks back');
      await tx.endThaw(each);
      await tx.askThaw(each, Date.now() - SLOW * 1000);
    }
  });
  await round('thawing');
  assert.deepEqual(await sitesOf(old), new Set(['hot']));
  await serves(ids);
  assert.deepEqual((await checkServer(server.data, false)).findings, []);
  assert.equal((await after.read(async (tx) => tx.tierFigures())).thaws, 0);
});

test('a cold disk that is away: second copies serve; lost for good, they bring everything back but what had none', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'cold-second-'));
  const [cold, replica] = [join(root, 'cold'), join(root, 'replica')];
  let server = await startTestServer({
    cold: { folder: cold, thawDelay: 0 },
    replica: { folder: replica, mode: 'same-site' },
  });
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
  const { core } = server.server;
  const round = async (name: JobName) => {
    for (;;) {
      const result = await core.jobs.runNow(name);
      assert.notEqual(result.kind, 'stopped', JSON.stringify(result));
      if (result.kind === 'done') return;
    }
  };
  const old = [fileOf(randomBytes(300_000)), fileOf(randomBytes(2000))];
  for (const [i, file] of old.entries()) {
    const now = fileOf(randomBytes(500));
    const [made] = await device.commit(file.frames, device.create(`f${i}`, file.content));
    await device.commit(now.frames, device.edit(made!.events[0]!, now.content));
  }
  const frames = old.flatMap((file) => file.frames);
  const ids = frames.map(({ id }) => id);
  for (const name of ['collection', 'collection', 'cooling'] as const) await round(name);
  await core.metadata.store.write(async (tx) => {
    const lived = await tx.livedHours();
    await tx.setLivedHours({ at: lived?.at ?? 0, hours: (lived?.hours ?? 0) + WINDOW });
  });
  await round('cooling');
  const alone = await core.metadata.store.write(async (tx) => {
    const rows = (await tx.chunkHeats(null, 100)).filter(({ location }) => siteOf(location) === 'cold');
    assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(ids));
    const last = rows.find(({ id }) => id === ids.at(-1))!;
    const location = await tx.replica(last);
    await tx.dropReplica(last);
    return { ...last, location: parseChunkLocation(location ?? '') };
  });

  // The disk is away, and the server finds so at its start.
  await rename(cold, `${cold}-away`);
  server = await server.restart();
  await device.hello();
  const serves = async (wanted: readonly (typeof ids)[number][]) => {
    const { frames: got } = await device.getChunks(wanted);
    assert.deepEqual(new Set(got.map(({ id }) => id)), new Set(wanted));
    for (const { id, bytes } of got)
      assert(Buffer.from(bytes).equals(frames.find((frame) => frame.id === id)!.bytes), id);
  };
  const doubled = ids.filter((id) => id !== alone.id);
  assert(doubled.length > 0);
  await serves(doubled);
  const said = assertRefused(await device.ask('getChunks', { want: [alone.id], have: [] }));
  assert.equal(said.code, 'thawing');

  // It is lost. What had one copy only is told to be missing, and asked for as anything that is.
  await server.server.core.parts.chunks.erase([alone]);
  await server.stop();
  const { data } = server;
  const masterKey = { kind: 'folder' } as const;
  const rebuilt = await rebuildFromReplica({ data, replica, masterKey });
  assert.deepEqual(rebuilt, { chunks: ids.length + old.length, broughtBack: doubled.length, missing: 1 });
  const again = await rebuildFromReplica({ data, replica, masterKey });
  assert.deepEqual(again, { chunks: ids.length + old.length, broughtBack: 0, missing: 1 });
  // Without either side store.
  server = await startTestServer({ data, port: Number(new URL(server.url).port) });
  await device.hello();
  await serves(doubled);
  const gone = await device.getChunks([alone.id]);
  assert.deepEqual(gone.answer.absent, [alone.id]);
  // A device that has it sends it again, and nothing asks for the lost store any more.
  const sent = await device.ask('putChunks', {}, { frames: frames.filter(({ id }) => id === alone.id) });
  assert.equal(sent.status, 200, sent.body.toString());
  server = await server.restart();
  await device.hello();
  await serves(ids);
});

test('what cannot be a cold store is refused in one sentence', () => {
  assert.equal(coldOption(undefined, undefined), undefined);
  assert.deepEqual(coldOption('/c', '90'), { folder: '/c', thawDelay: 90 });
  for (const [folder, delay, said] of [
    [undefined, '5', /needs --cold/],
    ['', undefined, /needs a folder/],
    ['/c', 'soon', /takes seconds/],
    ['/c', '-1', /takes seconds/],
    ['/c', '999999', /takes seconds/],
  ] as const)
    assert.throws(() => coldOption(folder, delay), { name: 'Refusal', message: said });
});
