/**
 * Long polls, in memory: a poll waits here until another device commits. Losing a wake-up costs latency only, since every
 * poll begins by comparing cursors; so nothing here has to survive anything.
 */
import type { DeviceId, NamespaceId } from '../../src/protocol/ids.ts';
import type { ServerClock } from '../exchange.ts';

/** `notice`: nothing was committed, but a peer began something worth showing. */
export type WakeReason = 'changed' | 'notice' | 'timeout' | 'closing';

/** Reconnects after a stop are spread over this long at least, and over so much for each of them. */
const LEAST_SPREAD_MS = 2000;
const SPREAD_EACH_MS = 2;

interface Poll {
  readonly namespace: NamespaceId;
  readonly device: DeviceId;
  /** Name of whose device it is, where it is to hear of shares. */
  readonly user: string | null;
  readonly wake: (reason: WakeReason) => void;
}

export class NotifyHub {
  readonly #clock: ServerClock;
  readonly #most: number;
  /** Oldest first. */
  readonly #polls = new Map<NamespaceId, Set<Poll>>();
  #closing = false;
  /** Polls that were open when it closed: so many come back. */
  #ended = 0;

  constructor(clock: ServerClock, pollsPerDevice: number) {
    this.#clock = clock;
    this.#most = pollsPerDevice;
  }

  /** Begins to wait at once; what is committed after this call is not missed. `signal`: the asker is gone. */
  wait(
    namespace: NamespaceId,
    device: DeviceId,
    ms: number,
    signal?: AbortSignal,
    user: string | null = null,
  ): Promise<WakeReason> {
    if (this.#closing) return Promise.resolve('closing');
    return new Promise((resolve) => {
      const timer = new AbortController();
      const polls = this.#polls.get(namespace) ?? new Set();
      this.#polls.set(namespace, polls);
      const poll: Poll = {
        namespace,
        device,
        user,
        wake: (reason) => {
          if (!polls.delete(poll)) return;
          if (polls.size === 0 && this.#polls.get(namespace) === polls) this.#polls.delete(namespace);
          signal?.removeEventListener('abort', gone);
          timer.abort();
          resolve(reason);
        },
      };
      const gone = () => poll.wake('timeout');
      this.#makeRoom(polls, device);
      polls.add(poll);
      this.#polls.set(namespace, polls);
      signal?.addEventListener('abort', gone);
      if (signal?.aborted) gone();
      else void this.#clock.sleep(ms, timer.signal).then(gone);
    });
  }

  /** Something was committed by this device: everybody else looks. */
  committed(namespace: NamespaceId, by: DeviceId): void {
    this.#wakeOthers(namespace, by, 'changed');
  }

  /** This device began to upload something that takes a while. */
  uploading(namespace: NamespaceId, by: DeviceId): void {
    this.#wakeOthers(namespace, by, 'notice');
  }

  /** What is shared with this user, or their role or place in it, is another one. */
  sharesChanged(user: string): void {
    for (const polls of [...this.#polls.values()])
      for (const poll of [...polls]) if (poll.user === user) poll.wake('notice');
  }

  /** Ends the polls of a device that is not linked any more. */
  endDevice(device: DeviceId): void {
    for (const polls of [...this.#polls.values()])
      for (const poll of [...polls]) if (poll.device === device) poll.wake('timeout');
  }

  close(): void {
    this.#closing = true;
    for (const polls of this.#polls.values()) this.#ended += polls.size;
    for (const polls of [...this.#polls.values()]) for (const poll of [...polls]) poll.wake('closing');
  }

  /** How long those that come back after a stop are spread over. */
  get spreadMs(): number {
    return Math.max(LEAST_SPREAD_MS, this.#ended * SPREAD_EACH_MS);
  }

  /** Polls that wait now. */
  get parked(): number {
    let count = 0;
    for (const polls of this.#polls.values()) count += polls.size;
    return count;
  }

  get closing(): boolean {
    return this.#closing;
  }

  #wakeOthers(namespace: NamespaceId, by: DeviceId, reason: WakeReason): void {
    for (const poll of [...(this.#polls.get(namespace) ?? [])]) if (poll.device !== by) poll.wake(reason);
  }

  /** A device that lost connections may have polls nobody reads; they must not add up. */
  #makeRoom(polls: ReadonlySet<Poll>, device: DeviceId): void {
    const own = [...polls].filter((poll) => poll.device === device);
    for (const poll of own.slice(0, Math.max(0, own.length - this.#most + 1))) poll.wake('timeout');
  }
}
