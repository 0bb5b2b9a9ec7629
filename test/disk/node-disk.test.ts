import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { after, test } from 'node:test';
import { diskSuite } from './disk-suite.ts';
import { mountImage } from './mounts.ts';
import { good, trouble } from './outcomes.ts';
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

// Folds case, lists every name in small letters, refuses what Windows refuses, keeps no execute bits and no birth times,
// and can neither exchange nor rename without replacing.
const ntfs = await mountImage('ntfs');
if (ntfs !== null) {
  after(() => ntfs.close());
  for (const calls of CALL_KINDS) {
    diskSuite(`${calls} calls on NTFS`, async () => ({
      ...(await realWorld(calls, ntfs.path)),
      lists: listedOnNtfs,
    }));
    test(`what NTFS lacks is found out (${calls})`, async () => {
      const { disk, close } = await realWorld(calls, ntfs.path);
      const { abilities } = good(await disk.prepare());
      const { exchange, noReplace, foldsCase, executableBits, birthTimes } = abilities;
      assert.deepEqual([exchange, noReplace, executableBits, birthTimes], [false, false, false, false]);
      assert.equal(foldsCase, true);
      await close();
    });
    test(`a name that Windows refuses is refused on NTFS, and nothing is made of it (${calls})`, async () => {
      const { disk, user, close } = await realWorld(calls, ntfs.path);
      good(await disk.prepare());
      for (const name of ['a:b', 'que?tion', 'st*r', 'trailing.', 'trailing ', 'CON', 'tab\there'])
        assert.equal(trouble((await disk.makeFolders([name]))[0]), 'name-refused', name);
      assert.deepEqual(await user.names(''), []);
      await close();
    });
  }
}

for (const [name, mount] of Object.entries({ btrfs, ntfs })) {
  test(`the disk is held against ${name}`, (t) => {
    if (mount === null)
      t.skip(`${name} cannot be mounted here: it takes root, a loop device, and its tools (#4)`);
  });
}

function listedOnNtfs(name: string): string | null {
  return name.includes('\n') ? null : name.toLowerCase();
}

function isTmpfs(path: string): boolean {
  try {
    return statfsSync(path).type === TMPFS_MAGIC;
  } catch {
    return false;
  }
}
