/**
 * Who is there, and what they send this moment. In memory and by the monotonic clock: nothing is decided by it, it takes no
 * part in a commit, and a restart begins it anew.
 */
import type { DeviceId, NamespaceId } from '../../src/protocol/ids.ts';
import type { Sending } from '../../src/protocol/presence.ts';

/** A device between two of its polls is still there. */
const THERE_MS = 20_000;
/** Repeated every two seconds while it is so. */
const SENDING_MS = 10_000;
/** Peers are woken for it at most so often by one device. */
const WAKE_EVERY_MS = 1000;
/** Devices that were not heard of for long are forgotten when there are more than this. */
const REMEMBERED = 20_000;

interface Known {
  heardAt: number;
  polls: number;
  sending: {
    readonly namespace: NamespaceId;
    readonly files: readonly Sending[];
    readonly at: number;
  } | null;
  wokeAt: number;
}

export class Presence {
  readonly #monotonic: () => number;
  /** The one not heard of for longest first. */
  readonly #known = new Map<DeviceId, Known>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** A request of it arrived. */
  heard(device: DeviceId): void {
    this.#of(device).heardAt = this.#monotonic();
  }

  /** It waits for news; whoever calls says when that ends. */
  waits(device: DeviceId): () => void {
    const known = this.#of(device);
    known.polls += 1;
    return () => {
      known.polls -= 1;
      known.heardAt = this.#monotonic();
    };
  }

  isThere(device: DeviceId): boolean {
    const known = this.#known.get(device);
    return known !== undefined && (known.polls > 0 || known.heardAt >= this.#monotonic() - THERE_MS);
  }

  /** True: the others may be woken for it. */
  sends(device: DeviceId, namespace: NamespaceId, files: readonly Sending[]): boolean {
    const known = this.#of(device);
    const at = this.#monotonic();
    const ended = files.length === 0 && known.sending !== null;
    known.sending = files.length === 0 ? null : { namespace, files, at };
    if (!ended && (files.length === 0 || known.wokeAt > at - WAKE_EVERY_MS)) return false;
    known.wokeAt = at;
    return true;
  }

  /** What it said last, while that is fresh. */
  sending(device: DeviceId, namespace: NamespaceId): readonly Sending[] {
    const said = this.#known.get(device)?.sending;
    if (!said || said.namespace !== namespace || said.at < this.#monotonic() - SENDING_MS) return [];
    return said.files;
  }

  #of(device: DeviceId): Known {
    const known = this.#known.get(device) ?? {
      heardAt: this.#monotonic(),
      polls: 0,
      sending: null,
      wokeAt: Number.NEGATIVE_INFINITY,
    };
    this.#known.delete(device);
    this.#known.set(device, known);
    this.#forgetOld();
    return known;
  }

  #forgetOld(): void {
    if (this.#known.size <= REMEMBERED) return;
    for (const [device, { polls }] of this.#known) {
      if (polls > 0) continue;
      this.#known.delete(device);
      return;
    }
  }
}
