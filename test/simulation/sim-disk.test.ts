import assert from 'node:assert/strict';
import { dirname } from 'node:path/posix';
import { test } from 'node:test';
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import { type DiskWorld, diskSuite, type UserHands } from '../disk/disk-suite.ts';
import { good, goodAll } from '../disk/outcomes.ts';
import { SimTime } from './clock.ts';
import { Stream } from './random.ts';
import { SimDisk } from './sim-disk.ts';
import { fingerprintOf } from './sim-hashing.ts';
import { Volume } from './volume.ts';
import { PLAIN_VOLUME, type VolumeOptions } from './volume-node.ts';

/** Time runs by itself, so that a suite that knows nothing of simulated clocks can wait for calls. */
function runByItself(time: SimTime): () => Promise<void> {
  let open = true;
  const running = (async () => {
    while (open) await time.run(1);
  })();
  return async () => {
    open = false;
    await running;
  };
}

function handsOn(volume: Volume): UserHands {
  const folderOf = (path: string) => {
    let folder = volume.root;
    for (const part of path.split('/').filter((each) => each !== '' && each !== '.')) {
      folder = volume.childOf(folder, part) ?? volume.create(folder, part, { kind: 'folder' });
    }
    return folder;
  };
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  return {
    write: async (path, content, executable = false) => {
      const bytes = new Uint8Array(Buffer.from(content));
      const folder = folderOf(dirname(path));
      const node = volume.childOf(folder, nameOf(path));
      if (node === undefined) volume.create(folder, nameOf(path), { kind: 'file', bytes, executable });
      else volume.write(node, bytes);
    },
    read: async (path) => Buffer.from(volume.find(path).bytes).toString('utf8'),
    hold: async (path, purpose) => {
      const node = volume.find(path);
      const writers = purpose === 'writing' ? 1 : 0;
      node.writers += writers;
      return async () => {
        node.writers -= writers;
      };
    },
    folder: async (path) => void folderOf(path),
    link: async (path, target) => {
      volume.create(folderOf(dirname(path)), nameOf(path), { kind: 'symlink', target });
    },
    rename: async (from, to) => volume.rename(volume.find(from), folderOf(dirname(to)), nameOf(to), true),
    remove: async (path) => volume.removeAll(volume.find(path)),
    names: async (path) =>
      [...volume.find(path).children.values()]
        .map((node) => node.name)
        .filter((name) => name !== RESERVED_FOLDER)
        .sort(),
  };
}

function openWorld(options: Partial<VolumeOptions> = {}): DiskWorld & { readonly volume: Volume } {
  const time = new SimTime(new Stream(1, 'schedule'));
  const volume = new Volume(time, { ...PLAIN_VOLUME, ...options });
  const disk = new SimDisk({
    volume,
    domain: time.domain('device'),
    schedule: new Stream(1, 'disk'),
    fingerprint: fingerprintOf,
  });
  return { disk, volume, user: handsOn(volume), close: runByItself(time) };
}

diskSuite('a simulated disk', async () => openWorld());
diskSuite('a simulated disk that folds case', async () => openWorld({ foldsCase: true }));
diskSuite('a simulated disk without birth times', async () => openWorld({ birthTimes: false }));

test('a freed inode number is used again at once, and the birth time tells the two apart', async () => {
  const { disk, user, close } = openWorld();
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
    const { disk, user, close } = openWorld({ granularityNs });
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
  const { disk, user, volume, close } = openWorld();
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
  const { disk, user, volume, close } = openWorld();
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
  const { disk, user, volume, close } = openWorld();
  good(await disk.prepare());
  await user.write('d/a', 'one');
  volume.setMode(volume.find('d'), { readable: false });
  for (const outcome of [await disk.list('d'), await disk.look('d/a'), await disk.open('d/a')]) {
    assert.equal(outcome.kind === 'failed' && outcome.trouble, 'denied');
  }
  good(await disk.look('d'));
  await close();
});
