/** The server loses its power at one of its next writes: before it, or when it is durable and nobody was told. */
import type { Trouble } from './trouble.ts';

export const serverCrash: Trouble = {
  kind: 'server-crash',
  target: 'server',
  every: { calm: null, hostile: 5000 },
  lasts: 10_000,
  strike({ world, stream }) {
    world.host.crash.arm(stream.between(1, 12), stream.chance(0.5));
    return () => world.host.crash.disarm();
  },
};
