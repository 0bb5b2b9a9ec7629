/** A transport whose answers a test writes, a clock that only sleeps move, and chance that never varies. */
import type { Clock, Random } from '../../src/engine/environment/environment.ts';
import type {
  Transport,
  TransportOutcome,
  TransportRequest,
} from '../../src/engine/environment/transport.ts';
import type { Account, CallParts } from '../../src/engine/remote/call.ts';

export const SERVER_ID = 'a'.repeat(32);
export const ACCOUNT: Account = {
  serverUrl: 'http://127.0.0.1:1',
  serverId: SERVER_ID,
  token: 't'.repeat(40),
  instance: '0'.repeat(32),
  generation: 3,
  device: '018f0000-0000-7000-8000-000000000001',
};

/** Time passes only where a test or a sleep says so. */
export class JumpingClock implements Clock {
  at = 1000;
  readonly slept: number[] = [];

  now(): number {
    return 1_800_000_000_000 + this.at;
  }

  monotonic(): number {
    return this.at;
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.at += ms;
    return Promise.resolve();
  }

  after(): () => void {
    throw new Error('no timers here');
  }
}

export const HALF: Random = {
  bytes: (count) => new Uint8Array(count).fill(7),
  fraction: () => 0.5,
};

export type Script = (
  request: TransportRequest,
  call: number,
) => TransportOutcome | Promise<TransportOutcome>;

export class ScriptedTransport implements Transport {
  readonly requests: TransportRequest[] = [];
  readonly #script: Script;
  bytesSent = 0;
  bytesReceived = 0;

  constructor(script: Script) {
    this.#script = script;
  }

  async exchange(request: TransportRequest): Promise<TransportOutcome> {
    this.requests.push(request);
    this.bytesSent += request.body?.length ?? 0;
    const outcome = await this.#script(request, this.requests.length - 1);
    if (outcome.kind === 'response') this.bytesReceived += outcome.body.length;
    return outcome;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export function response(
  status: number,
  body: string | Uint8Array | object,
  headers: Readonly<Record<string, string>> = {},
): Extract<TransportOutcome, { readonly kind: 'response' }> {
  const json = typeof body === 'object' && !(body instanceof Uint8Array);
  const text = json ? JSON.stringify(body) : body;
  return {
    kind: 'response',
    status,
    headers: { 'x-tidemark-server': SERVER_ID, 'content-type': 'application/json', ...headers },
    body: typeof text === 'string' ? new TextEncoder().encode(text) : text,
  };
}

export function bodyOf(request: TransportRequest | undefined): unknown {
  return JSON.parse(new TextDecoder().decode(request?.body ?? new Uint8Array()));
}

export function callParts(script: Script): CallParts & {
  readonly transport: ScriptedTransport;
  readonly clock: JumpingClock;
} {
  return {
    transport: new ScriptedTransport(script),
    clock: new JumpingClock(),
    random: HALF,
    log: () => {},
    account: ACCOUNT,
  };
}
