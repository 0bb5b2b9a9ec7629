/** One exchange below HTTP, and the effects the server core may use. The simulation speaks this directly. */

export interface ServerRequest {
  readonly method: string;
  /** Path and query, beginning with `/`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Where it came from, for limits. */
  readonly remote: string;
  /** Aborts when the asker is gone. */
  readonly signal?: AbortSignal;
}

export interface ServerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Only ever set by a fault: the connection breaks after this many bytes of the body (0: before the answer). */
  readonly cutAfter: number | null;
}

export interface ServerClock {
  /** Wall milliseconds: display, expiry. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ServerRandom {
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1). */
  fraction(): number;
}

export type ServerLog = (level: 'info' | 'warn' | 'error', message: string, facts?: object) => void;
