/** A simulated disk for suites that know nothing of simulated time, and a user beside it. */
import { dirname } from 'node:path/posix';
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import type { DiskWorld, UserHands } from '../disk/disk-suite.ts';
import { SimTime } from './clock.ts';
import { Stream } from './random.ts';
import { SimDisk } from './sim-disk.ts';
import { fingerprintOf } from './sim-hashing.ts';
import { Volume } from './volume.ts';
import { PLAIN_VOLUME, Refused, type VolumeOptions } from './volume-node.ts';

/** Time runs by itself, so that a suite that knows nothing of simulated clocks can wait for calls. */
function runByItself(time: SimTime): () => Promise<void> {
  let open = true;
  const running = (async () => {
    while (open) {
      const before = time.fired;
      await time.run(1);
      // Somebody else is busy: a turn of the loop for nothing would only take the processor from them.
      if (time.fired === before) await new Promise((resolve) => setTimeout(resolve, 1));
    }
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
      if (folder.kind !== 'folder') throw new Refused('not-folder', `ENOTDIR ${path}`);
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
      else if (node.kind === 'file') volume.write(node, bytes);
      else throw new Refused('taken', `EISDIR ${path}`);
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
      const { folder, name } = volume.place(path);
      volume.create(folder, name, { kind: 'symlink', target });
    },
    rename: async (from, to) => {
      const { folder, name } = volume.place(to);
      volume.rename(volume.find(from), folder, name, true);
    },
    remove: async (path) => volume.removeAll(volume.find(path)),
    names: async (path) =>
      [...volume.find(path).children.values()]
        .map((node) => node.name)
        .filter((name) => name !== RESERVED_FOLDER)
        .sort(),
  };
}

export function simWorld(options: Partial<VolumeOptions> = {}): DiskWorld & { readonly volume: Volume } {
  const time = new SimTime(new Stream(1, 'schedule'));
  const volume = new Volume(time, { ...PLAIN_VOLUME, ...options });
  const disk = new SimDisk({
    volume,
    domain: time.domain('device'),
    schedule: new Stream(1, 'disk'),
    fingerprint: fingerprintOf,
  });
  const lists = (name: string): string | null => volume.listed(name);
  return { disk, volume, user: handsOn(volume), lists, close: runByItself(time) };
}
