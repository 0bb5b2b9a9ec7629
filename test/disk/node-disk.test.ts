import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { after } from 'node:test';
import { diskSuite } from './disk-suite.ts';
import { mountImage } from './mounts.ts';
import { CALL_KINDS, realWorld } from './real-world.ts';

const TMPFS_MAGIC = 0x01021994;
const SHARED_MEMORY = '/dev/shm';

for (const calls of CALL_KINDS) {
  diskSuite(`${calls} calls on the file system of temporary files`, () => realWorld(calls));
  if (isTmpfs(SHARED_MEMORY)) {
    diskSuite(`${calls} calls on tmpfs`, () => realWorld(calls, SHARED_MEMORY));
  }
}

// Shares extents between files, as no other file system here does.
const btrfs = CALL_KINDS.includes('native') ? await mountImage('btrfs') : null;
if (btrfs !== null) {
  after(() => btrfs.close());
  diskSuite('native calls on btrfs', async () => {
    const world = await realWorld('native', btrfs.path);
    const prepared = await world.disk.prepare();
    assert.equal(prepared.kind === 'ready' && prepared.abilities.reflink, true);
    return world;
  });
}

function isTmpfs(path: string): boolean {
  try {
    return statfsSync(path).type === TMPFS_MAGIC;
  } catch {
    return false;
  }
}
