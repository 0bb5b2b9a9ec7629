import type { Rate } from '../server-limits.ts';

/** Buckets that were not asked for a while are full again and need not be remembered. */
const MOST_BUCKETS = 20_000;

interface Bucket {
  level: number;
  at: number;
}

/** One token bucket per key: bursts pass, a steady excess is told how long to wait. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #monotonic: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, monotonic: () => number) {
    this.#rate = rate;
    this.#monotonic = monotonic;
  }

  /** Takes one token. Answers 0, or the seconds until there is one again. */
  take(key: string): number {
    const bucket = this.#filled(key);
    if (bucket.level >= 1) {
      bucket.level -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.level) / this.#rate.perSecond));
  }

  /** What was taken was no excess after all. */
  giveBack(key: string): void {
    const bucket = this.#filled(key);
    bucket.level = Math.min(this.#rate.burst, bucket.level + 1);
  }

  #filled(key: string): Bucket {
    const now = this.#monotonic();
    const known = this.#buckets.get(key);
    if (known === undefined) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#forgetFull(now);
      const fresh = { level: this.#rate.burst, at: now };
      this.#buckets.set(key, fresh);
      return fresh;
    }
    const gained = ((now - known.at) / 1000) * this.#rate.perSecond;
    known.level = Math.min(this.#rate.burst, known.level + gained);
    known.at = now;
    return known;
  }

  #forgetFull(now: number): void {
    const fillMs = (this.#rate.burst / this.#rate.perSecond) * 1000;
    for (const [key, bucket] of this.#buckets) if (now - bucket.at >= fillMs) this.#buckets.delete(key);
    // Under an attack from very many addresses the oldest give way: memory stays bounded.
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < MOST_BUCKETS) break;
      this.#buckets.delete(key);
    }
  }
}
