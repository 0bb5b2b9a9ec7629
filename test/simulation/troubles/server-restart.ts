/** The server loses its power and has it back at once: all connections break, what was committed stays. */
import type { Trouble } from './trouble.ts';

export const serverRestart: Trouble = {
  kind: 'server-restart',
  target: 'server',
  every: { calm: 60_000, hostile: 15_000 },
  lasts: 0,
  strike({ world }) {
    world.host.restart();
    return null;
  },
};
