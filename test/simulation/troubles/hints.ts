/** For a while the watcher loses hints, gives them twice, or late. */
import { GOOD_WATCH } from '../sim-watch.ts';
import type { Trouble } from './trouble.ts';

export const hints: Trouble = {
  kind: 'hints',
  target: 'machine',
  every: { calm: 40_000, hostile: 10_000 },
  lasts: 30_000,
  strike({ machine, stream }) {
    const share = stream.pick([0.05, 0.2, 1]);
    Object.assign(machine.watchFaults, { drop: share, duplicate: share, late: share });
    return () => void Object.assign(machine.watchFaults, GOOD_WATCH);
  },
};
