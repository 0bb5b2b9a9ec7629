/**
 * How fast the line takes what is sent. From it follow how much is sent together, how large bodies are and how long one
 * may take: fixed figures would let bodies that share a slow line run out of time together, and be sent again for ever.
 */
import type { Clock } from '../environment/environment.ts';

/** Smaller bodies tell of the distance and of the server, not of the line. */
export const TELLING_BYTES = 64 * 1024;
/** A line that nothing is known of is taken for at least this fast. */
export const SLOWEST_BYTES_PER_MS = 16;
/** Nobody waits for less. */
const FLOOR_BYTES_PER_MS = 0.5;
/** A line may become so much slower than it was before anybody gives up. */
const PATIENCE = 4;
const MOST_EXTRA_MS = 3_600_000;
/** What is under way together is over after about this long … */
const TOGETHER_MS = 20_000;
/** … and one body of several chunks after this long: a body that breaks off is sent again as a whole. */
const BODY_MS = 10_000;

/** One body on its way up. */
export interface Crossing {
  readonly bytes: number;
  /** What it may take beyond its own deadline, because of what shares the line with it and of how slow that is. */
  readonly extraMs: number;
  readonly began: number;
  /** What had come through when it began. */
  readonly throughBefore: number;
}

export class LinePace {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #crossing = 0;
  #through = 0;
  /** Bytes per millisecond; null: nothing was measured yet. */
  #rate: number | null = null;
  #slowest = SLOWEST_BYTES_PER_MS;
  #lateAt = Number.NEGATIVE_INFINITY;
  #taken = 0;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** How large a body of several chunks may become. */
  bodyBytes(most: number): number {
    if (this.#rate === null) return most;
    return Math.min(most, Math.max(TELLING_BYTES, this.#rate * BODY_MS));
  }

  begin(bytes: number): Crossing {
    this.#crossing += bytes;
    const needed = Math.min(MOST_EXTRA_MS, this.#crossing / this.#slowest);
    return {
      bytes,
      extraMs: Math.max(0, Math.ceil(needed - bytes / SLOWEST_BYTES_PER_MS)),
      began: this.#clock.monotonic(),
      throughBefore: this.#through,
    };
  }

  /** `late`: its time ran out before an answer came. `broken`: it ended in a way that tells nothing of the line. */
  end(crossing: Crossing, how: 'through' | 'late' | 'broken'): void {
    if (how === 'through') this.#came(crossing);
    if (how === 'late') this.#ranOut(crossing);
    this.#crossing -= crossing.bytes;
  }

  /**
   * Resolves when so much may be sent besides what is already; to be given back. As long as nothing is known of the line
   * one body goes alone.
   */
  room(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#taken += bytes;
      return Promise.resolve();
    }
    return new Promise((go) => this.#waiting.push({ bytes, go }));
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#taken += next.bytes;
      next.go();
    }
  }

  #fits(bytes: number): boolean {
    return this.#taken === 0 || (this.#rate !== null && this.#taken + bytes <= this.#rate * TOGETHER_MS);
  }

  #came(crossing: Crossing): void {
    this.#through += crossing.bytes;
    const ms = Math.max(1, this.#clock.monotonic() - crossing.began);
    // What others brought through meanwhile had its part of the line.
    const rate = (this.#through - crossing.throughBefore) / ms;
    this.#rate = this.#rate === null ? rate : (this.#rate + rate) / 2;
    this.#slowest = Math.min(SLOWEST_BYTES_PER_MS, Math.max(FLOOR_BYTES_PER_MS, this.#rate / PATIENCE));
  }

  /** The next try has twice the time, or none would ever do. What ran out together tells it once. */
  #ranOut(crossing: Crossing): void {
    if (crossing.began < this.#lateAt) return;
    const now = this.#clock.monotonic();
    this.#lateAt = now;
    const atMost = this.#crossing / Math.max(1, now - crossing.began);
    this.#rate = Math.min(this.#rate ?? atMost, atMost) / 2;
    this.#slowest = Math.max(FLOOR_BYTES_PER_MS, this.#slowest / 2);
  }
}
