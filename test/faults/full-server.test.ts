/** The disk of the server is full in the middle of an upload: it is said, nothing is lost, and it goes on with room. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addUser } from '../../server-stub/main.ts';
import { fill, mountTmpfs } from '../disk/mounts.ts';
import { until } from '../support/devices.ts';
import { inStep, startDevice } from '../support/engines.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';

test('the disk of the server is full during an upload session: it waits, and all of it is there once there is room', async (t) => {
  const disk = await mountTmpfs('40m');
  if (disk === null) {
    t.skip('nothing can be mounted here: it takes root (#4)');
    return;
  }
  const base = await mkdtemp(join(tmpdir(), 'tidemark-full-'));
  const data = join(disk.path, 'data');
  await addUser({ data, ...TEST_USER, scryptCost: 2 ** 10 });
  const server = await startTestServer({ data });
  const [a, b] = [await startDevice(server, 'a', base), await startDevice(server, 'b', base)];
  try {
    writeFileSync(join(a.root, 'notes.txt'), 'notes');
    await inStep(a, b);
    fill(join(disk.path, 'ballast'));
    const large = Buffer.alloc(9_000_000, 'a large file, ');
    writeFileSync(join(a.root, 'large.bin'), large);
    writeFileSync(join(a.root, 'notes.txt'), 'notes, written on');
    const told = await a.wait(1);
    assert.equal(told.done, false, told.sentence);
    assert.notEqual(a.status().state, 'up-to-date', a.status().sentence);
    assert.equal(readFileSync(join(b.root, 'notes.txt'), 'utf8'), 'notes');

    rmSync(join(disk.path, 'ballast'));
    a.engine.resume();
    const goesOn = async () => ((await a.wait(5)).done && (await b.wait(5)).done ? true : null);
    await until('all of it has arrived', goesOn, 90_000);
    await until('it says so', async () => (a.status().state === 'up-to-date' ? true : null));
    assert.ok(readFileSync(join(b.root, 'large.bin')).equals(large));
    assert.equal(readFileSync(join(b.root, 'notes.txt'), 'utf8'), 'notes, written on');
  } finally {
    await a.stop();
    await b.stop();
    await server.close();
    await disk.close();
    await rm(base, { recursive: true });
  }
});
