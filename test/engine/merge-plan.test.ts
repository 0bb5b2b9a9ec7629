/** What a first sync will do, told before it does anything; and what it then does is that. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linkDevice } from '../../src/engine/link-device.ts';
import { at, everything, inStep, put, synced } from './stage.ts';

test('the plan names zombies, names that other systems cannot hold, and the first paths of each kind', async (t) => {
  const start: Record<string, string> = { 'same.txt': 'same', 'other.txt': 'theirs', 'down.txt': 'down' };
  const { stage, a } = await synced(t, ['A'], { ...start, 'gone.txt': 'first', 'd/deep.txt': 'deep' });
  put(a, 'gone.txt', 'second!');
  await inStep(a);
  rmSync(at(a, 'gone.txt'));
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(a);
  const folder = join(stage.base, 'new');
  mkdirSync(folder);
  put(folder, 'same.txt', 'same');
  put(folder, 'other.txt', 'mine, of another size');
  put(folder, 'gone.txt', 'first');
  put(folder, 'd/deep.txt', 'deep');
  put(folder, 'what?.txt', 'a name');
  put(folder, 'aux/fine.txt', 'in a folder named like a device');
  put(folder, '.DS_Store', 'left out by default');
  for (let i = 0; i < 30; i += 1) put(folder, `up/${String(i).padStart(2, '0')}.txt`, `new ${i}`);
  const before = everything(folder);
  const said = await linkDevice({
    server: stage.server.url,
    user: stage.server.user,
    password: stage.server.password,
    device: 'New',
    state: join(stage.base, 'new.state'),
    folder,
    dryRun: true,
    brakeFiles: null,
    tokenOut: true,
  });
  assert.ok(said.kind === 'would-link', JSON.stringify(said));
  assert.equal(said.token, null);
  assert.deepEqual(everything(folder), before, 'nothing was touched');
  const { lines, samples, ...counts } = said.plan;
  assert.deepEqual(counts, {
    identical: 1,
    upload: 32,
    download: 1,
    differ: 1,
    zombies: 2,
    unportable: 2,
    unseen: 0,
    excluded: 1,
  });
  assert.deepEqual(samples.zombies, ['d/deep.txt', 'gone.txt']);
  assert.deepEqual(samples.unportable, ['aux', 'what?.txt']);
  assert.deepEqual(samples.differ, ['other.txt']);
  assert.deepEqual(samples.download, ['down.txt']);
  assert.equal(samples.upload.length, 20);
  assert.deepEqual(samples.upload.slice(0, 2), ['aux/fine.txt', 'up/00.txt']);
  assert.ok(
    lines.includes('2 files were deleted on the server: they stay here, and you are asked about them'),
  );
});
