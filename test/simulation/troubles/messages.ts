/** For a while requests and replies are lost, come twice, or are up to a minute on their way: so they also overtake each other. */
import { GOOD_NETWORK } from '../sim-network.ts';
import type { Trouble } from './trouble.ts';

export const messages: Trouble = {
  kind: 'messages',
  target: 'machine',
  every: { calm: 30_000, hostile: 8000 },
  always: true,
  lasts: 40_000,
  strike({ machine, stream }) {
    const share = stream.pick([0.02, 0.08, 0.2]);
    machine.network.faults = {
      loseRequest: share,
      loseReply: share,
      duplicate: share,
      stall: share / 8,
      late: share / 4,
    };
    return () => {
      machine.network.faults = { ...GOOD_NETWORK };
    };
  },
};
