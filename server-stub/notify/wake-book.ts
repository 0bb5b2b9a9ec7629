/** Who was told to look, and who looked: a push that nobody followed is a device that lives in the past. */
import type { DeviceId } from '../../src/protocol/ids.ts';

/** Devices that are remembered; those that were heard of longest ago give way. */
const MOST = 100_000;

interface Times {
  wokenAt: number | null;
  pulledAt: number | null;
}

export class WakeBook {
  readonly #now: () => number;
  readonly #times = new Map<DeviceId, Times>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** It was told that something changed. */
  woken(device: DeviceId): void {
    this.#timesOf(device).wokenAt = this.#now();
  }

  /** It asked for the journal. */
  pulled(device: DeviceId): void {
    this.#timesOf(device).pulledAt = this.#now();
  }

  of(device: DeviceId): Readonly<Times> {
    return this.#times.get(device) ?? { wokenAt: null, pulledAt: null };
  }

  /** Devices that were told longer than this ago, and have not looked since. */
  unheeded(ms: number): number {
    const before = this.#now() - ms;
    let count = 0;
    for (const { wokenAt, pulledAt } of this.#times.values())
      if (wokenAt !== null && wokenAt < before && (pulledAt === null || pulledAt < wokenAt)) count += 1;
    return count;
  }

  #timesOf(device: DeviceId): Times {
    const known = this.#times.get(device) ?? { wokenAt: null, pulledAt: null };
    this.#times.delete(device);
    this.#times.set(device, known);
    for (const oldest of this.#times.keys()) {
      if (this.#times.size <= MOST) break;
      this.#times.delete(oldest);
    }
    return known;
  }
}
