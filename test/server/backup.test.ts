/** Backups of a server that runs, and what is restored from them: real folders, real HTTP. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { backUp } from '../../server-stub/backup/back-up.ts';
import { readManifest } from '../../server-stub/backup/manifest.ts';
import { Objects } from '../../server-stub/backup/objects.ts';
import { restoreBackup } from '../../server-stub/backup/restore.ts';
import { Refusal } from '../../server-stub/refusal.ts';
import { linkDevice, WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { typed } from '../support/typed.ts';
import { readFiles } from './wire-files.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };
/** Larger than what shares a segment with others. */
const LARGE = 300 * 1024;
const IN_FOLDER = { masterKey: { kind: 'folder' }, keyFile: null } as const;

const refused = (what: RegExp) => (cause: unknown) => {
  assert(cause instanceof Refusal, String(cause));
  assert.match(cause.message, what);
  return true;
};

interface Place {
  readonly server: TestServer;
  readonly device: WireDevice;
  readonly root: string;
  /** Where backups go. */
  readonly to: string;
  readonly written: Map<string, Buffer>;
  write(name: string, size: number): Promise<void>;
}

async function newPlace(t: TestContext): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'backup-'));
  const server = await startTestServer();
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  const device = await linkDevice(wire, ME);
  const written = new Map<string, Buffer>();
  const write = async (name: string, size: number) => {
    const bytes = randomBytes(size);
    await device.addFile(name, bytes);
    written.set(name, bytes);
  };
  return { server, device, root, to: join(root, 'to'), written, write };
}

/** Reads files through a server that runs on the folder. */
async function assertServes(data: string, device: WireDevice, files: ReadonlyMap<string, Buffer>) {
  const server = await startTestServer({ data });
  const wire = new Wire(server.url);
  try {
    const again = new WireDevice(wire, device.link, device.instance, device.name);
    again.generation = device.generation;
    const hello = await again.hello();
    assert.notEqual(hello.epoch, device.link.epoch, 'every namespace begins a new epoch');
    const found = await readFiles(again);
    for (const [name, bytes] of files) assert.deepEqual(found.get(name), bytes, name);
    return hello.epoch;
  } finally {
    await wire.close();
    await server.stop();
  }
}

test('a backup taken while devices write is whole: what was committed before it is served from the restored folder', async (t) => {
  const { server, device, root, to, written, write } = await newPlace(t);
  for (let i = 0; i < 6; i += 1) await write(`small-${i}`, 2000 + i);
  for (let i = 0; i < 3; i += 1) await write(`large-${i}`, LARGE + i);
  const before = new Map(written);
  let going = true;
  const writing = (async () => {
    for (let i = 0; going; i += 1) await write(`meanwhile-${i}`, i % 2 === 0 ? 900 : LARGE);
  })();
  const done = await backUp({ data: server.data, to, withMasterKey: true });
  going = false;
  await writing;
  assert.deepEqual(done.missing, []);
  assert.equal(done.newFiles, done.files);
  const data = join(root, 'restored');
  const restored = await restoreBackup({ from: to, data, ...IN_FOLDER });
  assert.equal(restored.files, done.files);
  const epoch = await assertServes(data, device, before);
  const again = await startTestServer({ data });
  const [ns] = (await readManifest(to))!.namespaces;
  assert.equal((await again.server.core.metadata.head(ns!.id)).epoch, epoch, 'and only one');
  await again.stop();
});

test('a repeated backup writes what is new, and mends what went bad in its place', async (t) => {
  const { server, device, root, to, written, write } = await newPlace(t);
  await write('one', LARGE);
  await write('two', LARGE);
  const first = await backUp({ data: server.data, to, withMasterKey: true });
  await write('three', LARGE);
  const second = await backUp({ data: server.data, to, withMasterKey: true });
  assert.equal(second.files, first.files + 1);
  assert.equal(second.newFiles, 2, 'the database and one file');
  const objects = new Objects(to);
  const { files } = (await readManifest(to))!;
  const stored = (
    await Promise.all((await readdir(join(to, 'objects'))).map((part) => readdir(join(to, 'objects', part))))
  ).flat();
  assert.deepEqual(stored.sort(), files.map(({ hash }) => hash).sort(), 'and what nobody names is gone');
  const rotten = files.find(({ path }) => path.startsWith('chunks/large'))!;
  await truncate(objects.pathOf(rotten.hash), 100);
  await assert.rejects(
    restoreBackup({ from: to, data: join(root, 'no'), ...IN_FOLDER }),
    refused(/is not what it was/),
  );
  await assert.rejects(startTestServer({ data: join(root, 'no') }), refused(/did not end/));
  assert.equal((await backUp({ data: server.data, to, withMasterKey: true })).newFiles, 2);
  const data = join(root, 'yes');
  await restoreBackup({ from: to, data, ...IN_FOLDER });
  await assertServes(data, device, written);
});

test('a backup that is cut short leaves the one before it as it was', async (t) => {
  const { server, device, root, to, written, write } = await newPlace(t);
  await write('one', 5000);
  await backUp({ data: server.data, to, withMasterKey: true });
  const before = new Map(written);
  await write('two', 5000);
  // The last step fails: the list cannot be replaced.
  await mkdir(join(to, '.manifest.json.new'));
  await assert.rejects(backUp({ data: server.data, to, withMasterKey: true }));
  await restoreBackup({ from: to, data: join(root, 'first'), ...IN_FOLDER });
  await assertServes(join(root, 'first'), device, before);
  await rm(join(to, '.manifest.json.new'), { recursive: true });
  await backUp({ data: server.data, to, withMasterKey: true });
  await restoreBackup({ from: to, data: join(root, 'second'), ...IN_FOLDER });
  await assertServes(join(root, 'second'), device, written);
});

test('without the key of the files a restore is refused, and with it they are read', async (t) => {
  const { server, device, root, to, written, write } = await newPlace(t);
  await write('one', 5000);
  await backUp({ data: server.data, to, withMasterKey: false });
  const held = await Promise.all(
    (await readManifest(to))!.files.map(({ hash }) => readFile(new Objects(to).pathOf(hash))),
  );
  const key = await readFile(join(server.data, 'keys/master.key'));
  for (const bytes of held) assert(!bytes.includes(key), 'the key is not in it');
  const attempt = (n: number, keyFile: string | null) =>
    restoreBackup({ from: to, data: join(root, `r${n}`), masterKey: { kind: 'folder' }, keyFile });
  await assert.rejects(attempt(1, null), refused(/--master-key FILE/));
  const wrong = join(root, 'wrong.key');
  await writeFile(wrong, `tidemark-master-key-1 ${'ab'.repeat(32)}\n`);
  await assert.rejects(attempt(2, wrong), refused(/not the one the stored files were written with/));
  await attempt(3, join(server.data, 'keys/master.key'));
  await assertServes(join(root, 'r3'), device, written);
});

test('what must not be mixed up is refused: a full place, another server, a place inside the data', async (t) => {
  const { server, root, to, write } = await newPlace(t);
  await write('one', 500);
  await backUp({ data: server.data, to, withMasterKey: true });
  const full = join(root, 'full');
  await mkdir(full);
  await writeFile(join(full, 'mine.txt'), 'mine');
  await assert.rejects(restoreBackup({ from: to, data: full, ...IN_FOLDER }), refused(/is not empty/));
  assert.deepEqual(await readdir(full), ['mine.txt']);
  await assert.rejects(
    backUp({ data: server.data, to: full, withMasterKey: false }),
    refused(/something else/),
  );
  await assert.rejects(
    backUp({ data: server.data, to: join(server.data, 'b'), withMasterKey: false }),
    refused(/inside the data folder/),
  );
  const other = await newPlace(t);
  await assert.rejects(
    backUp({ data: other.server.data, to, withMasterKey: false }),
    refused(/another server/),
  );
  await assert.rejects(
    restoreBackup({ from: full, data: join(root, 'x'), ...IN_FOLDER }),
    refused(/no whole backup/),
  );
});

test('what the store lost is told, and everything else is backed up', async (t) => {
  const { server, root, to, write } = await newPlace(t);
  await write('one', LARGE);
  await write('two', LARGE);
  const large = join(server.data, 'chunks/large');
  const [folder] = await readdir(large);
  const [lost] = await readdir(join(large, folder!));
  await rename(join(large, folder!, lost!), join(root, 'lost'));
  const said = await typed(['server', 'backup', to, '--data', server.data, '--with-master-key']);
  assert.equal(said.code, 1);
  assert.match(said.stdout, /1 chunk could not be backed up/);
  const restored = await typed(['server', 'restore', to, '--data', join(root, 'r'), '--json']);
  assert.deepEqual([restored.code, JSON.parse(restored.stdout).missing], [0, 1]);
});

test('while somebody reads everything no copy is erased, and a holder that died does not keep them for ever', async (t) => {
  const { server, write } = await newPlace(t);
  await write('one', LARGE);
  const { store } = server.server.core.metadata;
  const folder = join(server.data, 'chunks/large');
  const copies = async () => {
    const parts = await readdir(folder);
    return (await Promise.all(parts.map((part) => readdir(join(folder, part))))).flat().length;
  };
  assert.equal(await copies(), 1);
  const manifest = await backUp({
    data: server.data,
    to: join(server.data, '../held-nowhere'),
    withMasterKey: false,
  }).finally(() => rm(join(server.data, '../held-nowhere'), { recursive: true, force: true }));
  assert.equal(manifest.missing.length, 0);
  await store.write(async (tx) => {
    const [ns] = await tx.namespacesAfter(null, 1);
    const { tenant } = (await tx.namespace(ns!))!;
    const [copy] = await tx.chunksBetween('', 'g', null, 10);
    assert(await tx.beginErasure({ ...copy!, tenant }));
    await tx.holdErasure({ id: 'backup', by: 'a backup', until: Date.now() + 60_000 });
  });
  await server.server.core.jobs.runNow('collection');
  assert.equal(await copies(), 1, 'held');
  await store.write(async (tx) => tx.holdErasure({ id: 'backup', by: 'a backup', until: Date.now() - 1 }));
  await server.server.core.jobs.runNow('collection');
  assert.equal(await copies(), 0);
});
