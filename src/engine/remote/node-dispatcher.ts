/** The way to the server: connections that are kept, and the proxies between. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import type { EngineSettings } from '../../ipc/settings.ts';
import { trustOf } from './node-trust.ts';
import { isLoopback } from './server-url.ts';

const CONNECTIONS = 6;
const CONNECT_MS = 10_000;
/** Idle time after which a connection is closed from here; a server's own shorter hint goes before. */
const KEEP_ALIVE_MS = 30_000;
const MOST_HEADER_BYTES = 32 * 1024;

export interface WayParts {
  readonly serverUrl: string;
  /** Where `http_proxy`, `https_proxy` and `no_proxy` stand, in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Proxies are not used for loopback addresses unless this says so. */
  readonly proxyLoopback?: boolean;
  readonly connections?: number;
  /** Certificates (PEM) that are trusted besides those of the system; null or left out: none. */
  readonly ca?: string | null;
}

/** Directly, by the proxies of the system, or by the user's own. A setting that cannot be used is told, never guessed at. */
export function dispatcherFor(
  options: WayParts,
  proxy: EngineSettings['proxy'],
): Dispatcher | { readonly fault: string } {
  const url = new URL(options.serverUrl);
  const tls = url.protocol === 'https:' ? { secureContext: trustOf(options.ca ?? null) } : {};
  const settings = {
    connections: options.connections ?? CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MOST_HEADER_BYTES,
    connect: { timeout: CONNECT_MS, ...tls },
    // Where a proxy is between.
    requestTls: tls,
  };
  const direct = isLoopback(url.hostname) && options.proxyLoopback !== true;
  if (direct || proxy.kind === 'none') return new Agent(settings);
  try {
    return proxy.kind === 'manual'
      ? new ProxyAgent({ ...settings, uri: proxy.url })
      : systemWay(options.env, settings);
  } catch (error) {
    const whose = proxy.kind === 'manual' ? 'your proxy setting' : 'the proxy setting of this system';
    return { fault: `${whose} cannot be used: ${reasonOf(error)}` };
  }
}

function systemWay(env: WayParts['env'], settings: Agent.Options): Dispatcher {
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  if (httpProxy === '' && httpsProxy === '') return new Agent(settings);
  return new EnvHttpProxyAgent({ ...settings, httpProxy, httpsProxy, noProxy });
}

/** undici wraps what the socket said; several addresses tried give one error for all. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // What OpenSSL adds is for those who write it.
  if (code.startsWith('ERR_SSL')) return code;
  return `${code === '' ? '' : `${code}: `}${error.message}`.slice(0, 300);
}
