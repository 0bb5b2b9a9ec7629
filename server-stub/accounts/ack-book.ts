/**
 * What devices say they have durably applied. It rides on requests that should not wait for a write, so it is noted here
 * and written behind them, once in a while per device; lost with the process, it rides on the next request again.
 */
import type { Cursor } from '../../src/protocol/journal.ts';
import type { ServerLog } from '../exchange.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Metadata } from '../metadata/rules.ts';
import type { DeviceSession } from './accounts.ts';

const CURSOR_EVERY_MS = 1000;
const SEEN_EVERY_MS = 60_000;

interface Known {
  written: number;
  seenAt: number;
  cursor: string;
}

export interface AckBookParts {
  readonly store: MetadataStore;
  readonly metadata: Metadata;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly log: ServerLog;
}

export class AckBook {
  readonly #parts: AckBookParts;
  readonly #known = new Map<string, Known>();
  readonly #writing = new Set<Promise<void>>();

  constructor(parts: AckBookParts) {
    this.#parts = parts;
  }

  /** `cursor` null: the device was only seen. */
  note(session: DeviceSession, cursor: Cursor | null): void {
    const at = this.#parts.monotonic();
    const id = session.device.id;
    const known = this.#known.get(id) ?? { written: -Infinity, seenAt: -Infinity, cursor: '' };
    this.#known.set(id, known);
    const text = cursor === null ? known.cursor : `${cursor.epoch}.${cursor.seq}`;
    const isSeen = at - known.seenAt >= SEEN_EVERY_MS;
    const isNews = text !== known.cursor && at - known.written >= CURSOR_EVERY_MS;
    if (isSeen) {
      known.seenAt = at;
      this.#behind(this.#touch(session));
    }
    if (isNews && cursor !== null) {
      known.written = at;
      known.cursor = text;
      this.#behind(this.#parts.metadata.ackCursor(session.caller, cursor));
    }
  }

  /** Waits for what is being written. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #touch(session: DeviceSession): Promise<void> {
    const { store, now } = this.#parts;
    return store.write(async (tx) => {
      await tx.touchDevice(session.device.id, now());
    });
  }

  #behind(write: Promise<void>): void {
    const settled = write.catch((cause: unknown) => {
      this.#parts.log('warn', 'a cursor could not be recorded', { cause: String(cause) });
    });
    this.#writing.add(settled);
    void settled.finally(() => this.#writing.delete(settled));
  }
}
