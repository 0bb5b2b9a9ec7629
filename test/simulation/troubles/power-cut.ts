/** The whole computer stops; what was not durable may be lost. */
import type { Trouble } from './trouble.ts';

export const powerCut: Trouble = {
  kind: 'power-cut',
  target: 'machine',
  every: { calm: null, hostile: 15_000 },
  lasts: 5000,
  strike({ machine, world }) {
    if (machine.isAway) return false;
    machine.crash('power');
    world.excuses.push({ kind: 'lost-commits', machine: machine.name, at: world.time.elapsed });
    return () => machine.start();
  },
};
