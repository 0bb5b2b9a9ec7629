/**
 * New connections come in a few at a time, in the order in which they came. When ten thousand devices come back at once,
 * what those that are in already ask for is answered between two of them, and not behind all of them.
 */
import type { Server, Socket } from 'node:net';

/** Connections whose first request is under way. */
const MOST = 8;
/** One that says nothing, or waits on purpose, or takes long over its first request, keeps nobody out for longer. */
const LONGEST_MS = 50;

type Enter = (socket: Socket) => void;

export class Door {
  readonly #most: number;
  readonly #longestMs: number;
  #waiting: { readonly socket: Socket; readonly enter: Enter }[] = [];
  /** Those at the door of whom all before `#next` went in. */
  #next = 0;
  readonly #inside = new Map<Socket, NodeJS.Timeout>();
  #isPausing = false;

  constructor(most = MOST, longestMs = LONGEST_MS) {
    this.#most = most;
    this.#longestMs = longestMs;
  }

  /** Stands before whatever the server does with a new connection. `event`: how it hears of one. */
  guard(server: Server, event: 'connection' | 'secureConnection'): void {
    const listeners = server.listeners(event);
    server.removeAllListeners(event);
    server.on(event, (socket: Socket) => {
      this.come(socket, () => {
        for (const listener of listeners) Reflect.apply(listener, server, [socket]);
      });
    });
  }

  come(socket: Socket, enter: Enter): void {
    // Until somebody reads from it, nobody else would hear that it broke.
    socket.on('error', ignore);
    this.#waiting.push({ socket, enter });
    this.#admit();
  }

  /** Its first request was answered. */
  passed(socket: Socket): void {
    const timer = this.#inside.get(socket);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#inside.delete(socket);
    // Whoever is in already has a turn first.
    if (this.#isPausing) return;
    this.#isPausing = true;
    setImmediate(() => {
      this.#isPausing = false;
      this.#admit();
    });
  }

  /** Nobody comes in any more. */
  close(): void {
    for (const { socket } of this.#waiting.slice(this.#next)) socket.destroy();
    this.#waiting = [];
    this.#next = 0;
  }

  #admit(): void {
    while (this.#inside.size < this.#most && this.#next < this.#waiting.length) {
      const first = this.#waiting[this.#next];
      this.#next += 1;
      if (first === undefined || first.socket.destroyed) continue;
      const { socket, enter } = first;
      this.#inside.set(
        socket,
        setTimeout(() => this.passed(socket), this.#longestMs),
      );
      socket.once('close', () => this.passed(socket));
      enter(socket);
      socket.off('error', ignore);
    }
    if (this.#next > this.#waiting.length / 2) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
  }
}

function ignore(): void {}
