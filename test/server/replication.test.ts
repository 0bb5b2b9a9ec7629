/** A second copy of everything: written with the first or behind it, verified, repaired both ways, and the way back. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { storeLines } from '../../server-stub/admin/questions.ts';
import { backUp } from '../../server-stub/backup/back-up.ts';
import { restoreBackup } from '../../server-stub/backup/restore.ts';
import { parseChunkLocation } from '../../server-stub/chunks/chunk-store.ts';
import { placeOf } from '../../server-stub/chunks/folder/chunk-place.ts';
import { withinSite } from '../../server-stub/chunks/sites.ts';
import { SCRUB_SLOTS } from '../../server-stub/jobs/scrub-job.ts';
import type { ReadTx } from '../../server-stub/metadata/metadata-store.ts';
import { openSqliteStore } from '../../server-stub/metadata/sqlite-store.ts';
import { replicaOption } from '../../server-stub/options.ts';
import { forgetReplicas, rebuildFromReplica } from '../../server-stub/replication/rebuild.ts';
import type { ReplicaMode } from '../../server-stub/replication/replicas.ts';
import type { ChunkId } from '../../src/protocol/ids.ts';
import { ReadyAnswer } from '../../src/protocol/operation-routes.ts';
import { fileOf, linkDevice, parsedAs, type TestFile, type WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { pause } from '../support/devices.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { typed } from '../support/typed.ts';
import { flipAt } from './flip-stored.ts';

const who = { user: TEST_USER.name, password: TEST_USER.password };

class Site {
  readonly root: string;
  readonly replica: string;
  server: TestServer;
  readonly device: WireDevice;
  readonly #wire: Wire;

  constructor(root: string, server: TestServer, wire: Wire, device: WireDevice) {
    this.root = root;
    this.replica = join(root, 'replica');
    this.server = server;
    this.device = device;
    this.#wire = wire;
  }

  static async open(t: TestContext, mode: ReplicaMode): Promise<Site> {
    const root = await mkdtemp(join(tmpdir(), 'replica-'));
    const server = await startTestServer({ replica: { folder: join(root, 'replica'), mode } });
    const wire = new Wire(server.url);
    const site = new Site(root, server, wire, await linkDevice(wire, who));
    await site.#begun();
    t.after(async () => {
      await wire.close();
      await site.server.close();
      await rm(root, { recursive: true, force: true });
    });
    return site;
  }

  /** The rounds that a start begins are over: who asks for one in their middle gets what is left of them. */
  async #begun(): Promise<void> {
    const isOver = async (name: 'replication' | 'scrub') =>
      typeof (await this.read(async (tx) => tx.jobRound(name)))?.endedAt === 'number';
    while (!((await isOver('replication')) && (await isOver('scrub')))) await pause(5);
  }

  async add(name: string, size: number): Promise<TestFile> {
    const file = fileOf(randomBytes(size));
    const [outcome] = await this.device.commit(file.frames, this.device.create(name, file.content));
    assert.equal(outcome?.kind, 'committed');
    return file;
  }

  async read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> {
    return this.server.server.core.metadata.store.read(fn);
  }

  figures() {
    return this.read(async (tx) => tx.replicaFigures());
  }

  async round(name: 'replication' | 'scrub'): Promise<string> {
    for (;;) {
      const result = await this.server.server.core.jobs.runNow(name);
      if (result.kind === 'done') return result.said;
      assert.notEqual(result.kind, 'stopped', JSON.stringify(result));
    }
  }

  /** The shares that these chunks are in. */
  async scrub(...ids: readonly ChunkId[]): Promise<void> {
    for (const id of ids) {
      const slot = Math.floor((Number.parseInt(id.slice(0, 4), 16) * SCRUB_SLOTS) / 0x10000);
      const { store } = this.server.server.core.metadata;
      await store.write(async (tx) => tx.setScrub({ ...(await tx.scrub()), slot }));
      await this.round('scrub');
    }
  }

  async ready(): Promise<ReadyAnswer> {
    return parsedAs(ReadyAnswer, await this.#wire.ask('ready', undefined));
  }

  /** Every byte of these files, as a device reads them. */
  async serves(files: readonly TestFile[]): Promise<void> {
    for (const { frames } of files) {
      const { frames: got } = await this.device.getChunks(frames.map(({ id }) => id));
      const bytes = new Map(got.map((frame) => [frame.id, frame.bytes]));
      for (const { id, bytes: wanted } of frames) assert(Buffer.from(bytes.get(id) ?? []).equals(wanted));
    }
  }

  async locations(id: ChunkId): Promise<{ readonly first: string; readonly second: string | null }> {
    const { tenant } = await this.#key();
    return this.read(async (tx) => ({
      first: (await tx.chunk(tenant, id))?.location ?? '',
      second: await tx.replica({ tenant, id }),
    }));
  }

  async #key() {
    return this.read(async (tx) => {
      const [first] = await tx.withoutReplica(null, 1);
      assert(first !== undefined);
      return first;
    });
  }

  /** Changes one byte of a copy on its disk. */
  async flip(location: string): Promise<void> {
    const within = withinSite(parseChunkLocation(location));
    const folder = within === location ? join(this.server.data, 'chunks') : this.replica;
    const place = placeOf(within);
    assert(place !== null);
    await flipAt(folder, place);
  }

  async decisions(id: ChunkId): Promise<readonly string[]> {
    const rows = await this.read(async (tx) => tx.decisions({ subject: `chunk ${id}` }, null, 20));
    return rows.map(({ decision }) => decision).reverse();
  }
}

const SIZES = [300, 70_000, 400_000, 3_000_000];

test('same-site: what was acknowledged has two copies; rot in either is found and repaired from the other', async (t) => {
  const site = await Site.open(t, 'same-site');
  const files = await Promise.all(SIZES.map((size, i) => site.add(`f${i}`, size)));
  const ids = files.flatMap(({ frames }) => frames.map(({ id }) => id));
  assert.deepEqual(await site.figures(), { copies: ids.length, debts: 0, oldest: null, erasures: 0 });
  assert.equal((await site.ready()).degraded, undefined);

  const [small, large] = [files[0]!.frames[0]!.id, files[2]!.frames[0]!.id];
  const before = await site.locations(small);
  await site.flip(before.first);
  await site.serves([files[0]!]);
  await site.flip((await site.locations(large)).second ?? '');
  await site.scrub(small, large);
  await site.round('replication');
  assert.deepEqual(await site.decisions(small), ['damaged', 'repaired']);
  assert.deepEqual(await site.decisions(large), ['second copy damaged']);
  const after = await site.locations(small);
  assert.notEqual(after.first, before.first);
  assert.equal(after.second, before.second);
  assert.equal((await site.figures()).debts, 0);
  await site.serves(files);
  // Now the second copies must do alone.
  for (const id of [small, large]) await site.flip((await site.locations(id)).first);
  await site.serves(files);
});

test('a second store that is not there holds up nobody: the debt is a row, readiness says so, and it is paid', async (t) => {
  const site = await Site.open(t, 'same-site');
  const kept = await site.add('before', 5000);
  await rename(site.replica, `${site.replica}-away`);
  site.server = await site.server.restart();
  const files = [await site.add('one', 300_000), await site.add('two', 800)];
  await site.serves([kept, ...files]);
  const count = files.flatMap(({ frames }) => frames).length;
  assert.equal((await site.figures()).debts, count);
  assert.match((await site.ready()).degraded ?? '', /second store cannot be reached/);
  assert.match(await site.round('replication'), /cannot be reached/);
  const metrics = await (await fetch(`${site.server.url}/metrics`)).text();
  assert.match(metrics, /tidemark_replica_reachable\{mode="same-site"\} 0/);
  assert.match(metrics, new RegExp(`tidemark_replica_chunks\\{state="missing"\\} ${count}`));
  // An empty folder in its place is a disk that is not mounted: it is not filled.
  await mkdir(site.replica);
  site.server = await site.server.restart();
  await site.add('three', 900);
  assert.equal((await site.figures()).debts, count + 1);
  await rm(site.replica, { recursive: true });
  await rename(`${site.replica}-away`, site.replica);
  site.server = await site.server.restart();
  await site.round('replication');
  assert.deepEqual((await site.figures()).debts, 0);
  assert.equal((await site.ready()).degraded, undefined);
});

test('cross-site: second copies follow, also of what was stored before there was a second store', async (t) => {
  const site = await Site.open(t, 'cross-site');
  const files = [await site.add('a', 400_000), await site.add('b', 100)];
  const count = files.flatMap(({ frames }) => frames).length;
  const { debts, oldest } = await site.figures();
  assert.equal(debts, count);
  assert(oldest !== null);
  await site.round('replication');
  assert.deepEqual(await site.figures(), { copies: count, debts: 0, oldest: null, erasures: 0 });
  // Without one for a while, and then with one again.
  site.server = await site.server.restart({ replica: undefined });
  const late = await site.add('c', 200);
  assert.equal((await site.figures()).debts, 0);
  site.server = await site.server.restart({ replica: { folder: site.replica, mode: 'cross-site' } });
  await site.round('replication');
  assert.equal((await site.figures()).copies, count + late.frames.length);
  // Its disk is lost for good: another one takes its place.
  await site.server.stop();
  await rm(site.replica, { recursive: true });
  assert.equal(await forgetReplicas(site.server.data), count + late.frames.length);
  site.server = await site.server.restart();
  await site.round('replication');
  const stores = await storeLines(site.server.data);
  assert.deepEqual(
    stores.map(({ store, chunks, missing }) => [store, chunks, missing]),
    [
      ['hot', count + late.frames.length, 0],
      ['replica', count + late.frames.length, 0],
    ],
  );
});

test('the chunk folder is lost: a backup of the database and the second store give every byte back', async (t) => {
  const site = await Site.open(t, 'same-site');
  const files = await Promise.all(SIZES.map((size, i) => site.add(`f${i}`, size)));
  const to = join(site.root, 'backup');
  await backUp({ data: site.server.data, to, withMasterKey: true, withoutChunks: true });
  // Of what came to the second store after the backup, and moved there since, the restored rows know nothing.
  const moved = files[1]!.frames[0]!.id;
  const { second } = await site.locations(moved);
  await site.flip(second ?? '');
  await site.scrub(moved);
  await site.round('replication');
  assert.notEqual((await site.locations(moved)).second, second);
  await site.server.stop();

  const data = join(site.root, 'restored');
  const masterKey = { kind: 'folder' } as const;
  const restored = await restoreBackup({ from: to, data, masterKey, keyFile: null });
  assert.equal(restored.withoutChunks, true);
  const rebuilt = await rebuildFromReplica({ data, replica: site.replica, masterKey });
  const count = files.flatMap(({ frames }) => frames).length;
  assert.deepEqual(rebuilt, { chunks: count, broughtBack: count, missing: 0 });
  const again = await rebuildFromReplica({ data, replica: site.replica, masterKey });
  assert.deepEqual(again, { chunks: count, broughtBack: 0, missing: 0 });

  // The first store alone serves every byte.
  const { port } = new URL(site.server.url);
  site.server = await startTestServer({ data, port: Number(port) });
  await site.device.hello();
  await site.serves(files);
});

test('an export takes from the second store what the first one lost or holds damaged', async (t) => {
  const site = await Site.open(t, 'same-site');
  const [lost, rotten] = [await site.add('lost', 3_000_000), await site.add('rotten', 70_000)];
  const { data } = site.server;
  for (const { id } of rotten.frames) await site.flip((await site.locations(id)).first);
  await rm(join(data, 'chunks/large'), { recursive: true });
  const exported = (name: string, ...more: readonly string[]) =>
    typed(['server', 'export', who.user, join(site.root, name), '--data', data, ...more]);
  const without = await exported('without');
  assert.equal(without.code, 1);
  assert.match(without.stdout, /not whole: lost/);
  assert.match(without.stdout, /not whole: rotten/);
  const whole = await exported('whole', '--replica', site.replica);
  assert.equal(whole.code, 0, whole.stdout + whole.stderr);
  for (const [name, { frames }] of Object.entries({ lost, rotten })) {
    const bytes = Buffer.concat(frames.map((frame) => frame.bytes));
    assert.ok((await readFile(join(site.root, 'whole/files', name))).equals(bytes), name);
  }
  const other = await exported('other', '--replica', site.root);
  assert.match(other.stderr, /is not the second store of this server/);
});

test('what cannot be a second store is refused in one sentence, before anything is written', async (t) => {
  assert.equal(replicaOption(undefined, undefined), undefined);
  assert.deepEqual(replicaOption('/b', undefined), { folder: '/b', mode: 'same-site' });
  for (const [folder, mode, said] of [
    ['/b', 'nearby', /same-site or cross-site/],
    ['/b', '', /same-site or cross-site/],
    ['/b', 'SAME-SITE', /same-site or cross-site/],
    [undefined, 'same-site', /needs --replica/],
    ['', 'same-site', /needs a folder/],
  ] as const)
    assert.throws(() => replicaOption(folder, mode), { name: 'Refusal', message: said });
  const root = await mkdtemp(join(tmpdir(), 'replica-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const start = (folder: string) =>
    startTestServer({ data: join(root, 'data'), replica: { folder, mode: 'same-site' } });
  await mkdir(join(root, 'full'));
  await writeFile(join(root, 'full/letter.txt'), 'mine');
  await writeFile(join(root, 'file'), 'mine');
  await assert.rejects(start(join(root, 'data/chunks')), /is in the data folder/);
  await assert.rejects(start(root), /is in the replica folder/);
  await assert.rejects(start(join(root, 'full')), /something else/);
  await assert.rejects(start(join(root, 'file')), /cannot be created or written/);
  const first = await start(join(root, 'one'));
  await first.stop();
  const other = {
    data: join(root, 'other'),
    replica: { folder: join(root, 'two'), mode: 'same-site' },
  } as const;
  await (await startTestServer(other)).stop();
  await assert.rejects(start(join(root, 'two')), /another server/);
  const store = openSqliteStore(join(root, 'data/metadata.sqlite'));
  assert.notEqual(await store.read(async (tx) => tx.site('replica')), null);
  await store.close();
});
