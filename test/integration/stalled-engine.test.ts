import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Fleet, pause, type TestDevice } from '../support/devices.ts';

let fleet: Fleet;
let device: TestDevice;

before(
  async () => {
    fleet = await Fleet.open('Laptop');
    [device] = fleet.devices as [TestDevice];
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

/** Longer than the engine remembers what it was about to look at again. */
const STALL_MS = 1300;

/** The computer sleeps, or has better things to do: the engine gets no time for a while. */
async function stall(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await pause(STALL_MS);
  process.kill(pid, 'SIGCONT');
}

async function nodesAt(path: string): Promise<string[]> {
  const { nodes } = await device.ask('history', { path });
  return nodes.filter(({ live }) => live).map(({ node }) => node);
}

test('an engine that stands still while files are renamed knows them again, and deletes and creates nothing', async () => {
  await writeFile(device.path('0.txt'), 'from name to name\n');
  await device.ask('wait', { timeout: 20 });
  const before = await nodesAt('0.txt');
  const head = (await device.status()).serverHead ?? 0;
  const { pid } = await device.status();
  const delays = [0, 15, 30, 45, 60, 75, 90, 120];
  for (const [index, delay] of delays.entries()) {
    await rename(device.path(`${index}.txt`), device.path(`${index + 1}.txt`));
    await pause(delay);
    await stall(pid);
    assert.equal((await device.ask('wait', { timeout: 20 })).done, true);
    assert.deepEqual(await nodesAt(`${index + 1}.txt`), before, `stopped ${delay} ms after the rename`);
  }
  assert.equal((await device.status()).serverHead, head + delays.length, 'one change for each rename');
});
