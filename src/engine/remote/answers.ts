/**
 * What an HTTP answer means. Pure. Only an answer that parses to the last member counts; everything else is trouble with
 * a code of the error table, and `unknown` wherever the server may have acted all the same.
 */
import { ERRORS, ErrorAnswer, type ErrorCode } from '../../protocol/errors.ts';
import { decodeFrames, type Frame } from '../../protocol/frames.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Route } from '../../protocol/routes.ts';
import { type Parsed, parserOf } from '../../protocol/schema.ts';
import type { TransportOutcome } from '../environment/transport.ts';
import { RETRY_AFTER_CAP_MS, retryAfterMs } from './backoff.ts';
import type { ServerResult, ServerTrouble } from './server.ts';

/** A route with the parser of its answer. */
export interface Call<T> {
  readonly route: Route;
  readonly parse: (value: unknown) => Parsed<T>;
}

export interface Answered<T> {
  readonly value: T;
  /** Empty for routes that answer in JSON. */
  readonly frames: readonly Frame[];
}

type Response = Extract<TransportOutcome, { readonly kind: 'response' }>;

export const SERVER_HEADER = 'x-tidemark-server';

const FRAME_LIMITS = {
  jsonBytes: LIMITS.jsonBytes,
  frames: LIMITS.chunksPerBody,
  frameBytes: LIMITS.chunkBytes,
} as const;

const parseError = parserOf(ErrorAnswer);

/** Statuses whose meaning holds whoever says it: a gateway in front of the server has no body of ours. */
const GATEWAY: Readonly<Record<number, ErrorCode>> = {
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

export function trouble(
  code: ErrorCode,
  detail: string,
  unknown: boolean,
  retryAfter: number = 0,
): ServerTrouble {
  return { kind: 'trouble', code, detail, unknown, retryAfterMs: retryAfter };
}

/** `linkedServer` is null before a device is linked: any server may answer then. `nowMs` is wall time. */
export function classify<T>(
  call: Call<T>,
  outcome: TransportOutcome,
  linkedServer: string | null,
  nowMs: number,
): ServerResult<Answered<T>> {
  if (outcome.kind === 'aborted') return trouble('unreachable', 'the call was given up', true);
  if (outcome.kind === 'unreachable') return trouble('unreachable', outcome.detail, true);
  if (outcome.kind === 'untrusted') return trouble('bad-certificate', outcome.detail, false);
  if (outcome.kind === 'oversized') return trouble('bad-answer', outcome.detail, true);
  const server = outcome.headers[SERVER_HEADER];
  if (linkedServer !== null && server !== undefined && server !== linkedServer) {
    // Before anything else: a foreign server's "signed out" must not end this device's link.
    return trouble('server-changed', `its id is ${printable(server)}`, true);
  }
  const success = outcome.status >= 200 && outcome.status < 300;
  if (success && linkedServer !== null && server === undefined) {
    return trouble('bad-answer', `${describe(outcome)}, from something that is no Tidemark server`, true);
  }
  const coding = outcome.headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') {
    return trouble('bad-answer', `compressed (${printable(coding)}) without being asked`, true);
  }
  return success ? valueIn(call, outcome) : refusal(outcome, nowMs);
}

function valueIn<T>(call: Call<T>, answer: Response): ServerResult<Answered<T>> {
  let json: unknown;
  let frames: readonly Frame[] = [];
  if (call.route.answerBody === 'frames') {
    const decoded = decodeFrames(answer.body, FRAME_LIMITS);
    if (decoded.kind === 'invalid') return trouble('bad-answer', decoded.why, true);
    ({ json, frames } = decoded);
  } else {
    const text = parseJson(answer.body);
    if (text.kind === 'invalid') return trouble('bad-answer', describe(answer), true);
    json = text.value;
  }
  const parsed = call.parse(json);
  if (parsed.kind === 'invalid') {
    return trouble('bad-answer', `${call.route.path}: ${printable(parsed.why)}`, true);
  }
  return { kind: 'ok', value: { value: parsed.value, frames } };
}

/** A refusal counts only in the server's own words, with the status that belongs to its code. */
function refusal(answer: Response, nowMs: number): ServerTrouble {
  const pause = retryAfterMs(answer.headers['retry-after'], answer.headers['date'], nowMs);
  const json = parseJson(answer.body);
  const parsed = json.kind === 'ok' ? parseError(json.value) : json;
  if (parsed.kind === 'ok' && ERRORS[parsed.value.code].status === answer.status) {
    const { code, detail, retryAfter } = parsed.value;
    const asked = Math.min(Math.ceil((retryAfter ?? 0) * 1000), RETRY_AFTER_CAP_MS);
    // A fault of the server's own may come after its commit; every other refusal of its own comes instead of one.
    return trouble(code, printable(detail), code === 'internal', Math.max(pause, asked));
  }
  if (answer.status === 401 && answer.headers[SERVER_HEADER] !== undefined) {
    return trouble('signed-out', 'HTTP 401', false);
  }
  const code = GATEWAY[answer.status];
  if (code !== undefined) return trouble(code, describe(answer), true, pause);
  return trouble('bad-answer', describe(answer), true, pause);
}

function parseJson(body: Uint8Array): Parsed<unknown> {
  try {
    return { kind: 'ok', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    return { kind: 'invalid', why: 'not JSON' };
  }
}

function describe(answer: Response): string {
  const type = answer.headers['content-type'];
  const place = answer.headers['location'];
  const extras = [type === undefined ? 'no type' : printable(type), `${answer.body.length} bytes`];
  if (place !== undefined) extras.push(`sent elsewhere, to ${printable(place)}`);
  return `HTTP ${answer.status}, ${extras.join(', ')}`;
}

/** Foreign text for logs and sentences: one short line without control characters. */
function printable(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
    .slice(0, 200);
}
