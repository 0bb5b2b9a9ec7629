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

const POOL = 8192;
let pool = Buffer.alloc(0);
let left = 0;

export const nodeRandom: Random = {
  bytes: (count) => new Uint8Array(pooled(count)),
  // Jitter needs no more than 48 bits.
  fraction: () => pooled(6).readUIntBE(0, 6) / 2 ** 48,
};

/** Asking the system costs the same for ten bytes as for thousands. What was given out is not kept. */
function pooled(count: number): Buffer {
  if (count > POOL) return randomBytes(count);
  if (left < count) {
    pool = randomBytes(POOL);
    left = POOL;
  }
  left -= count;
  const bytes = Buffer.from(pool.subarray(left, left + count));
  pool.fill(0, left, left + count);
  return bytes;
}
