/**
 * Every effect of the engine, in one injected object: the real one touches the machine, the simulated one is
 * deterministic under one seed. Nothing in the engine may reach around it.
 */
import type { Disk } from './disk.ts';
import type { Hashing } from './hashing.ts';
import type { Transport } from './transport.ts';
import type { Watch } from './watch.ts';

export interface Clock {
  /** Wall time, milliseconds since 1970. Names and displays only: it never decides. */
  now(): number;
  /** Milliseconds that never go back. Debounce, backoff and leases use this. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` after `ms`; the returned function cancels. */
  after(ms: number, fn: () => void): () => void;
}

export interface Random {
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1): jitter only. */
  fraction(): number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>) => void;

export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly watch: Watch;
  readonly transport: Transport;
  readonly log: Log;
  /** Bytes of memory in use by the engine, for status and for shedding caches. */
  memory(): number;
  /** Gives back what a burst of work left behind. Costs a moment: for when there is nothing to do. */
  releaseMemory(): void;
  /** Differs after every start of the machine; '' where the system tells no such thing. */
  bootId(): string;
}
