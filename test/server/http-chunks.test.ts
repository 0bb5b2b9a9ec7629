/** What becomes of chunks that the disk lost or damaged, and of many large ones at once. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChunksStored } from '../../src/protocol/routes.ts';
import { fileOf, linkDevice, parsedAs } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';

test('a chunk that the disk lost or damaged is absent, never wrong, and heals when it is sent again', async () => {
  const logged: string[] = [];
  const server = await startTestServer({ log: (_level, message) => logged.push(message) });
  const wire = new Wire(server.url);
  try {
    const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
    const files = [fileOf(randomBytes(900_000)), fileOf(randomBytes(900_000))];
    const frames = files.flatMap((file) => file.frames);
    await device.ask('putChunks', {}, { frames });
    const large = join(server.data, 'chunks', 'large');
    const found = (await readdir(large, { recursive: true })).filter((name) => /-[0-9a-f]{16}$/.test(name));
    assert.equal(found.length, frames.length);
    await rm(join(large, found[0]!));
    await truncate(join(large, found[1]!), 1000);
    const want = frames.map(({ id }) => id);
    const read = await device.getChunks(want);
    assert.deepEqual([...read.answer.absent].sort(), [...want].sort());
    assert.equal(logged.filter((message) => /cannot be served/.test(message)).length, 2);
    const stored = parsedAs(ChunksStored, await device.ask('putChunks', {}, { frames }));
    assert.deepEqual(stored.refused, []);
    const healed = await device.getChunks(want);
    assert.equal(healed.frames.length, 2);
    healed.frames.forEach((frame) => {
      const sent = frames.find(({ id }) => id === frame.id)!;
      assert(Buffer.from(frame.bytes).equals(Buffer.from(sent.bytes)));
    });
  } finally {
    await wire.close();
    await server.close();
  }
});

test('uploads from many connections at once all arrive whole', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  try {
    const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
    const files = Array.from({ length: 24 }, (_, i) => fileOf(randomBytes(i % 3 === 0 ? 2_000_000 : 30_000)));
    const answers = await Promise.all(files.map(({ frames }) => device.ask('putChunks', {}, { frames })));
    for (const answer of answers) assert.deepEqual(parsedAs(ChunksStored, answer).refused, []);
    for (const { frames } of files) {
      const sent = new Map(frames.map((frame) => [frame.id, frame.bytes]));
      const read = await device.getChunks([...sent.keys()]);
      assert.equal(read.frames.length, sent.size);
      for (const frame of read.frames)
        assert(Buffer.from(frame.bytes).equals(Buffer.from(sent.get(frame.id)!)));
    }
  } finally {
    await wire.close();
    await server.close();
  }
});
