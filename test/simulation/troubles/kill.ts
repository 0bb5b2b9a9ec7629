/** The process of the engine is gone, and somebody starts it again. */
import type { Trouble } from './trouble.ts';

export const kill: Trouble = {
  kind: 'kill',
  target: 'machine',
  every: { calm: 120_000, hostile: 12_000 },
  lasts: 5000,
  strike({ machine }) {
    if (!machine.running) return false;
    machine.kill();
    return () => machine.start();
  },
};
