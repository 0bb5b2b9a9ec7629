/** Clocks that somebody sets, that were wrong all the time, or that follow the law twice a year. */
import type { Stream } from '../random.ts';
import type { Trouble } from './trouble.ts';

const HOUR = 3_600_000;

function jump(stream: Stream): number {
  const sign = stream.chance(0.5) ? 1 : -1;
  return sign * stream.pick([30, 2000, 90_000, HOUR, HOUR, 30 * HOUR, 400 * 24 * HOUR]);
}

export const clock: Trouble = {
  kind: 'clock',
  target: 'machine',
  every: { calm: null, hostile: 12_000 },
  lasts: 25_000,
  strike({ machine, stream }) {
    machine.skewMs = jump(stream);
    return () => {
      machine.skewMs = 0;
    };
  },
};

export const serverClock: Trouble = {
  kind: 'server-clock',
  target: 'server',
  every: { calm: null, hostile: 20_000 },
  lasts: 25_000,
  strike({ world, stream }) {
    world.host.skewMs = jump(stream);
    return () => {
      world.host.skewMs = 0;
    };
  },
};
