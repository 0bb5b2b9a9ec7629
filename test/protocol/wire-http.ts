/** One exchange, as bytes; and what every answer of a server must look like. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { ERRORS, ErrorAnswer } from '../../src/protocol/errors.ts';
import { type DecodedFrames, decodeFrames, encodeFrames, type Frame } from '../../src/protocol/frames.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type WireBody = Uint8Array | string | AsyncGenerator<Uint8Array> | null;

export interface WireOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly frames?: readonly Frame[];
  readonly signal?: AbortSignal;
}

const parseError = parserOf(ErrorAnswer);
const answerParsers = new Map(
  Object.entries(ROUTES).map(([name, route]) => [name, parserOf((route satisfies Route).answer)]),
);

export class Wire {
  readonly url: string;
  readonly #agent: Agent;

  constructor(url: string, certificate?: string) {
    this.url = url;
    this.#agent = new Agent({
      pipelining: 1,
      connections: 32,
      connect: certificate === undefined ? {} : { ca: certificate },
    });
  }

  async send(method: string, path: string, body: WireBody, options: WireOptions = {}): Promise<WireAnswer> {
    const answer = await request(this.url + path, {
      method,
      body: bodyOf(body),
      headers: options.headers,
      signal: options.signal,
      dispatcher: this.#agent,
    });
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined) headers[name] = String(value);
    return { status: answer.statusCode, headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  }

  /** A route by name, with a JSON value in the place its body has for it. */
  ask(name: RouteName, json: unknown, options: WireOptions = {}): Promise<WireAnswer> {
    const route: Route = ROUTES[name];
    if (route.requestBody === 'none') return this.send(route.method, route.path, null, options);
    if (route.requestBody === 'json') {
      const headers = { 'content-type': 'application/json', ...options.headers };
      return this.send(route.method, route.path, JSON.stringify(json), { ...options, headers });
    }
    const headers = { 'content-type': 'application/octet-stream', ...options.headers };
    const body = encodeFrames({ json, frames: options.frames ?? [] });
    return this.send(route.method, route.path, body, { ...options, headers });
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

function bodyOf(body: WireBody): Buffer | Readable | null {
  if (body === null) return null;
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  return Readable.from(body);
}

export function jsonOf(answer: WireAnswer): unknown {
  return JSON.parse(answer.body.toString('utf8'));
}

export function framesOf(answer: WireAnswer): DecodedFrames {
  const limits = { jsonBytes: LIMITS.jsonBytes, frames: LIMITS.chunksPerBody, frameBytes: LIMITS.chunkBytes };
  const decoded = decodeFrames(answer.body, limits);
  assert(decoded.kind === 'frames', JSON.stringify(decoded));
  return decoded;
}

/** An answer is what the route promises, or an error of the table with the status that belongs to it. */
export function assertHonest(name: RouteName, answer: WireAnswer): void {
  assert.match(answer.headers['x-tidemark-server'] ?? '', /^[0-9a-f]{32}$/);
  if (answer.status === 200) {
    const value = ROUTES[name].answerBody === 'frames' ? framesOf(answer).json : jsonOf(answer);
    const parsed = answerParsers.get(name)!(value);
    assert.equal(parsed.kind, 'ok', `${name}: ${JSON.stringify(parsed)}`);
    return;
  }
  assertRefused(answer);
}

export function assertRefused(answer: WireAnswer): ErrorAnswer {
  const parsed = parseError(jsonOf(answer));
  assert(parsed.kind === 'ok', `${answer.status} ${answer.body.toString('utf8').slice(0, 200)}`);
  assert.equal(ERRORS[parsed.value.code].status, answer.status, parsed.value.code);
  assert.doesNotMatch(parsed.value.detail, /\bat \S+:\d+|node_modules|SQLITE|\.ts\b/);
  return parsed.value;
}
