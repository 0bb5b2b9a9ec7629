/** One process's way to the server: the handlers of the server with the real codecs in between, over a line that fails. */

import type { ServerAnswer } from '../../server-stub/exchange.ts';
import type {
  Transport,
  TransportOutcome,
  TransportRequest,
} from '../../src/engine/environment/transport.ts';
import type { Domain } from './clock.ts';
import { pathOf, type SimNetwork } from './sim-network.ts';
import type { SimServer } from './sim-server.ts';

export type TransportTrace = (line: string) => void;

function unreachable(detail: string): TransportOutcome {
  return { kind: 'unreachable', detail };
}

export class SimTransport implements Transport {
  bytesSent = 0;
  bytesReceived = 0;
  readonly #server: SimServer;
  readonly #network: SimNetwork;
  readonly #domain: Domain;
  readonly #trace: TransportTrace;

  constructor(
    server: SimServer,
    network: SimNetwork,
    domain: Domain,
    trace: TransportTrace = () => undefined,
  ) {
    this.#server = server;
    this.#network = network;
    this.#domain = domain;
    this.#trace = trace;
  }

  exchange(request: TransportRequest): Promise<TransportOutcome> {
    // What a process would have sent in the very instant in which it was killed never leaves.
    if (this.#domain.dead) return new Promise(() => undefined);
    const name = `${this.#domain.name} ${request.method} ${pathOf(request)}`;
    this.#trace(`${name} ${request.body?.length ?? 0}`);
    const outcome = this.#whicheverFirst(request);
    return outcome.then((result) => {
      this.#trace(
        `${name} → ${result.kind === 'response' ? `${result.status} ${result.body.length}` : result.kind}`,
      );
      return result;
    });
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  /** The answer, the deadline, the caller's change of mind or a cut line: whichever comes first. */
  #whicheverFirst(request: TransportRequest): Promise<TransportOutcome> {
    if (request.signal?.aborted) return Promise.resolve({ kind: 'aborted' });
    const { promise, resolve } = Promise.withResolvers<TransportOutcome>();
    const gone = new AbortController();
    const onAbort = (): void => end({ kind: 'aborted' });
    const stopDeadline = this.#domain.after(request.timeoutMs, () => end(unreachable('deadline')));
    const stopCut = this.#network.onCut(() => {
      if (this.#domain.dead) gone.abort('over');
      else this.#domain.after(this.#latency(), () => end(unreachable('cut')));
    });
    const end = (outcome: TransportOutcome): void => {
      stopDeadline();
      stopCut();
      request.signal?.removeEventListener('abort', onAbort);
      // With a reason of its own: the usual one is an error with a stack, which costs more than the request.
      gone.abort('over');
      resolve(outcome);
    };
    request.signal?.addEventListener('abort', onAbort, { once: true });
    void this.#travel(request, gone.signal).then((outcome) => {
      if (outcome !== null) end(outcome);
    });
    return promise;
  }

  /** There and back; `null` when nothing ever comes back and the deadline must tell. */
  async #travel(request: TransportRequest, gone: AbortSignal): Promise<TransportOutcome | null> {
    const network = this.#network;
    await this.#domain.sleep(this.#latency());
    if (!network.online) return unreachable('offline');
    this.bytesSent += request.body?.length ?? 0;
    if (network.loses('request', request)) return this.#lost('request');
    if (network.loses('late', request)) {
      this.#arriveLate(request);
      return this.#lost('request');
    }
    network.count(request, this.#domain.monotonic());
    if (network.happens('duplicate')) this.#again(request);
    const answer = await this.#ask(request, gone);
    if (answer === null) return unreachable('server gone');
    if (network.committed(request)) return null;
    if (network.loses('reply', request)) return this.#lost('reply');
    await this.#domain.sleep(this.#latency());
    if (network.happens('stall')) await this.#domain.sleep(network.stream.fraction() * 60_000);
    if (!network.online) return unreachable('offline');
    return this.#arrived(answer, request);
  }

  /** A broken connection is mostly noticed at once, and sometimes only by the deadline. */
  async #lost(part: string): Promise<TransportOutcome | null> {
    if (this.#network.stream.chance(0.1)) return null;
    await this.#domain.sleep(this.#latency());
    return unreachable(`lost ${part}`);
  }

  #arrived(answer: ServerAnswer, request: TransportRequest): TransportOutcome {
    const { status, headers, body } = answer;
    if (answer.cutAfter !== null) return unreachable('broke off');
    if (body.length > request.maxResponseBytes) return unreachable('answer too large');
    this.bytesReceived += body.length;
    return { kind: 'response', status, headers, body: body.slice() };
  }

  /** Whoever sent it has given it up, or is gone: the network has it still. */
  #arriveLate(request: TransportRequest): void {
    const { afterwards } = this.#network;
    afterwards?.(this.#network.stream.fraction() * 60_000, () => {
      void this.#ask(request, new AbortController().signal);
    });
  }

  /** The same request once more, a little later, with nobody waiting for the answer. */
  #again(request: TransportRequest): void {
    this.#domain.after(this.#latency() * 3, () => {
      void this.#ask(request, new AbortController().signal);
    });
  }

  #ask(request: TransportRequest, signal: AbortSignal): Promise<ServerAnswer | null> {
    return this.#server.handle({
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: request.body?.slice() ?? null,
      remote: '127.0.0.1',
      signal,
    });
  }

  /** Milliseconds one way. */
  #latency(): number {
    return 0.5 + this.#network.stream.fraction() * 9.5;
  }
}
