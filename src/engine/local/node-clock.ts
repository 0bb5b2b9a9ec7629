/** The machine's clock, timers and randomness. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, Random } from '../environment/environment.ts';

/** Longest delay a Node timer takes; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const cancel = startTimer(ms, () => {
        signal?.removeEventListener('abort', wake);
        resolve();
      });
      const wake = (): void => {
        cancel();
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
    }),
  after: startTimer,
};

/** Long delays run in legs, so that a wait of months neither fires at once nor keeps a wrong time. */
function startTimer(ms: number, fn: () => void): () => void {
  let left = Math.max(0, ms);
  let timer: NodeJS.Timeout;
  const leg = (): void => {
    const now = Math.min(left, LONGEST_TIMER);
    left -= now;
    timer = setTimeout(() => (left > 0 ? leg() : fn()), now);
  };
  leg();
  return () => clearTimeout(timer);
}

export const nodeRandom: Random = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  // Jitter needs no more than 48 bits.
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
