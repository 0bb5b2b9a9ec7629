/** A full account: what fits goes, what does not waits and is told, and goes up once there is room. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { UsageAnswer } from '../../src/protocol/operation-routes.ts';
import { ChunksStored, OpenAnswer } from '../../src/protocol/routes.ts';
import { put, tree, until } from '../engine/stage.ts';
import { fileOf, linkDevice, parsedAs, type WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startDevice } from '../support/engines.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { typed } from '../support/typed.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };

async function quota(server: TestServer, set: string) {
  const words = ['user', 'quota', '--data', server.data, '--name', ME.user, '--set', set, '--json'];
  const said = await typed(words);
  assert.equal(said.code, 0, said.stderr);
  return JSON.parse(said.stdout);
}

async function newPlace(
  t: TestContext,
): Promise<{ readonly server: TestServer; readonly device: WireDevice }> {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
  });
  return { server, device: await linkDevice(wire, ME) };
}

const usageOf = async (device: WireDevice) => parsedAs(UsageAnswer, await device.ask('usage'));

async function add(device: WireDevice, name: string, bytes: Uint8Array) {
  const { content, frames } = fileOf(bytes);
  const [outcome] = await device.commit(frames, device.create(name, content));
  return outcome!.kind === 'refused' ? `${outcome!.code}: ${outcome!.detail}` : outcome!.kind;
}

test('what fits is taken, what does not is refused by name, and what is stored already costs nothing again', async (t) => {
  const { server, device } = await newPlace(t);
  assert.deepEqual(await usageOf(device), { used: 0, quota: null });
  const first = randomBytes(6000);
  assert.equal(await add(device, 'first', first), 'committed');
  assert.deepEqual(await quota(server, '10000'), { user: ME.user, used: 6000, quota: 10_000 });
  assert.equal(await add(device, 'the same again', first), 'committed');
  assert.equal(await add(device, 'too much', randomBytes(5000)), 'quota: 5.9 KiB of 9.8 KiB');
  assert.deepEqual(await usageOf(device), { used: 6000, quota: 10_000 });
  assert.equal(await add(device, 'fits', randomBytes(4000)), 'committed');
  assert.deepEqual(await usageOf(device), { used: 10_000, quota: 10_000 });
  const folder = await device.finalize(device.create('folders, moves and deletions need no room', null));
  assert.equal(folder[0]?.kind, 'committed');
  await quota(server, 'off');
  assert.equal(await add(device, 'much', randomBytes(50_000)), 'committed');
});

test('of a batch everything that fits is committed, and a session asks for no byte that would be refused', async (t) => {
  const { server, device } = await newPlace(t);
  await quota(server, '10K');
  const [small, large] = [fileOf(randomBytes(1000)), fileOf(randomBytes(20_000))];
  const claims = [device.create('large', large.content), device.create('small', small.content)];
  const opened = parsedAs(OpenAnswer, await device.ask('open', { claims }));
  assert.deepEqual(
    opened.missing,
    small.frames.map(({ id }) => id),
  );
  const outcomes = await device.commit([...small.frames, ...large.frames], ...claims);
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['refused', 'committed'],
  );
  // The same claim under the same key, once there is room.
  await quota(server, '1M');
  assert.deepEqual(
    (await device.commit(large.frames, claims[0]!)).map(({ kind }) => kind),
    ['committed'],
  );
});

test('a device waits with what does not fit, tells its user why, syncs everything else, and goes on once there is room', async (t) => {
  const server = await startTestServer();
  const root = await mkdtemp(join(tmpdir(), 'quota-'));
  await quota(server, '100K');
  const a = await startDevice(server, 'a', root);
  const b = await startDevice(server, 'b', root);
  t.after(async () => {
    await a.stop();
    await b.stop();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  put(a, 'large.bin', randomBytes(300_000));
  put(a, 'small.txt', 'small');
  await until('the small one is on the other device', () => tree(b)['small.txt'] === 'small');
  await until('the user is told', () => a.status().problemList.some(({ code }) => code === 'quota'));
  const [problem] = a.status().problemList;
  assert.match(
    problem?.sentence ?? '',
    /^The account is full \(.* of 100\.0 KiB\)\. large\.bin waits on this computer and goes up when there is room/,
  );
  assert.equal(tree(b)['large.bin'], undefined);
  await quota(server, '10M');
  await a.engine.stop();
  const again = await a.restart();
  t.after(() => again.stop());
  await until('it is on the other device', () => tree(b)['large.bin'] !== undefined);
  await until('nothing is told any more', () => again.status().problemList.length === 0);
});

test('bodies that come in at the same time do not get past the quota together', async (t) => {
  const { server, device } = await newPlace(t);
  await quota(server, '100000');
  const files = Array.from({ length: 8 }, () => fileOf(randomBytes(30_000)));
  const answers = await Promise.all(
    files.map(async ({ frames }) => parsedAs(ChunksStored, await device.ask('putChunks', {}, { frames }))),
  );
  assert.equal(answers.flatMap(({ stored }) => stored).length, 3);
  const why = answers.flatMap(({ refused }) => refused.map((each) => each.why));
  assert.deepEqual(
    why,
    Array.from({ length: 5 }, () => 'the account is full'),
  );
  assert.deepEqual(await usageOf(device), { used: 90_000, quota: 100_000 });
  const outcomes = await Promise.all(
    files.map(({ frames, content }, i) => device.commit(frames, device.create(`${i}`, content))),
  );
  assert.equal(outcomes.filter(([outcome]) => outcome?.kind === 'committed').length, 3);
  assert.equal((await usageOf(device)).used, 90_000);
});

test('commits of several devices over connections of their own never store more than the quota together', async (t) => {
  const { server, device } = await newPlace(t);
  await quota(server, '100000');
  const wires = [1, 2, 3, 4].map(() => new Wire(server.url));
  t.after(() => Promise.all(wires.map((wire) => wire.close())));
  const devices = await Promise.all(wires.map((wire, i) => linkDevice(wire, ME, `device ${i}`)));
  const sizes = [30_000, 25_000, 20_000, 15_000];
  const commits = devices.flatMap((each, i) =>
    sizes.map(async (size, j) => {
      const { content, frames } = fileOf(randomBytes(size));
      const [outcome] = await each.commit(frames, each.create(`${i} ${j}`, content));
      return outcome?.kind === 'committed' ? size : 0;
    }),
  );
  const stored = (await Promise.all(commits)).reduce((sum, size) => sum + size, 0);
  const { used } = await usageOf(device);
  assert.equal(used, stored, 'what is stored is what was committed');
  assert.ok(used <= 100_000 && used > 85_000, `${used} bytes`);
});
