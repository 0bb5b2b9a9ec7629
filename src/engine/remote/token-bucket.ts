/** Lets no more bytes pass than a rate allows, in the order they came; the rate may change at any time. */
import type { Clock } from '../environment/environment.ts';

/** What may pass at once after a rest, as time at the full rate. */
const BURST_SECONDS = 0.25;
/** A changed rate is noticed after so long at most. */
const LOOK_EVERY_MS = 250;

export class TokenBucket {
  private readonly clock: Clock;
  /** Bytes per second now; null: as many as come. */
  private readonly rate: () => number | null;
  /** Bytes that were let in, and those that the rate has paid for since. */
  private taken = 0;
  private paid = 0;
  private at: number;

  constructor(clock: Clock, rate: () => number | null) {
    this.clock = clock;
    this.rate = rate;
    this.at = clock.monotonic();
  }

  get isLimited(): boolean {
    return this.rate() !== null;
  }

  /** Counts bytes that do not wait: what comes after them waits for them too. */
  charge(bytes: number): void {
    this.settle();
    this.taken += bytes;
  }

  /** Resolves, with the milliseconds it took, when these bytes may have passed. */
  async take(bytes: number, signal?: AbortSignal): Promise<number> {
    this.charge(bytes);
    const ticket = this.taken;
    const began = this.clock.monotonic();
    for (let rate = this.settle(); rate !== null && this.paid < ticket; rate = this.settle()) {
      if (signal?.aborted) break;
      const ms = ((ticket - this.paid) / rate) * 1000;
      await this.clock.sleep(Math.min(Math.max(1, ms), LOOK_EVERY_MS), signal);
    }
    return this.clock.monotonic() - began;
  }

  private settle(): number | null {
    const now = this.clock.monotonic();
    const rate = this.rate();
    if (rate === null) this.paid = this.taken;
    else this.paid = Math.min(this.taken + rate * BURST_SECONDS, this.paid + ((now - this.at) / 1000) * rate);
    this.at = now;
    return rate;
  }
}
