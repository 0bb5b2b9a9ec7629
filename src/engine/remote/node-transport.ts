/**
 * HTTP over undici: HTTP/1.1 with a few kept connections and no pipelining (HTTP/2 is slower here and fails under
 * parallel uploads). Redirects are never followed, so that the token goes to no other host. Certificates are Node's
 * business: NODE_EXTRA_CA_CERTS adds authorities.
 */
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Transport, TransportOutcome, TransportRequest } from '../environment/transport.ts';
import { isLoopback } from './server-url.ts';

export interface NodeTransportOptions {
  readonly serverUrl: string;
  /** Where `http_proxy`, `https_proxy` and `no_proxy` stand, in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Proxies are not used for loopback addresses unless this says so. */
  readonly proxyLoopback?: boolean;
  readonly connections?: number;
}

const CONNECTIONS = 6;
const CONNECT_MS = 10_000;
/** Idle time after which a connection is closed from here; a server's own shorter hint goes before. */
const KEEP_ALIVE_MS = 30_000;
const MOST_HEADER_BYTES = 32 * 1024;
/** What undici adds to a request: host, connection, content-length. */
const REQUEST_LINE_EXTRA = 80;
const STATUS_LINE_EXTRA = 20;

export function createNodeTransport(options: NodeTransportOptions): Transport {
  return new NodeTransport(options);
}

class NodeTransport implements Transport {
  readonly #origin: string;
  readonly #prefix: string;
  readonly #host: string;
  readonly #dispatcher: Dispatcher | { readonly fault: string };
  bytesSent = 0;
  bytesReceived = 0;

  constructor(options: NodeTransportOptions) {
    const url = new URL(options.serverUrl);
    this.#origin = url.origin;
    this.#host = url.host;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#dispatcher = dispatcherFor(url, options);
  }

  exchange(request: TransportRequest): Promise<TransportOutcome> {
    const dispatcher = this.#dispatcher;
    if ('fault' in dispatcher) return Promise.resolve({ kind: 'unreachable', detail: dispatcher.fault });
    if (request.signal?.aborted) return Promise.resolve({ kind: 'aborted' });
    return new Promise((resolve) => {
      const exchange = new Exchange(request, resolve);
      const path = this.#prefix + request.path;
      this.bytesSent += sentBytes(request, path, this.#host);
      exchange.onReceived = (bytes) => {
        this.bytesReceived += bytes;
      };
      dispatcher.dispatch(
        {
          origin: this.#origin,
          path,
          method: request.method,
          headers: request.headers,
          body: request.body,
          headersTimeout: request.timeoutMs,
          bodyTimeout: request.timeoutMs,
        },
        exchange,
      );
    });
  }

  async close(): Promise<void> {
    if ('fault' in this.#dispatcher) return;
    await this.#dispatcher.destroy();
  }
}

/** One request's way through undici: collects the answer under its bounds, and ends exactly once. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: TransportRequest;
  readonly #resolve: (outcome: TransportOutcome) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #onAbort: () => void;
  #controller: Dispatcher.DispatchController | null = null;
  #ended = false;
  #status = 0;
  #headers: Record<string, string> = {};
  /** Of the announced length, so that what the socket read is not kept; null when no length was announced. */
  #body: Uint8Array | null = null;
  #parts: Uint8Array[] = [];
  #size = 0;
  onReceived: (bytes: number) => void = () => {};

  constructor(request: TransportRequest, resolve: (outcome: TransportOutcome) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#onAbort = () => this.#stop({ kind: 'aborted' });
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#deadline = setTimeout(() => {
      this.#stop({ kind: 'unreachable', detail: `no whole answer within ${request.timeoutMs} ms` });
    }, request.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(new Error('given up before it began'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = {};
    let size = STATUS_LINE_EXTRA;
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const text = typeof value === 'string' ? value : value.join(', ');
      this.#headers[name.toLowerCase()] = text;
      size += name.length + text.length + 4;
    }
    this.onReceived(size);
    const length = Number(this.#headers['content-length'] ?? Number.NaN);
    if (length > this.#request.maxResponseBytes) this.#tooLarge();
    else if (length > 0) this.#body = this.#room(length);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.onReceived(chunk.length);
    if (this.#ended) return;
    const at = this.#size;
    this.#size += chunk.length;
    if (this.#size > (this.#body?.length ?? this.#request.maxResponseBytes)) this.#tooLarge();
    else if (this.#body === null) this.#parts.push(chunk);
    else this.#body.set(chunk, at);
  }

  onResponseEnd(): void {
    const body = this.#body?.subarray(0, this.#size) ?? Buffer.concat(this.#parts, this.#size);
    this.#end({ kind: 'response', status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end({ kind: 'unreachable', detail: reasonOf(error) });
  }

  #room(length: number): Uint8Array {
    const { into } = this.#request;
    return into !== undefined && into.length >= length
      ? into.subarray(0, length)
      : Buffer.allocUnsafeSlow(length);
  }

  #tooLarge(): void {
    const most = this.#request.maxResponseBytes;
    this.#stop({ kind: 'oversized', detail: `the answer is larger than ${most} bytes` });
  }

  #stop(outcome: TransportOutcome): void {
    if (this.#ended) return;
    this.#end(outcome);
    this.#controller?.abort(new Error('given up'));
  }

  #end(outcome: TransportOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    this.#parts = [];
    this.#body = null;
    this.#resolve(outcome);
  }
}

function dispatcherFor(url: URL, options: NodeTransportOptions): Dispatcher | { readonly fault: string } {
  const settings = {
    connections: options.connections ?? CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MOST_HEADER_BYTES,
    connect: { timeout: CONNECT_MS },
  };
  const { env } = options;
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const direct = isLoopback(url.hostname) && options.proxyLoopback !== true;
  if (direct || (httpProxy === '' && httpsProxy === '')) return new Agent(settings);
  try {
    return new EnvHttpProxyAgent({ ...settings, httpProxy, httpsProxy, noProxy });
  } catch (error) {
    return { fault: `the proxy setting of this system cannot be used: ${reasonOf(error)}` };
  }
}

/** undici wraps what the socket said; several addresses tried give one error for all. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // What OpenSSL adds is for those who write it.
  if (code.startsWith('ERR_SSL')) return code;
  return `${code === '' ? '' : `${code}: `}${error.message}`.slice(0, 300);
}

function sentBytes(request: TransportRequest, path: string, host: string): number {
  let size =
    request.method.length + path.length + host.length + REQUEST_LINE_EXTRA + (request.body?.length ?? 0);
  for (const [name, value] of Object.entries(request.headers)) size += name.length + value.length + 4;
  return size;
}
