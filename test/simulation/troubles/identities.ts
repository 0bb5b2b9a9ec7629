/** A device that is there twice, and one that is not wanted any more. */
import type { Trouble } from './trouble.ts';

/** The whole computer is copied: both go on, with one identity. */
export const clone: Trouble = {
  kind: 'clone',
  target: 'machine',
  every: { calm: null, hostile: 40_000 },
  most: 1,
  lasts: 0,
  strike({ machine, world }) {
    const name = `${machine.name}+`;
    if (machine.isAway || world.machines.has(name)) return false;
    if (machine.volume.everything().some(({ covered }) => covered !== null)) return false;
    const twin = world.add(name, { volume: machine.volume.options });
    twin.cloneOf(machine);
    // What is wrong with the disk of the one is not wrong with that of the other.
    for (const node of twin.volume.everything()) Object.assign(node, { readable: true, writable: true });
    for (const each of [machine, twin]) {
      world.excuses.push({ kind: 'merge', machine: each.name, at: world.time.elapsed });
      world.excuses.push({ kind: 'identity', machine: each.name, at: world.time.elapsed });
    }
    twin.start();
    return null;
  },
};

/** Somebody signs the device out from elsewhere; at the end it is linked again where it was. */
export const revoked: Trouble = {
  kind: 'revoked',
  target: 'machine',
  every: { calm: null, hostile: 40_000 },
  most: 1,
  lasts: 20_000,
  async strike({ machine, world }) {
    const { deviceId } = machine.linked;
    await world.host.revoke(deviceId);
    world.excuses.push({ kind: 'merge', machine: machine.name, at: world.time.elapsed });
    world.excuses.push({ kind: 'identity', machine: machine.name, at: world.time.elapsed });
    return null;
  },
};
