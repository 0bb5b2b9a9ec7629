/** Things put back from an older copy: the state of an engine, the synced folder, the database of the server. */
import { RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import type { Machine } from '../machine.ts';
import { below, contentName, isOurs } from '../sim-user.ts';
import type { SimNode } from '../volume-node.ts';
import type { Trouble } from './trouble.ts';

/** The state folder as it was some time ago. Whatever was agreed since is not known, and must not be guessed. */
export const oldState: Trouble = {
  kind: 'old-state',
  target: 'machine',
  every: { calm: null, hostile: 25_000 },
  most: 2,
  lasts: 20_000,
  strike({ machine, world, stream }) {
    const copy = machine.copyState();
    // Mostly the engine was started again since: that shows by the generation. Else it looks as after a power cut.
    if (machine.running && stream.chance(0.7)) {
      machine.kill();
      machine.start();
    }
    return () => {
      machine.kill();
      machine.putBackState(copy);
      world.excuses.push({ kind: 'merge', machine: machine.name, at: world.time.elapsed });
      world.excuses.push({ kind: 'identity', machine: machine.name, at: world.time.elapsed });
      machine.start();
    };
  },
};

interface Kept {
  readonly path: string;
  readonly node: SimNode;
}

/** Somebody puts the whole folder back as it was, with our own marker in it, while the engine is not running. */
export const oldFolder: Trouble = {
  kind: 'old-folder',
  target: 'machine',
  every: { calm: null, hostile: 30_000 },
  most: 1,
  lasts: 20_000,
  strike({ machine, world, stream }) {
    if (machine.isAway) return false;
    const { volume } = machine;
    const copy = below(volume.root)
      .slice(1)
      .filter((node) => node.kind === 'file' || node.kind === 'folder' || node.kind === 'symlink')
      .map((node): Kept => ({ path: volume.pathOf(node), node: { ...node } }))
      .filter(({ path }) => !/^\.tidemark\/(staging|parked|trash)/.test(path));
    const withMarker = stream.chance(0.7);
    return () => {
      if (machine.isAway || volume.readOnly || volume.capacity !== Number.POSITIVE_INFINITY) return;
      if (volume.everything().some(({ covered }) => covered !== null)) return;
      // What a program goes on writing to once its file was replaced by hand is nobody's to keep.
      if (volume.everything().some(({ writers }) => writers > 0)) return;
      machine.kill();
      putBack(machine, copy, withMarker);
      world.excuses.push({ kind: 'merge', machine: machine.name, at: world.time.elapsed });
      world.excuses.push({ kind: 'identity', machine: machine.name, at: world.time.elapsed });
      machine.start();
    };
  },
};

/** As `rsync --delete` from a backup: what differs is written anew, what is not in the backup goes. */
function putBack(machine: Machine, copy: readonly Kept[], withMarker: boolean): void {
  const { volume, ledger, diary } = machine;
  for (const node of below(volume.root)) Object.assign(node, { readable: true, writable: true });
  for (const node of below(volume.root).slice(1).reverse()) {
    const path = volume.pathOf(node);
    if (isOurs(path)) continue;
    // By hand, as far as anybody can tell: within one start of the engine the marker is the same.
    ledger.superseded(machine.name, contentName(node));
    const folder = volume.stamp(node.parent ?? volume.root).fileId;
    diary.removed(volume.stamp(node).fileId, path, folder, contentName(node));
    volume.removeAll(node);
  }
  for (const { path, node } of copy) {
    if (isOurs(path)) {
      if (withMarker && path === `${RESERVED_FOLDER}/root.json`)
        putBackMarker(volume.find(path), node, machine);
      continue;
    }
    const { folder, name } = volume.place(path);
    if (node.kind === 'folder') volume.create(folder, name, { kind: 'folder' });
    else if (node.kind === 'symlink') volume.create(folder, name, { kind: 'symlink', target: node.target });
    else {
      const made = volume.create(folder, name, {
        kind: 'file',
        bytes: node.bytes,
        executable: node.executable,
      });
      volume.setTimes(made, node.mtimeNs);
    }
    ledger.putBack(contentName(node));
    diary.handled(contentName(node));
    diary.made(path);
  }
}

/** With a flush: torn by a power cut it is damaged, and the device halts until it is linked again, as it should. */
function putBackMarker(marker: SimNode, { bytes }: SimNode, { volume }: Machine): void {
  volume.write(marker, bytes);
  volume.flushFile(marker);
}

/** The server's database as it was some time ago: with it, an epoch ends. */
export const oldServer: Trouble = {
  kind: 'old-server',
  target: 'server',
  every: { calm: null, hostile: 30_000 },
  most: 1,
  lasts: 25_000,
  strike({ world, stream }) {
    const copy = world.host.backup();
    const silently = stream.chance(0.5);
    return () => {
      const at = world.time.elapsed;
      world.host.putBack(copy, silently);
      world.excuses.push({ kind: 'new-epoch', at });
      for (const machine of world.machines.keys()) {
        world.excuses.push({ kind: 'merge', machine, at });
        // Linked since, or started since: the server does not know of it.
        world.excuses.push({ kind: 'identity', machine, at });
      }
    };
  },
};
