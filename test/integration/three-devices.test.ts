import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { Stream } from '../simulation/random.ts';
import { Fleet, pause, type TestDevice } from '../support/devices.ts';
import { RandomUser, tokensIn } from '../support/random-user.ts';

let fleet: Fleet;

before(
  async () => {
    fleet = await Fleet.open('Ann', 'Ben', 'Cam');
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

/** Every text below a folder, our own trash included. */
async function textsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
}

/** Every text the server keeps of these paths, of today and of before. */
async function textsInHistory(device: TestDevice, paths: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const path of paths) {
    const { nodes } = await device.ask('history', { path });
    for (const { version } of nodes.flatMap(({ versions }) => versions)) {
      const piece = await device.ask('cat', { path, version });
      texts.push(Buffer.from(piece.bytes, 'base64').toString());
    }
  }
  return texts;
}

/** The texts that are nowhere: on no disk, in no trash, in no version. */
async function lost(user: RandomUser): Promise<string[]> {
  const missing = new Set(user.precious);
  const drop = (texts: readonly string[]) => {
    for (const token of texts.flatMap(tokensIn)) missing.delete(token);
  };
  for (const device of fleet.devices) drop(await textsBelow(device.folder));
  const device = fleet.devices[0];
  assert.ok(device);
  if (missing.size > 0) {
    const { items } = await device.ask('trash.list', {});
    const gone = items.filter(({ kind }) => kind === 'file').map(({ path }) => path);
    drop(await textsInHistory(device, gone));
  }
  if (missing.size > 0) {
    const picture = await device.picture();
    const files = [...picture].filter(([, thing]) => thing.kind === 'file').map(([path]) => path);
    drop(await textsInHistory(device, files));
  }
  return [...missing];
}

/** Something that happens to people: a crash, a power cut, a server that goes away. */
async function trouble(random: Stream, user: RandomUser): Promise<void> {
  const device = fleet.devices[random.word() % fleet.devices.length];
  assert.ok(device);
  const kind = random.word() % 4;
  if (kind < 2) {
    user.done.push(`${device.name}: kill -9`);
    await device.kill();
    await pause(random.word() % 500);
    await device.start();
  } else if (kind === 2) {
    user.done.push('server: kill -9');
    await fleet.server.kill();
    await pause(random.word() % 500);
    await fleet.server.start();
  } else {
    user.done.push(`${device.name}: offline for a while`);
    await device.ask('pause', {});
    for (let i = 0; i < 3; i += 1) await user.act(device);
    await device.ask('resume', {});
  }
}

async function run(t: TestContext, seed: number, rounds: number): Promise<void> {
  t.diagnostic(`seed ${seed}`);
  const user = new RandomUser(new Stream(seed, 'user'));
  const chance = new Stream(seed, 'trouble');
  try {
    for (let round = 0; round < rounds; round += 1) {
      const strikes = trouble(chance, user);
      for (let i = 0; i < 6; i += 1) {
        const device = fleet.devices[chance.word() % fleet.devices.length];
        if (device !== undefined) await user.act(device);
        await pause(chance.word() % 120);
      }
      await strikes;
    }
    const picture = await fleet.converge();
    t.diagnostic(`${user.done.length} actions, ${picture.size} things, ${user.precious.size} texts to keep`);
    assert.deepEqual(await lost(user), [], 'texts that are nowhere');
  } catch (error) {
    const story = user.done.join('\n');
    throw new Error(`TIDEMARK_SEED=${seed} repeats this:\n${story}`, { cause: error });
  }
}

const fixed = process.env['TIDEMARK_SEED'];

test('three devices, random edits, kill -9 at any moment: all agree in the end, and no text is lost', async (t) => {
  await run(t, fixed === undefined ? Date.now() % 1_000_000 : Number(fixed), 8);
});

test('a server that is killed in the middle of a burst of edits loses nothing that it confirmed', async (t) => {
  const seed = fixed === undefined ? Date.now() % 1_000_000 : Number(fixed);
  t.diagnostic(`seed ${seed}`);
  const user = new RandomUser(new Stream(seed, 'burst'));
  const burst = async (device: TestDevice) => {
    for (let i = 0; i < 10; i += 1) await user.act(device);
  };
  const bursts = Promise.all(fleet.devices.map(burst));
  await pause(300);
  await fleet.server.kill();
  await fleet.server.start();
  await bursts;
  await fleet.server.stop();
  await fleet.server.start();
  await fleet.converge();
  assert.deepEqual(await lost(user), [], `TIDEMARK_SEED=${seed}`);
});

test('a fourth device that joins late holds the same', async () => {
  const late = await fleet.link('Dee');
  await late.start();
  const picture = await fleet.converge();
  assert.ok(picture.size > 0);
  const status = await late.status();
  assert.deepEqual([status.pendingDownloads, status.problems, status.unseen], [0, 0, 0]);
});
