/** One HTTP exchange. Below it: undici, or in the simulation the server's handlers with the real codecs between. */
import type { EngineSettings } from '../../ipc/settings.ts';

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, beginning with /v1. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  readonly timeoutMs: number;
  /** Largest body this call accepts. */
  readonly maxResponseBytes: number;
  /** Where the body of the answer may be put, if it fits; nothing is written there once the call has its outcome. */
  readonly into?: Uint8Array;
  readonly signal?: AbortSignal;
  /** The answer may be held back until there is news: it must not keep other calls waiting for a connection. */
  readonly parks?: true;
}

export type TransportOutcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  /** Nobody answered, or the answer broke off: whether the server acted is unknown. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** Somebody answered who could not prove to be the server: nothing was sent. */
  | { readonly kind: 'untrusted'; readonly detail: string }
  /** An answer came that is larger than this call accepts; it was not read to its end. */
  | { readonly kind: 'oversized'; readonly detail: string }
  | { readonly kind: 'aborted' };

export interface Transport {
  exchange(request: TransportRequest): Promise<TransportOutcome>;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Takes the user's limits and proxy over, from now on. Absent where there is no line to limit. */
  readonly configure?: (settings: EngineSettings) => void;
  close(): Promise<void>;
}
