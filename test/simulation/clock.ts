/**
 * Virtual time. Nothing in a simulated run waits for the machine: timers sit in a heap, the earliest fires, and all
 * promises it sets in motion run dry before the next. Events of one instant fire in an order drawn from the schedule
 * stream, so that races are explored and yet repeat exactly under the same seed.
 */
import type { Clock } from '../../src/engine/environment/environment.ts';
import type { Stream } from './random.ts';

interface Timer {
  readonly at: number;
  readonly tie: number;
  readonly order: number;
  readonly domain: Domain;
  readonly fire: () => void;
  cancelled: boolean;
}

/** 2026-09-18 18:02 UTC: names of conflict copies look as in the documentation. */
export const EPOCH_MS = Date.UTC(2026, 8, 18, 18, 2);

function earlier(a: Timer, b: Timer): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;
}

export class SimTime {
  readonly #heap: Timer[] = [];
  readonly #schedule: Stream;
  #elapsed = 0;
  /** Events so far: what a run costs, whatever its clock says. */
  fired = 0;
  /** Told after each event, when everything it set in motion has run dry. */
  onEvent: () => void = () => undefined;
  #order = 0;
  /** Grows with every timer set and fired: tells whether a turn of the event loop moved anything. */
  #activity = 0;
  /** Work that ends without a timer (none is expected, but a barrier must not pass before it). */
  #outside = 0;

  constructor(schedule: Stream) {
    this.#schedule = schedule;
  }

  /** Milliseconds since the run began, fractions included. */
  get elapsed(): number {
    return this.#elapsed;
  }

  get wallMs(): number {
    return EPOCH_MS + this.#elapsed;
  }

  get wallNs(): bigint {
    return BigInt(EPOCH_MS) * 1_000_000n + BigInt(Math.floor(this.#elapsed * 1_000_000));
  }

  domain(name: string): Domain {
    return new Domain(this, name);
  }

  set(domain: Domain, delay: number, fire: () => void): () => void {
    const timer: Timer = {
      at: this.#elapsed + Math.max(0, delay),
      tie: this.#schedule.word(),
      order: this.#order,
      domain,
      fire,
      cancelled: false,
    };
    this.#order += 1;
    this.#activity += 1;
    this.#push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Marks work that is neither a timer nor a microtask, so that time stands still until it is done. */
  async outside<T>(work: Promise<T>): Promise<T> {
    this.#outside += 1;
    try {
      return await work;
    } finally {
      this.#outside -= 1;
      this.#activity += 1;
    }
  }

  /** Lets every promise that can go on go on. */
  async settle(): Promise<void> {
    for (;;) {
      const before = this.#activity;
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#activity === before && this.#outside === 0) return;
    }
  }

  /** Fires the next event; false when there is none up to `deadline`, and time then stands there. */
  #step(deadline: number): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > deadline) {
        if (deadline !== Number.POSITIVE_INFINITY) this.#elapsed = Math.max(this.#elapsed, deadline);
        return false;
      }
      this.#pop();
      if (next.cancelled || next.domain.dead) continue;
      this.#elapsed = next.at;
      this.#activity += 1;
      this.fired += 1;
      next.fire();
      return true;
    }
  }

  /** Runs for `ms` of virtual time, or until `done` says so after an event; true when `done` did. */
  async run(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const deadline = this.#elapsed + ms;
    for (;;) {
      await this.settle();
      this.onEvent();
      if (done()) return true;
      if (!this.#step(deadline)) return false;
    }
  }

  /** Drives time until `work` is over, and gives its result; throws when it takes longer than `limit`. */
  async drive<T>(work: Promise<T>, limit: number, what: string): Promise<T> {
    let over = false;
    const watched = work.finally(() => {
      over = true;
    });
    watched.catch(() => undefined);
    if (!(await this.run(limit, () => over))) {
      throw new Error(`${what} did not end within ${limit / 1000} s of virtual time`);
    }
    return watched;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!earlier(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child += 1;
      if (!earlier(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

/**
 * Everything of one process: its timers die with it. A promise that waits for a timer of a killed domain never ends,
 * which is exactly what becomes of code whose process is gone.
 */
export class Domain implements Clock {
  readonly name: string;
  readonly #time: SimTime;
  #dead = false;
  /** How far this machine's wall clock is off. */
  skewMs = 0;

  constructor(time: SimTime, name: string) {
    this.#time = time;
    this.name = name;
  }

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
  }

  now(): number {
    return Math.floor(this.#time.wallMs + this.skewMs);
  }

  monotonic(): number {
    return this.#time.elapsed;
  }

  after(ms: number, fn: () => void): () => void {
    return this.#time.set(this, ms, fn);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#time.set(this, ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      const onAbort = (): void => {
        cancel();
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
