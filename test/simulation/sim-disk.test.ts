import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskSuite } from '../disk/disk-suite.ts';
import { good, goodAll } from '../disk/outcomes.ts';
import { simWorld } from './sim-disk-world.ts';
import { NTFS_VOLUME } from './volume-modes.ts';

diskSuite('a simulated disk', async () => simWorld());
diskSuite('a simulated disk that folds case', async () => simWorld({ foldsCase: true }));
diskSuite('a simulated NTFS', async () => simWorld(NTFS_VOLUME));
diskSuite('a simulated disk without birth times', async () => simWorld({ birthTimes: false }));

test('a freed inode number is used again at once, and the birth time tells the two apart', async () => {
  const { disk, user, close } = simWorld();
  good(await disk.prepare());
  await user.write('a', 'one');
  const before = good(await disk.look('a')).stamp.fileId;
  await user.remove('a');
  await user.write('b', 'two');
  const after = good(await disk.look('b')).stamp.fileId;
  assert.equal(before.split('.')[1], after.split('.')[1]);
  assert.notEqual(before, after);
  await close();
});

test('a save between two looks is always seen, and on a disk with coarse times it may not be', async () => {
  for (const [granularityNs, seen] of [
    [1n, true],
    [2_000_000_000n, false],
  ] as const) {
    const { disk, user, close } = simWorld({ granularityNs });
    good(await disk.prepare());
    await user.write('a', 'one');
    const before = good(await disk.look('a')).stamp;
    await user.write('a', 'two');
    const after = good(await disk.look('a')).stamp;
    assert.equal(before.ctimeNs !== after.ctimeNs, seen);
    await close();
  }
});

test('a full disk keeps what it has, and takes nothing in part', async () => {
  const { disk, user, volume, close } = simWorld();
  good(await disk.prepare());
  await user.write('a', 'one');
  volume.capacity = volume.used() + 4;
  const [staged] = await disk.stage([
    { name: 'x', bytes: new Uint8Array(5), meta: { executable: false, mtimeNs: 0n } },
  ]);
  assert.equal(staged?.kind === 'failed' && staged.trouble, 'full');
  assert.deepEqual(await disk.listStaged(), []);
  goodAll(
    await disk.stage([{ name: 'x', bytes: new Uint8Array(4), meta: { executable: false, mtimeNs: 0n } }]),
  );
  await close();
});

test('an unplugged disk shows an empty folder of another device, and comes back as it was', async () => {
  const { disk, user, volume, close } = simWorld();
  good(await disk.prepare());
  await user.write('a', 'one');
  const before = good(await disk.list(''));
  volume.unmountRoot();
  const meanwhile = good(await disk.list(''));
  assert.deepEqual(meanwhile.entries, []);
  assert.notEqual(meanwhile.folder.device, before.folder.device);
  assert.equal(await disk.readControl('root.json'), null);
  volume.mountRoot();
  assert.deepEqual(good(await disk.list('')), before);
  await close();
});

test('a folder that may not be read is denied, with everything below it', async () => {
  const { disk, user, volume, close } = simWorld();
  good(await disk.prepare());
  await user.write('d/a', 'one');
  volume.setMode(volume.find('d'), { readable: false });
  for (const outcome of [await disk.list('d'), await disk.look('d/a'), await disk.open('d/a')]) {
    assert.equal(outcome.kind === 'failed' && outcome.trouble, 'denied');
  }
  good(await disk.look('d'));
  await close();
});
