/** HTTP around the core: receives bodies, hands over answers. It knows no route. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import Fastify from 'fastify';
import type { ErrorAnswer } from '../src/protocol/errors.ts';
import type { Certificate } from './certificate.ts';
import type { ServerAnswer, ServerRequest } from './exchange.ts';
import { BodyReceiver } from './http-body.ts';
import { Door } from './http-door.ts';

type Tls = Pick<Certificate, 'cert' | 'key'>;
const TLS_LEAST = { minVersion: 'TLSv1.2' } as const;

/** Whatever is served: the sync server, or its console. */
export interface Served {
  readonly serverId: string;
  handle(request: ServerRequest): Promise<ServerAnswer>;
  /** Before a large body is received: the refusal it would get anyway, or `null`. */
  admit(request: Omit<ServerRequest, 'body'>): Promise<ServerAnswer | null>;
  bodyLimit(method: string, path: string): number;
}

export interface Listener {
  readonly port: number;
  /** New connections get this certificate; those that stand go on. Nothing where there is no TLS. */
  renew(tls: Tls): void;
  /** Takes no more requests; those under way are finished within `graceMs`, then everything is cut. */
  close(graceMs: number): Promise<void>;
}

/** Bodies up to this size are received before anybody asks who sends them. */
const UNASKED_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 70_000;
const HEADERS_MS = 20_000;
/** A request may take as long as its line needs: the receiver of its body looks whether it moves. */
const REQUEST_MS = 0;
/** How long a refused sender may go on before its connection is cut: time to read the refusal. */
const DRAIN_MS = 1000;

export async function listen(
  core: Served,
  address: { readonly host: string; readonly port: number; readonly tls: Tls | null },
): Promise<Listener> {
  const door = new Door();
  const exchanges = new Exchanges(core, door);
  const { tls } = address;
  const times = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS };
  let server: Server | TlsServer | null = null;
  const app = Fastify({
    serverFactory: (handler) => {
      server =
        tls === null
          ? createServer(times, handler)
          : createTlsServer({ ...times, cert: tls.cert, key: tls.key, ...TLS_LEAST }, handler);
      door.guard(server, tls === null ? 'connection' : 'secureConnection');
      return server;
    },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => refuseUnparsed(error, socket),
    // What is no address to the framework is one that we do not have.
    frameworkErrors: (_error, request, reply) => {
      reply.hijack();
      void exchanges.serve(request.raw, reply.raw);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all('/*', (request, reply) => {
    reply.hijack();
    void exchanges.serve(request.raw, reply.raw);
  });
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    void exchanges.serve(request.raw, reply.raw);
  });
  // A content type that is none would be answered in the framework's words: what a body is called decides nothing here.
  app.setErrorHandler((_error, request, reply) => {
    reply.hijack();
    void exchanges.serve(request.raw, reply.raw);
  });
  await app.listen({ host: address.host, port: address.port });
  const bound = app.server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    renew: ({ cert, key }) => {
      if (server instanceof TlsServer) server.setSecureContext({ cert, key, ...TLS_LEAST });
    },
    close: async (graceMs) => {
      exchanges.closing = true;
      door.close();
      const closed = app.close();
      const cut = setTimeout(() => server?.closeAllConnections(), graceMs);
      await exchanges.idle(graceMs);
      server?.closeIdleConnections();
      await closed;
      clearTimeout(cut);
    },
  };
}

class Exchanges {
  readonly #core: Served;
  readonly #door: Door;
  readonly #bodies = new BodyReceiver();
  readonly #underWay = new Set<Promise<void>>();
  closing = false;

  constructor(core: Served, door: Door) {
    this.#core = core;
    this.#door = door;
  }

  serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = this.#exchange(message, response).catch(() => {
      response.destroy();
    });
    this.#underWay.add(exchange);
    const { socket } = message;
    return exchange.finally(() => {
      this.#door.passed(socket);
      this.#underWay.delete(exchange);
    });
  }

  /** Resolves when nothing is under way, or after `ms`. */
  async idle(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | null = null;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.all(this.#underWay), late]);
    if (timer !== null) clearTimeout(timer);
  }

  async #exchange(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = {
      method: message.method ?? 'GET',
      path: message.url ?? '/',
      headers: plainHeaders(message),
      remote: message.socket.remoteAddress ?? '',
    };
    const length = Number(message.headers['content-length'] ?? 0);
    const isLarge = length > UNASKED_BYTES || message.headers['transfer-encoding'] !== undefined;
    const refusal = isLarge ? await this.#core.admit(asked) : null;
    if (refusal !== null) return this.#refuse(message, response, asked.method, refusal);
    const limit = Math.max(this.#core.bodyLimit(asked.method, asked.path), UNASKED_BYTES);
    const { received, release } = await this.#bodies.receive(message, limit);
    try {
      if (received.kind === 'gone') return;
      if (received.kind === 'too-large')
        return this.#refuse(message, response, asked.method, tooLarge(this.#core.serverId));
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const answer = await this.#core.handle({ ...asked, body: received.bytes, signal: gone.signal });
      await this.#send(response, asked.method, answer);
    } finally {
      release();
    }
  }

  /** Answers a request whose body is not wanted. */
  async #refuse(
    message: IncomingMessage,
    response: ServerResponse,
    method: string,
    answer: ServerAnswer,
  ): Promise<void> {
    response.setHeader('connection', 'close');
    const sent = this.#send(response, method, answer);
    // What still comes is thrown away for a moment: a connection cut at once would take the refusal with it.
    message.resume();
    const cut = setTimeout(() => message.socket.destroy(), DRAIN_MS);
    message.socket.once('close', () => clearTimeout(cut));
    await sent;
  }

  #send(response: ServerResponse, method: string, answer: ServerAnswer): Promise<void> {
    const { status, headers, body, cutAfter } = answer;
    if (cutAfter === 0) {
      response.socket?.destroy();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      response.once('close', resolve);
      if (response.destroyed) {
        resolve();
        return;
      }
      if (this.closing) response.setHeader('connection', 'close');
      response.writeHead(status, { ...headers, 'content-length': body.length });
      if (cutAfter !== null) response.write(body.subarray(0, cutAfter), () => response.socket?.destroy());
      else response.end(method === 'HEAD' ? undefined : body);
    });
  }
}

function plainHeaders(message: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

function errorBody(error: ErrorAnswer): Buffer {
  return Buffer.from(JSON.stringify(error), 'utf8');
}

function tooLarge(serverId: string): ServerAnswer {
  return {
    status: 413,
    headers: { 'content-type': 'application/json', 'x-tidemark-server': serverId },
    body: errorBody({ code: 'too-large', detail: 'The request' }),
    cutAfter: null,
  };
}

/** What is no HTTP gets a last word and a closed connection. */
function refuseUnparsed(_error: Error, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = errorBody({ code: 'bad-request', detail: 'the request is not HTTP as this server speaks it' });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString()}`,
  );
}
