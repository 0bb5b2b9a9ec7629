/** What the server does by itself, at odd moments. */
import type { Trouble } from './trouble.ts';

export const housekeeping: Trouble = {
  kind: 'housekeeping',
  target: 'server',
  every: { calm: 10_000, hostile: 4000 },
  always: true,
  lasts: 0,
  strike({ world }) {
    // Not waited for: the server may die in the middle of it.
    void world.host.housekeeping();
    return null;
  },
};
