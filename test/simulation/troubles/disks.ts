/** Disks that are full, fail, or may not be read or written. */
import type { DiskTrouble } from '../../../src/engine/environment/disk.ts';
import type { Machine } from '../machine.ts';
import type { Stream } from '../random.ts';
import { below, isOurs } from '../sim-user.ts';
import type { SimNode } from '../volume-node.ts';
import type { Trouble } from './trouble.ts';

export const fullDisk: Trouble = {
  kind: 'full-disk',
  target: 'machine',
  every: { calm: null, hostile: 12_000 },
  lasts: 12_000,
  strike({ machine, stream }) {
    const { volume } = machine;
    volume.capacity = volume.used() + stream.below(100);
    return () => {
      volume.capacity = Number.POSITIVE_INFINITY;
    };
  },
};

const FAILURES: readonly DiskTrouble[] = ['input-output', 'busy', 'denied', 'full'];

export const failingDisk: Trouble = {
  kind: 'failing-disk',
  target: 'machine',
  every: { calm: null, hostile: 12_000 },
  lasts: 8000,
  strike({ machine, stream }) {
    const trouble = stream.pick(FAILURES);
    const share = stream.pick([0.02, 0.1, 0.5]);
    machine.diskFault = () => (stream.chance(share) ? trouble : null);
    return () => {
      machine.diskFault = () => null;
    };
  },
};

function anyOf(machine: Machine, stream: Stream, kinds: readonly SimNode['kind'][]): SimNode | null {
  const { volume } = machine;
  const nodes = below(volume.root)
    .slice(1)
    .filter((node) => kinds.includes(node.kind) && !isOurs(volume.pathOf(node)));
  return nodes.length === 0 ? null : stream.pick(nodes);
}

export const unreadable: Trouble = {
  kind: 'unreadable',
  target: 'machine',
  every: { calm: null, hostile: 10_000 },
  lasts: 15_000,
  strike({ machine, stream }) {
    const node = anyOf(machine, stream, ['folder', 'folder', 'file']);
    if (node === null) return false;
    machine.volume.setMode(node, { readable: false });
    return () => machine.volume.setMode(node, { readable: true });
  },
};

export const readOnly: Trouble = {
  kind: 'read-only',
  target: 'machine',
  every: { calm: null, hostile: 15_000 },
  lasts: 10_000,
  strike({ machine, stream }) {
    const { volume } = machine;
    const folder = stream.chance(0.5) ? anyOf(machine, stream, ['folder']) : null;
    // What a mounted disk refuses is that one's matter: two troubles of one folder would undo each other.
    if (folder !== null && folder.covered !== null) return false;
    if (folder === null) volume.readOnly = true;
    else volume.setMode(folder, { writable: false });
    return () => {
      if (folder === null) volume.readOnly = false;
      else volume.setMode(folder, { writable: true });
    };
  },
};

/** The disk is unplugged; whoever works there waits, because the folder is not there. */
export const unmountedRoot: Trouble = {
  kind: 'unmounted-root',
  target: 'machine',
  every: { calm: null, hostile: 20_000 },
  lasts: 10_000,
  strike({ machine }) {
    machine.volume.unmountRoot();
    machine.isAway = true;
    return () => {
      machine.volume.mountRoot();
      machine.isAway = false;
    };
  },
};

/** Another, empty disk shows over a folder; nothing can be written on it. */
export const mountOver: Trouble = {
  kind: 'mount-over',
  target: 'machine',
  every: { calm: null, hostile: 15_000 },
  lasts: 15_000,
  strike({ machine, stream }) {
    const node = anyOf(machine, stream, ['folder']);
    if (node === null || !node.writable || below(node).some(({ covered }) => covered !== null)) return false;
    machine.volume.mountOver(machine.volume.pathOf(node));
    node.writable = false;
    return () => {
      const { covered } = node;
      if (covered === null) return;
      node.device = covered.device;
      node.children = covered.children;
      node.covered = null;
      node.writable = true;
    };
  },
};
