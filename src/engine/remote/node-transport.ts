/**
 * HTTP over undici: HTTP/1.1 with a few kept connections and no pipelining (HTTP/2 is slower here and fails under
 * parallel uploads). Redirects are never followed, so that the token goes to no other host. Certificates are those
 * of node-trust.ts; NODE_EXTRA_CA_CERTS adds authorities. The user's limits hold for large bodies; small ones are only counted.
 */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { EngineSettings } from '../../ipc/settings.ts';
import type { Clock } from '../environment/environment.ts';
import type { Transport, TransportOutcome, TransportRequest } from '../environment/transport.ts';
import { nodeClock } from '../local/node-clock.ts';
import { localTime, ratesAt } from './limit-schedule.ts';
import { dispatcherFor, type WayParts } from './node-dispatcher.ts';
import { Exchange, SMALL_BYTES } from './node-exchange.ts';
import { TokenBucket } from './token-bucket.ts';

export interface NodeTransportOptions extends WayParts {
  /** What limits are measured by. */
  readonly clock?: Clock;
}

/** What undici adds to a request: host, connection, content-length. */
const REQUEST_LINE_EXTRA = 80;
/** Pieces in which a limited body is sent … */
const LIMITED_PIECE = 8 * 1024;
/** … and any large one, so that it is seen whether the line takes it. */
const PIECE_BYTES = 128 * 1024;
/** One by each namespace of a device; more than anybody is in. */
const MOST_PARKED = 1024;

type Way = ReturnType<typeof dispatcherFor>;

export function createNodeTransport(options: NodeTransportOptions): Transport {
  return new NodeTransport(options);
}

class NodeTransport implements Transport {
  readonly #options: NodeTransportOptions;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #host: string;
  #settings: EngineSettings = { up: null, down: null, schedule: null, proxy: { kind: 'system' } };
  #dispatcher: Way;
  /** For calls that are parked, one by each share: among the others they would take all connections. */
  #parking: Way;
  /** Ways that were left, with what is still under way on them. */
  readonly #left = new Set<Dispatcher>();
  readonly #up: TokenBucket;
  readonly #down: TokenBucket;
  readonly #closing = new AbortController();
  bytesSent = 0;
  bytesReceived = 0;

  constructor(options: NodeTransportOptions) {
    const url = new URL(options.serverUrl);
    this.#options = options;
    this.#origin = url.origin;
    this.#host = url.host;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#dispatcher = this.#way();
    this.#parking = this.#way(MOST_PARKED);
    const clock = options.clock ?? nodeClock;
    const rate = (direction: 'up' | 'down') => () => {
      const { up, down, schedule } = this.#settings;
      if (up === null && down === null && schedule === null) return null;
      return ratesAt(this.#settings, localTime(clock.now()))[direction];
    };
    this.#up = new TokenBucket(clock, rate('up'));
    this.#down = new TokenBucket(clock, rate('down'));
  }

  readonly configure = (settings: EngineSettings): void => {
    const before = this.#settings.proxy;
    this.#settings = settings;
    if (JSON.stringify(before) === JSON.stringify(settings.proxy)) return;
    for (const old of [this.#dispatcher, this.#parking]) this.#leave(old);
    this.#dispatcher = this.#way();
    this.#parking = this.#way(MOST_PARKED);
  };

  #way(connections = this.#options.connections): Way {
    const options = connections === undefined ? this.#options : { ...this.#options, connections };
    return dispatcherFor(options, this.#settings.proxy);
  }

  /** What is under way ends on the way it took. */
  #leave(old: Way): void {
    if ('fault' in old) return;
    this.#left.add(old);
    const gone = () => void this.#left.delete(old);
    old.close().then(gone, gone);
  }

  exchange(request: TransportRequest): Promise<TransportOutcome> {
    const dispatcher = request.parks === true ? this.#parking : this.#dispatcher;
    if ('fault' in dispatcher) return Promise.resolve({ kind: 'unreachable', detail: dispatcher.fault });
    if (request.signal?.aborted) return Promise.resolve({ kind: 'aborted' });
    return new Promise((resolve) => {
      const exchange = new Exchange(request, resolve);
      exchange.onReceived = (bytes) => {
        this.bytesReceived += bytes;
      };
      exchange.holdBack = (bytes, isSmall) => this.#holdBack(bytes, isSmall);
      this.#dispatch(dispatcher, request, exchange);
    });
  }

  #dispatch(dispatcher: Dispatcher, request: TransportRequest, exchange: Exchange): void {
    const { body, method } = request;
    const path = this.#prefix + request.path;
    this.bytesSent += headBytes(request, path, this.#host);
    const isPaced = body !== null && body.length > (this.#up.isLimited ? SMALL_BYTES : PIECE_BYTES);
    if (body !== null && !isPaced) {
      this.bytesSent += body.length;
      this.#up.charge(body.length);
    }
    dispatcher.dispatch(
      {
        origin: this.#origin,
        path,
        method,
        headers: isPaced ? { ...request.headers, 'content-length': String(body.length) } : request.headers,
        body: isPaced
          ? Readable.from(this.#paced(body, exchange), { objectMode: true, highWaterMark: 1 })
          : body,
        // What moves, or waits for the limits, is not late: the deadline of the exchange knows that.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
  }

  async *#paced(body: Uint8Array, exchange: Exchange): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; ) {
      const { isLimited } = this.#up;
      const piece = body.subarray(at, at + (isLimited ? LIMITED_PIECE : PIECE_BYTES));
      if (isLimited) exchange.spare(await this.#up.take(piece.length, this.#closing.signal));
      if (exchange.ended) return;
      this.bytesSent += piece.length;
      at += piece.length;
      yield piece;
      exchange.sent(piece.length);
    }
  }

  #holdBack(bytes: number, isSmall: boolean): Promise<number> | null {
    if (this.#down.isLimited && !isSmall) return this.#down.take(bytes, this.#closing.signal);
    this.#down.charge(bytes);
    return null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const all = [...this.#left, this.#dispatcher, this.#parking];
    await Promise.all(all.map((each) => ('fault' in each ? null : each.destroy())));
  }
}

function headBytes(request: TransportRequest, path: string, host: string): number {
  let size = request.method.length + path.length + host.length + REQUEST_LINE_EXTRA;
  for (const [name, value] of Object.entries(request.headers)) size += name.length + value.length + 4;
  return size;
}
