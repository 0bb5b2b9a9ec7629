/** The restore drill: a server is lost, its last backup takes its place, and the devices bring back what it does not know. */
import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { backUp } from '../../server-stub/backup/back-up.ts';
import { restoreBackup } from '../../server-stub/backup/restore.ts';
import { at, conflictsOf, inStep, put, tree, until } from '../engine/stage.ts';
import { startDevice, type TestDevice } from '../support/engines.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Drill {
  readonly device: (name: string) => Promise<TestDevice>;
  readonly backUp: () => Promise<void>;
  /** The server and all it had are gone; another one begins with the backup, at the same address. */
  readonly loseAndRestore: () => Promise<TestServer>;
}

async function newDrill(t: TestContext): Promise<Drill> {
  const root = await mkdtemp(join(tmpdir(), 'drill-'));
  let server = await startTestServer();
  const { port } = new URL(server.url);
  const to = join(root, 'backup');
  const devices: TestDevice[] = [];
  t.after(async () => {
    for (const device of devices) await device.stop();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  return {
    device: async (name) => {
      const device = await startDevice(server, name, root);
      devices.push(device);
      return device;
    },
    backUp: async () => {
      await backUp({ data: server.data, to, withMasterKey: true });
    },
    loseAndRestore: async () => {
      await server.close();
      const data = join(root, 'restored');
      await restoreBackup({ from: to, data, masterKey: { kind: 'folder' }, keyFile: null });
      server = await startTestServer({ data, port: Number(port) });
      return server;
    },
  };
}

/** Notices of the restore that a device shows. */
function told(device: TestDevice): readonly string[] {
  const { problemList } = device.status();
  return problemList.filter(({ code }) => code === 'server-restored').map(({ sentence }) => sentence);
}

test('edits after the backup come back from the devices, nothing is deleted, and every device says so in one sentence', async (t) => {
  const drill = await newDrill(t);
  const a = await drill.device('a');
  const b = await drill.device('b');
  put(a, 'kept.txt', 'as it was');
  put(a, 'edited.txt', 'before');
  put(a, 'deleted.txt', 'deleted after the backup');
  put(a, 'folder/large.bin', 'x'.repeat(400_000));
  await inStep(a, b);
  await drill.backUp();
  put(a, 'edited.txt', 'after the backup');
  put(b, 'new.txt', 'made after the backup');
  unlinkSync(at(b, 'deleted.txt'));
  await inStep(a, b);
  await drill.loseAndRestore();
  put(b, 'offline.txt', 'written while the server was away');
  await until('both are connected again', () => a.status().connected && b.status().connected);
  await inStep(a, b);
  const files = tree(a);
  assert.equal(files['kept.txt'], 'as it was');
  assert.equal(files['edited.txt'], 'after the backup');
  assert.equal(files['new.txt'], 'made after the backup');
  assert.equal(files['offline.txt'], 'written while the server was away');
  assert.equal(files['folder/large.bin'], 'x'.repeat(400_000));
  assert.deepEqual(tree(b), files);
  assert.deepEqual(await conflictsOf(a), []);
  for (const device of [a, b]) {
    const [sentence, ...more] = told(device);
    assert.match(sentence ?? '', /put back from an older backup.*nothing is deleted/);
    assert.deepEqual(more, [], device.name);
  }
});
