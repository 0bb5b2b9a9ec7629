/** Receives request bodies: bounded each, and bounded together. */
import type { IncomingMessage } from 'node:http';
import { SharedMemory } from './shared-memory.ts';

export type ReceivedBody =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  /** The sender broke off. */
  | { readonly kind: 'gone' };

/** Bodies from here on are received into shared memory: the chunk store's threads then work on it without a copy. */
const SHARED_FROM = 64 * 1024;
/**
 * A body that brings less than this in this time is cut off: its memory is kept from others. Time in all would be wrong:
 * on a line of a few KB/s the largest chunk takes an hour, and would never get through.
 */
const LEAST_BYTES = 16 * 1024;
const LOOK_EVERY_MS = 60_000;
/** Bodies in memory at one time; what comes on top waits, and TCP holds its sender back. */
const TOGETHER = 192 * 1024 * 1024;

export class BodyReceiver {
  readonly #shared = new SharedMemory();
  #used = 0;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  /** Receives one body; `release` is to be called once nothing reads it any more: its memory is used again. */
  async receive(
    message: IncomingMessage,
    limit: number,
  ): Promise<{ readonly received: ReceivedBody; readonly release: () => void }> {
    const told = message.headers['content-length'];
    const length = told === undefined ? null : Number(told);
    if (length !== null && length > limit) return { received: { kind: 'too-large' }, release: () => {} };
    const isEmpty = length === 0 || (length === null && message.headers['transfer-encoding'] === undefined);
    if (isEmpty) return { received: { kind: 'body', bytes: new Uint8Array(0) }, release: () => {} };
    const bytes = length ?? limit;
    await this.#take(bytes);
    const lent = length !== null && length >= SHARED_FROM ? this.#shared.lend(length) : null;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      lent?.giveBack();
      this.#give(bytes);
    };
    const received = await (length === null
      ? gather(message, limit)
      : fill(message, lent?.bytes ?? new Uint8Array(length)));
    return { received, release };
  }

  #take(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && (this.#used === 0 || this.#used + bytes <= TOGETHER)) {
      this.#used += bytes;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push({ bytes, go: resolve }));
  }

  #give(bytes: number): void {
    this.#used -= bytes;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#used > 0 && this.#used + next.bytes > TOGETHER) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.go();
    }
  }
}

/** A body whose length was told. */
function fill(message: IncomingMessage, bytes: Uint8Array): Promise<ReceivedBody> {
  const { length } = bytes;
  let filled = 0;
  return reading(
    message,
    (part) => {
      if (filled + part.length > length) return false;
      bytes.set(part, filled);
      filled += part.length;
      return true;
    },
    () => (filled === length ? bytes : null),
  );
}

/** A body in pieces, of a length that nobody told. */
function gather(message: IncomingMessage, limit: number): Promise<ReceivedBody> {
  const parts: Buffer[] = [];
  let size = 0;
  return reading(
    message,
    (part) => {
      size += part.length;
      parts.push(part);
      return size <= limit;
    },
    () => Buffer.concat(parts),
  );
}

function reading(
  message: IncomingMessage,
  take: (part: Buffer) => boolean,
  whole: () => Uint8Array | null,
): Promise<ReceivedBody> {
  // Broken off while we asked who sends it, or while it waited for memory: it says nothing about that any more.
  if (message.destroyed) return Promise.resolve({ kind: 'gone' });
  return new Promise((resolve) => {
    let since = 0;
    const looks = setInterval(() => {
      if (since < LEAST_BYTES) message.destroy();
      since = 0;
    }, LOOK_EVERY_MS);
    const end = (body: ReceivedBody) => {
      clearInterval(looks);
      message.removeListener('data', onData);
      resolve(body);
    };
    const onData = (part: Buffer) => {
      since += part.length;
      if (!take(part)) end({ kind: 'too-large' });
    };
    message.on('data', onData);
    message.once('end', () => {
      const bytes = whole();
      end(bytes === null ? { kind: 'gone' } : { kind: 'body', bytes });
    });
    message.once('error', () => end({ kind: 'gone' }));
    message.once('close', () => end({ kind: 'gone' }));
  });
}
