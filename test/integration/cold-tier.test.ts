/** Old versions on a slow store, as people meet them: said, waited for, and in nobody else's way. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { siteOf } from '../../server-stub/chunks/sites.ts';
import type { ChunkHeat } from '../../server-stub/metadata/cold-rows.ts';
import type { JobName } from '../../server-stub/metadata/job-rows.ts';
import { createControlServer } from '../../src/engine/control/node-control-server.ts';
import { inStep, removeDevice, startDevice, type TestDevice } from '../support/engines.ts';
import { command } from '../support/processes.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const WINDOW = 30 * 24;
const DELAY = 1;
const CALL = { signal: new AbortController().signal };
/** How often the store is told to begin anew, so that it is slow for as long as a test says. */
const AGAIN_MS = 100;

async function goCold({ server }: TestServer): Promise<void> {
  const { store } = server.core.metadata;
  const round = async (name: JobName) => {
    for (;;) {
      const result = await server.core.jobs.runNow(name);
      assert.notEqual(result.kind, 'stopped', JSON.stringify(result));
      if (result.kind === 'done') return;
    }
  };
  for (const name of ['collection', 'collection', 'cooling'] as const) await round(name);
  await store.write(async (tx) => {
    const lived = await tx.livedHours();
    await tx.setLivedHours({ at: lived?.at ?? 0, hours: (lived?.hours ?? 0) + WINDOW });
  });
  await round('cooling');
}

function coldChunks({ server }: TestServer): Promise<readonly ChunkHeat[]> {
  return server.core.metadata.store.read(async (tx) =>
    (await tx.chunkHeats(null, 1000)).filter(({ location }) => siteOf(location) === 'cold'),
  );
}

/** Nothing cold can be read until the answer is called. */
function slowness(server: TestServer): () => Promise<void> {
  let isOver = false;
  const slowed = (async () => {
    while (!isOver) {
      const cold = await coldChunks(server);
      await server.server.core.metadata.store.write(async (tx) => {
        for (const chunk of cold) {
          if ((await tx.thaw(chunk)) === null) continue;
          await tx.endThaw(chunk);
          await tx.askThaw(chunk, Date.now());
        }
      });
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  })();
  return () => {
    isOver = true;
    return slowed;
  };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isSo()); ) {
    assert(Date.now() < end, `not within half a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const holds = (device: TestDevice, name: string, bytes: Uint8Array) =>
  readFile(join(device.root, name)).then(
    (now) => now.equals(bytes),
    () => false,
  );
/** What the person at the device reads about it. */
async function saidOf(device: TestDevice): Promise<readonly string[]> {
  const asked = await device.control['problems.list']({}, CALL);
  assert(asked.kind === 'ok');
  return asked.value.problems.filter(({ code }) => code === 'thawing').map(({ sentence }) => sentence);
}

test('an old version on a slow store is said to come, and comes by itself; other files are not held up by it', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'cold-tier-'));
  const server = await startTestServer({ cold: { folder: join(root, 'cold'), thawDelay: DELAY } });
  const [ada, bob] = [await startDevice(server, 'ada'), await startDevice(server, 'bob')];
  const state = join(root, 'state');
  const control = await createControlServer(ada.control, { state, folder: ada.root, log: () => {} });
  assert(control.kind === 'listening');
  t.after(async () => {
    await control.server.close();
    await removeDevice(ada);
    await removeDevice(bob);
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  await writeFile(join(state, 'account.json'), '');

  const old = {
    small: randomBytes(3000),
    large: randomBytes(1_500_000),
    text: Buffer.from(randomBytes(675_000).toString('base64')),
  };
  const names = ['small', 'large', 'text'] as const;
  for (const name of names) await writeFile(join(ada.root, name), old[name]);
  await inStep(ada, bob);
  for (const name of names) await writeFile(join(ada.root, name), 'new words');
  await inStep(ada, bob);
  await goCold(server);
  assert((await coldChunks(server)).length >= names.length, 'the old versions are cold');

  const read = await command(['cat', join(ada.root, 'text'), '--version', '1', '--state', state]);
  assert.equal(read.code, 0, read.stderr);
  assert.match(read.stderr, /text is being brought back from the cold storage of the server/);
  assert.equal(read.stdout, old.text.toString());

  // Two versions are put on top again at once; their bytes take their time on every device.
  const fast = slowness(server);
  for (const path of ['small', 'large']) {
    const restored = await ada.control.restore({ path, version: 1 }, CALL);
    assert.equal(restored.kind, 'ok', JSON.stringify(restored));
  }
  await until('bob is told of both', async () => (await saidOf(bob)).length === 2);
  for (const sentence of await saidOf(bob)) assert.match(sentence, /^(small|large) is being brought back/);
  const fresh = randomBytes(5000);
  await writeFile(join(ada.root, 'fresh'), fresh);
  await until('a file that is not cold arrives', () => holds(bob, 'fresh', fresh));
  assert.equal((await saidOf(bob)).length, 2, 'the others still wait');
  await fast();
  await inStep(ada, bob);
  for (const device of [ada, bob]) {
    for (const name of ['small', 'large'] as const) assert(await holds(device, name, old[name]), name);
    assert.deepEqual(await saidOf(device), []);
  }
});
