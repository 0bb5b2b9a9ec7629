/** The line to the server is cut for a while. */
import type { Trouble } from './trouble.ts';

export const offline: Trouble = {
  kind: 'offline',
  target: 'machine',
  every: { calm: 20_000, hostile: 8000 },
  lasts: 15_000,
  strike({ machine }) {
    if (!machine.network.online) return false;
    machine.network.goOffline();
    return () => machine.network.goOnline();
  },
};
