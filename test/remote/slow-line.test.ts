import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createServer } from '../../src/engine/remote/create-server.ts';
import type { Server, ServerResult, UploadAnswer, UploadItem } from '../../src/engine/remote/server.ts';
import { ChunkServer } from './chunk-server.ts';
import { contentOf, HASHING, noise, openRig, type Rig } from './rig.ts';
import { ACCOUNT, HALF } from './scripted-transport.ts';
import { SlowLine } from './slow-line.ts';

async function begin(
  t: TestContext,
  bytesPerSecond: number,
): Promise<{ rig: Rig; far: ChunkServer; line: SlowLine; server: Server }> {
  const rig = await openRig(t);
  const far = new ChunkServer();
  const line = new SlowLine(far, bytesPerSecond);
  const server = createServer({
    transport: line,
    clock: line.clock,
    random: HALF,
    disk: rig.disk,
    hashing: HASHING,
    log: () => {},
    account: ACCOUNT,
  });
  return { rig, far, line, server };
}

async function files(rig: Rig, sizes: readonly number[], seed: number): Promise<UploadItem[]> {
  const items: UploadItem[] = [];
  for (const [i, size] of sizes.entries()) {
    const content = contentOf(noise(size, seed + i));
    await rig.write(`${seed + i}`, content.bytes);
    items.push(await rig.upload(`${seed + i}`, content, { inMemory: true }));
  }
  return items;
}

/** Committed in the end, however often the engine has to ask; answers with how often it did. */
async function through(server: Server, items: readonly UploadItem[]): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const result: ServerResult<UploadAnswer> = await server.upload(items, null, 0);
    assert.ok(tries < 20, 'it never gets through');
    if (result.kind === 'trouble' || result.value.rest !== null) continue;
    assert.deepEqual(
      result.value.outcomes.map(({ kind }) => kind),
      items.map(() => 'committed'),
    );
    return tries;
  }
}

/** How often each chunk reached the server. */
function arrivals(far: ChunkServer): readonly number[] {
  const times = new Map<string, number>();
  const frames = [...far.framesOf('putChunks'), ...far.framesOf('commit')];
  for (const { id } of frames) times.set(id, (times.get(id) ?? 0) + 1);
  return [...times.values()];
}

const SIZE = 8_000_000;

for (const bytesPerSecond of [1_000_000, 48_000, 32_000, 16_000]) {
  test(`on a line of ${bytesPerSecond / 1000} KB/s every byte of a large file is sent once`, async (t) => {
    const { rig, far, line, server } = await begin(t, bytesPerSecond);
    assert.equal(await through(server, await files(rig, [SIZE], 1)), 1);
    assert.equal(line.givenUp, 0, 'calls that were given up');
    assert.ok(line.bytesSent < SIZE * 1.01, `${line.bytesSent} bytes sent`);
    assert.deepEqual(
      arrivals(far).filter((times) => times > 1),
      [],
    );
  });
}

for (const bytesPerSecond of [4000, 1000]) {
  test(`on a line of ${bytesPerSecond / 1000} KB/s a large file arrives, and what came through is not sent again`, async (t) => {
    const { rig, far, line, server } = await begin(t, bytesPerSecond);
    await through(server, await files(rig, [SIZE], 1));
    assert.ok(line.bytesSent < SIZE * 2.5, `${line.bytesSent} bytes sent`);
    assert.deepEqual(
      arrivals(far).filter((times) => times > 1),
      [],
    );
  });
}

test('many small files on a slow line: bodies are as large as the line takes in seconds', async (t) => {
  const { rig, far, line, server } = await begin(t, 8000);
  const sizes = new Array<number>(40).fill(100_000);
  await through(server, await files(rig, sizes.slice(0, 20), 1));
  const before = far.seen.length;
  const sent = line.bytesSent;
  const asked = await through(server, await files(rig, sizes, 100));
  const bodies = far.seen.slice(before).filter(({ frames }) => frames.length > 0);
  assert.ok(bodies.length >= 30, `${bodies.length} bodies`);
  assert.equal(asked, 1);
  assert.ok(line.bytesSent - sent < 4_100_000, `${line.bytesSent - sent} bytes sent`);
});

test('a line that becomes slow while much is under way: what ran out is sent again, with more time, and no more than that', async (t) => {
  const { rig, far, line, server } = await begin(t, 10_000_000);
  await through(server, await files(rig, [SIZE], 1));
  line.bytesPerSecond = 3000;
  const sent = line.bytesSent;
  await through(server, await files(rig, [SIZE], 9));
  assert.ok(line.bytesSent - sent < SIZE * 4, `${line.bytesSent - sent} bytes sent`);
  assert.deepEqual(
    arrivals(far).filter((times) => times > 1),
    [],
  );
});
