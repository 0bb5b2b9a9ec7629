/**
 * A line that takes so many bytes a second, shared by all that is on it at a time, in time that passes only when nothing
 * else happens: minutes of waiting are over at once, and the same every time.
 */
import { setImmediate as soon } from 'node:timers/promises';
import type { Clock } from '../../src/engine/environment/environment.ts';
import type {
  Transport,
  TransportOutcome,
  TransportRequest,
} from '../../src/engine/environment/transport.ts';

interface Flow {
  left: number;
  readonly dueAt: number;
  readonly end: (isThrough: boolean) => void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Turns of the event loop after which whoever could go on has gone on. */
const QUIET_TURNS = 12;

export class SlowLine implements Transport {
  readonly #far: Transport;
  /** May change at any time. */
  bytesPerSecond: number;
  readonly #flows = new Set<Flow>();
  readonly #sleepers = new Set<Sleeper>();
  #at = 0;
  #isRunning = false;
  bytesSent = 0;
  bytesReceived = 0;
  /** Calls whose time ran out. */
  givenUp = 0;

  constructor(far: Transport, bytesPerSecond: number) {
    this.#far = far;
    this.bytesPerSecond = bytesPerSecond;
  }

  readonly clock: Clock = {
    now: () => 1_800_000_000_000 + this.#at,
    monotonic: () => this.#at,
    sleep: (ms) => new Promise((wake) => this.#sleep({ at: this.#at + ms, wake })),
    after: () => {
      throw new Error('no timers here');
    },
  };

  get seconds(): number {
    return this.#at / 1000;
  }

  async exchange(request: TransportRequest): Promise<TransportOutcome> {
    const left = request.body?.length ?? 0;
    const isThrough = await new Promise<boolean>((end) => {
      this.#flows.add({ left, dueAt: this.#at + request.timeoutMs, end });
      this.#run();
    });
    if (isThrough) return this.#far.exchange(request);
    this.givenUp += 1;
    return { kind: 'unreachable', detail: 'no whole answer in time' };
  }

  close(): Promise<void> {
    return this.#far.close();
  }

  #sleep(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper);
    this.#run();
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#pass().finally(() => {
      this.#isRunning = false;
    });
  }

  async #pass(): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) await soon();
      if (this.#flows.size + this.#sleepers.size === 0) return;
      const share = this.bytesPerSecond / 1000 / Math.max(1, this.#flows.size);
      let next = Number.POSITIVE_INFINITY;
      for (const { left, dueAt } of this.#flows) next = Math.min(next, this.#at + left / share, dueAt);
      for (const { at } of this.#sleepers) next = Math.min(next, at);
      this.#move(next, share);
    }
  }

  #move(next: number, share: number): void {
    const bytes = (next - this.#at) * share;
    this.#at = next;
    for (const flow of [...this.#flows]) {
      this.bytesSent += Math.min(flow.left, bytes);
      flow.left -= bytes;
      const isThrough = flow.left < 1e-6;
      if (!isThrough && flow.dueAt > this.#at) continue;
      this.#flows.delete(flow);
      flow.end(isThrough);
    }
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.at > this.#at) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
