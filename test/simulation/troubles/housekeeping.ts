/** What the server does by itself, at odd moments. */
import type { Trouble } from './trouble.ts';

export const housekeeping: Trouble = {
  kind: 'housekeeping',
  target: 'server',
  every: { calm: 30_000, hostile: 15_000 },
  lasts: 0,
  strike({ world }) {
    // Not waited for: the server may die in the middle of it.
    void world.host.housekeeping();
    return null;
  },
};
