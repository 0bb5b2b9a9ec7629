/** One exchange with the linked server: headers, deadlines, the pause the server asked for, patient repetition. */
import type { Static, TSchema } from 'typebox';
import { ERRORS } from '../../protocol/errors.ts';
import { encodeFrames, type Frame } from '../../protocol/frames.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { PROTOCOL_VERSION, type Route } from '../../protocol/routes.ts';
import { parserOf } from '../../protocol/schema.ts';
import type { Clock, Log, Random } from '../environment/environment.ts';
import type { Transport, TransportOutcome, TransportRequest } from '../environment/transport.ts';
import { type Answered, type Call, classify, trouble } from './answers.ts';
import { backoffMs } from './backoff.ts';
import { type Crossing, LinePace, SLOWEST_BYTES_PER_MS, TELLING_BYTES } from './line-pace.ts';
import type { ServerResult, ServerTrouble } from './server.ts';

/** Who speaks, and to which server this device was linked. */
export interface Account {
  readonly serverUrl: string;
  readonly serverId: string;
  readonly token: string;
  readonly instance: string;
  readonly generation: number;
  /** Of this start of the engine; none where there is no engine. */
  readonly start?: string;
  readonly device: string;
}

export interface CallParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly account: Account;
}

export interface CallOptions {
  readonly frames?: readonly Frame[];
  readonly timeoutMs?: number;
  /** Bytes the answer is expected to have, for its deadline. */
  readonly expectBytes?: number;
  /** Where the request's packed body, and the body of the answer, may be put. */
  readonly bodyInto?: Uint8Array;
  readonly answerInto?: Uint8Array;
  readonly signal?: AbortSignal;
  /** The server may hold the answer back until there is news. */
  readonly parks?: boolean;
}

/** An idle server answers anything within this time, besides what the bytes may take. */
const DEADLINE_MS = 30_000;
/** Tries of a call that is repeated in place, and the longest pause that is slept through there. */
const TRIES = 4;
const PATIENCE_MS = 30_000;

const JSON_TYPE = 'application/json';
const FRAMES_TYPE = 'application/octet-stream';

export function defineCall<S extends TSchema>(route: Route, answer: S): Call<Static<S>> {
  return { route, parse: parserOf(answer) };
}

export function requestOf(
  call: Call<unknown>,
  json: unknown,
  options: CallOptions,
  extraHeaders: Readonly<Record<string, string>>,
): TransportRequest {
  const { route } = call;
  const headers: Record<string, string> = {
    'x-tidemark-protocol': String(PROTOCOL_VERSION),
    ...extraHeaders,
  };
  let body: Uint8Array | null = null;
  if (route.requestBody === 'json') {
    headers['content-type'] = JSON_TYPE;
    body = new TextEncoder().encode(JSON.stringify(json));
  } else if (route.requestBody === 'frames') {
    headers['content-type'] = FRAMES_TYPE;
    body = encodeFrames({ json, frames: options.frames ?? [] }, options.bodyInto);
  }
  const bytes = (body?.length ?? 0) + (options.expectBytes ?? 0);
  return {
    method: route.method,
    path: route.path,
    headers,
    body,
    timeoutMs: options.timeoutMs ?? DEADLINE_MS + Math.ceil(bytes / SLOWEST_BYTES_PER_MS),
    maxResponseBytes: route.answerBody === 'frames' ? LIMITS.bodyBytes : LIMITS.jsonBytes,
    ...(options.answerInto === undefined ? {} : { into: options.answerInto }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.parks === true ? { parks: true } : {}),
  };
}

export class Caller {
  readonly #parts: CallParts;
  /** The way up. Large answers are seen coming, and need none. */
  readonly pace: LinePace;
  /** A pause holds for every call of this device, not only for the one that was answered with it. */
  #pause: { readonly until: number; readonly code: ServerTrouble['code'] } | null = null;

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.pace = new LinePace(parts.clock);
  }

  /** Made for each request: the token may be another one after a sign-in. */
  #headers(): Readonly<Record<string, string>> {
    const { token, instance, generation, start } = this.#parts.account;
    const who = start === undefined ? `${instance}:${generation}` : `${instance}:${generation}:${start}`;
    return { authorization: `Bearer ${token}`, 'x-tidemark-instance': who };
  }

  /** The request of a call; what it is made of is not needed any more afterwards. */
  request(call: Call<unknown>, json: unknown, options: CallOptions = {}): TransportRequest {
    return requestOf(call, json, options, this.#headers());
  }

  /** One exchange, answered in typed values. */
  async framed<T>(call: Call<T>, request: TransportRequest): Promise<ServerResult<Answered<T>>> {
    const paused = this.#paused();
    if (paused !== null) return paused;
    const { clock, log, account } = this.#parts;
    const outcome = await this.#exchange(request);
    const result = classify(call, outcome, account.serverId, clock.now());
    if (result.kind === 'trouble') {
      if (outcome.kind !== 'aborted') log('debug', 'call failed', { path: call.route.path, ...result });
      this.#notePause(result);
    }
    return result;
  }

  #exchange(request: TransportRequest): Promise<TransportOutcome> {
    const { transport } = this.#parts;
    const bytes = request.body?.length ?? 0;
    if (bytes < TELLING_BYTES) return transport.exchange(request);
    const crossing = this.pace.begin(bytes);
    const timeoutMs = request.timeoutMs + crossing.extraMs;
    return transport.exchange({ ...request, timeoutMs }).then((outcome) => {
      this.pace.end(crossing, this.#howItEnded(crossing, timeoutMs, outcome));
      return outcome;
    });
  }

  #howItEnded(
    crossing: Crossing,
    timeoutMs: number,
    outcome: TransportOutcome,
  ): Parameters<LinePace['end']>[1] {
    if (outcome.kind === 'response') return 'through';
    const ms = this.#parts.clock.monotonic() - crossing.began;
    return outcome.kind === 'unreachable' && ms >= timeoutMs ? 'late' : 'broken';
  }

  async json<T>(call: Call<T>, json: unknown, options: CallOptions = {}): Promise<ServerResult<T>> {
    const result = await this.framed(call, this.request(call, json, options));
    return result.kind === 'ok' ? { kind: 'ok', value: result.value.value } : result;
  }

  /**
   * For calls that may be repeated without anybody noticing (chunks by their hash, reads): passing troubles are waited
   * out here, so that one of them does not throw away the transfer of a large file.
   */
  async patient<T>(call: Call<T>, request: TransportRequest): Promise<ServerResult<Answered<T>>> {
    const { clock, random } = this.#parts;
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.framed(call, request);
      if (result.kind === 'ok' || attempt >= TRIES || !passes(result)) return result;
      const delay = backoffMs(attempt, random.fraction(), result.retryAfterMs);
      if (delay > PATIENCE_MS) return result;
      await clock.sleep(delay);
    }
  }

  #paused(): ServerTrouble | null {
    if (this.#pause === null) return null;
    const left = this.#pause.until - this.#parts.clock.monotonic();
    if (left > 0) return trouble(this.#pause.code, 'the server asked for a pause', false, Math.ceil(left));
    this.#pause = null;
    return null;
  }

  #notePause(found: ServerTrouble): void {
    if (found.retryAfterMs === 0) return;
    if (found.code !== 'too-many-requests' && found.code !== 'unavailable') return;
    const until = this.#parts.clock.monotonic() + found.retryAfterMs;
    if (this.#pause === null || until > this.#pause.until) this.#pause = { until, code: found.code };
  }
}

/** Whether trying the same again soon can help. */
export function passes(found: ServerTrouble): boolean {
  const row = ERRORS[found.code];
  return row.scope === 'network' && row.retry === 'backoff' && found.code !== 'server-space';
}
