/**
 * A real TCP proxy in front of a real server. It reads whole requests and whole answers, so that what goes wrong can go
 * wrong at an exact byte of an exact request: a fault takes an exchange over and does with it what it likes.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type HttpMessage, MessageReader, routeOf } from './http-message.ts';
import { Line, type LineShape } from './line.ts';

export type Cut = 'closed' | 'reset';

/** What becomes of one request. Whoever neither replies nor cuts leaves the client without an answer. */
export type Fault = (exchange: Exchange) => Promise<void>;

/** The case itself is wrong. */
export class CaseError extends Error {}

export interface FaultRule {
  readonly fault: Fault;
  /** Paths it is for; left out: all. */
  readonly routes?: readonly string[];
  /** How many are struck; left out: every one until it is taken back. */
  readonly times?: number;
}

/** A rule at work. */
export class ArmedRule {
  readonly routes: readonly string[] | undefined;
  readonly fault: Fault;
  #left: number;
  /** How often it struck. */
  strikes = 0;

  constructor({ routes, fault, times = Number.POSITIVE_INFINITY }: FaultRule) {
    this.routes = routes;
    this.fault = fault;
    this.#left = times;
  }

  strikesAt(route: string): boolean {
    if (this.#left === 0 || this.routes?.includes(route) === false) return false;
    this.#left -= 1;
    this.strikes += 1;
    return true;
  }

  disarm(): void {
    this.#left = 0;
  }
}

const PIECE_BYTES = 16 * 1024;

export class FaultProxy {
  readonly #upstreamPort: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly up = new Line();
  readonly down = new Line();
  #armed: ArmedRule[] = [];
  #isDead = false;
  /** Requests that came, by their path. */
  readonly seen = new Map<string, number>();
  readonly caseErrors: CaseError[] = [];
  /** All that clients have sent, whole or not. */
  bytesUp = 0;

  private constructor(upstreamPort: number) {
    this.#upstreamPort = upstreamPort;
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  static async open(upstreamPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstreamPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  get upstreamPort(): number {
    return this.#upstreamPort;
  }

  arm(rule: FaultRule): ArmedRule {
    const armed = new ArmedRule(rule);
    this.#armed.push(armed);
    return armed;
  }

  shape(shape: LineShape): void {
    this.up.shape(shape);
    this.down.shape(shape);
  }

  /** Nothing goes on over the connections that are there, and neither end hears of it; of new ones if `forNew`. */
  vanish(forNew: boolean): void {
    for (const pair of this.#pairs) pair.die();
    this.#isDead = forNew;
  }

  /** Ends every connection. */
  drop(how: Cut = 'reset'): void {
    for (const pair of this.#pairs) pair.cut(how);
  }

  /** From here on everything goes through; connections that died stay dead. */
  heal(): void {
    this.#armed = [];
    this.#isDead = false;
    this.shape({});
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    const pair = new Pair(this, client, (request) => this.#faultFor(request));
    this.#pairs.add(pair);
    client.once('close', () => {
      if (!pair.isDead) this.#pairs.delete(pair);
    });
    if (this.#isDead) pair.die();
  }

  #faultFor(request: HttpMessage): Fault | null {
    const route = routeOf(request);
    this.seen.set(route, (this.seen.get(route) ?? 0) + 1);
    return this.#armed.find((armed) => armed.strikesAt(route))?.fault ?? null;
  }
}

/** One request on its way, and what can be done with it. */
export class Exchange {
  readonly request: HttpMessage;
  readonly #pair: Pair;

  constructor(request: HttpMessage, pair: Pair) {
    this.request = request;
    this.#pair = pair;
  }

  get upstreamPort(): number {
    return this.#pair.proxy.upstreamPort;
  }

  /** Brings the request to the server and answers with what it says. */
  forward(): Promise<HttpMessage> {
    return this.#pair.ask(this.request.raw);
  }

  /** As much of the request as is given, whatever the server makes of it. */
  async sendOn(bytes: Buffer): Promise<void> {
    const server = this.#pair.server();
    await new Promise<void>((resolve) => server.write(bytes, () => resolve()));
  }

  reply(bytes: Buffer): Promise<void> {
    return this.#pair.reply(bytes);
  }

  cut(how: Cut): void {
    this.#pair.cut(how);
  }
}

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  readonly proxy: FaultProxy;
  readonly #client: Socket;
  readonly #faultFor: (request: HttpMessage) => Fault | null;
  #server: Socket | null = null;
  isDead = false;
  #waiting: {
    readonly resolve: (answer: HttpMessage) => void;
    readonly reject: (error: Error) => void;
  } | null = null;

  constructor(proxy: FaultProxy, client: Socket, faultFor: (request: HttpMessage) => Fault | null) {
    this.proxy = proxy;
    this.#client = client;
    this.#faultFor = faultFor;
    const requests = new MessageReader();
    client.on('data', (bytes: Buffer) => void this.#onBytes(bytes, requests));
    client.on('error', () => undefined);
    client.on('end', () => this.cut('closed'));
    client.on('close', () => {
      if (!this.isDead) this.#server?.destroy();
    });
  }

  /** The client's end stays open and nobody listens any more. */
  die(): void {
    this.isDead = true;
    this.#waiting?.reject(new Error('the line is dead'));
    this.#waiting = null;
  }

  cut(how: Cut): void {
    for (const socket of [this.#client, this.#server]) {
      if (socket === null || socket.destroyed) continue;
      // A reset in the middle of an orderly end leaves Node 24 with a handle that it waits for at its exit, for ever.
      if (how === 'reset' && !socket.writableEnded) socket.resetAndDestroy();
      else socket.destroySoon();
    }
  }

  async #onBytes(bytes: Buffer, requests: MessageReader): Promise<void> {
    if (this.isDead) return;
    this.proxy.bytesUp += bytes.length;
    this.#client.pause();
    await this.proxy.up.pass(bytes.length);
    this.#client.resume();
    if (this.isDead) return;
    for (const request of requests.take(bytes)) await this.#handle(request);
  }

  async #handle(request: HttpMessage): Promise<void> {
    const fault = this.#faultFor(request);
    const exchange = new Exchange(request, this);
    try {
      await this.proxy.up.travel();
      if (fault !== null) await fault(exchange);
      else await exchange.reply((await exchange.forward()).raw);
    } catch (error) {
      if (error instanceof CaseError) this.proxy.caseErrors.push(error);
      // The server is gone, or the client: the other end learns of it as it would without us.
      if (!this.isDead) this.cut('reset');
    }
  }

  server(): Socket {
    if (this.#server !== null && !this.#server.destroyed) return this.#server;
    const server = connect({ port: this.proxy.upstreamPort, host: '127.0.0.1', noDelay: true });
    const answers = new MessageReader();
    const end = (error: Error): void => {
      this.#waiting?.reject(error);
      this.#waiting = null;
      if (this.#server === server) this.#server = null;
    };
    server.on('data', (bytes: Buffer) => {
      for (const answer of answers.take(bytes)) {
        this.#waiting?.resolve(answer);
        this.#waiting = null;
      }
    });
    server.on('error', end);
    server.on('close', () => {
      // Idle it may be closed while the client takes minutes over its next request, which finds a new one.
      const wasAsked = this.#waiting !== null;
      end(new Error('the server closed the connection'));
      if (wasAsked && !this.isDead) this.#client.destroySoon();
    });
    this.#server = server;
    return server;
  }

  ask(bytes: Buffer): Promise<HttpMessage> {
    return new Promise((resolve, reject) => {
      const server = this.server();
      this.#waiting = { resolve, reject };
      server.write(bytes);
    });
  }

  async reply(bytes: Buffer): Promise<void> {
    await this.proxy.down.travel();
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      await this.proxy.down.pass(piece.length);
      if (this.isDead || this.#client.destroyed) return;
      this.#client.write(piece);
    }
  }
}
