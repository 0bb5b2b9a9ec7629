/** The engine is killed at one of its next steps, right before or right after a disk call, a commit or a request. */
import type { Trouble } from './trouble.ts';

export const killAtStep: Trouble = {
  kind: 'kill-at-step',
  target: 'machine',
  every: { calm: null, hostile: 6000 },
  lasts: 12_000,
  strike({ machine, stream }) {
    if (!machine.running) return false;
    machine.killAt(stream.between(1, stream.pick([5, 40, 200])), stream.chance(0.5));
    return () => {
      machine.spare();
      machine.start();
    };
  },
};
