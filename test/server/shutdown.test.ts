/** A server that is told to stop while everybody writes. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { linkDevice, WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { readFiles } from './wire-files.ts';

test('stopped under load no acknowledged commit is lost', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  const acknowledged = new Map<string, Buffer>();
  const devices = [];
  for (let i = 0; i < 4; i += 1)
    devices.push(await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password }, `d${i}`));
  const [first] = devices;
  let stopping = false;
  const writers = devices.map(async (device, i) => {
    for (let n = 0; ; n += 1) {
      const [name, bytes] = [`${i}-${n}`, randomBytes(n % 5 === 0 ? 300_000 : 2000)];
      try {
        await device.addFile(name, bytes);
      } catch (cause) {
        assert(stopping, `refused before it was stopped: ${String(cause)}`);
        return;
      }
      acknowledged.set(name, bytes);
    }
  });
  while (acknowledged.size < 20) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 50));
  stopping = true;
  await server.stop();
  await Promise.all(writers);
  await wire.close();

  const again = await startTestServer({ data: server.data });
  const later = new Wire(again.url);
  const device = new WireDevice(later, first!.link, first!.instance, first!.name);
  device.generation = first!.generation;
  await device.hello();
  const files = await readFiles(device);
  for (const [name, bytes] of acknowledged) assert.deepEqual(files.get(name), bytes, name);
  await later.close();
  await again.stop();
  await server.close();
});
