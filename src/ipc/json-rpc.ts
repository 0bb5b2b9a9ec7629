/** JSON-RPC 2.0, one object per line. Batches are not spoken: a line is one message. */
export const RPC_ERRORS = {
  parse: -32_700,
  invalidRequest: -32_600,
  unknownMethod: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  /** The engine said no; `data` carries the code and the facts of the sentence in `message`. */
  refused: -32_000,
  lineTooLong: -32_001,
  tooManyCalls: -32_002,
} as const;

/** Longest line that a client may send, and longest answer that a client takes. */
export const MAX_REQUEST_LINE = 1024 * 1024;
export const MAX_ANSWER_LINE = 64 * 1024 * 1024;

export type RpcId = string | number | null;

export type Incoming =
  | { readonly kind: 'request'; readonly id: RpcId; readonly method: string; readonly params: unknown }
  /** Nobody waits for an answer. */
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'bad'; readonly id: RpcId; readonly code: number; readonly message: string };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is RpcId {
  return value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function bad(id: RpcId, code: number, message: string): Incoming {
  return { kind: 'bad', id, code, message };
}

/** Reads one line as a server does. Never throws, whatever the line holds. */
export function parseIncoming(line: string): Incoming {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return bad(null, RPC_ERRORS.parse, 'This line is not JSON.');
  }
  if (!isObject(value)) return bad(null, RPC_ERRORS.invalidRequest, 'A message is one JSON object.');
  const { id, method, params } = value;
  const known = isId(id) ? id : null;
  if (value['jsonrpc'] !== '2.0')
    return bad(known, RPC_ERRORS.invalidRequest, 'A message says "jsonrpc": "2.0".');
  if (typeof method !== 'string')
    return bad(known, RPC_ERRORS.invalidRequest, 'A message names its method as text.');
  if (id !== undefined && !isId(id))
    return bad(null, RPC_ERRORS.invalidRequest, 'An id is text, a number or null.');
  if (params !== undefined && !isObject(params))
    return bad(known, RPC_ERRORS.invalidParams, 'Params are given by name, in an object.');
  if (id === undefined) return { kind: 'notification', method, params: params ?? {} };
  return { kind: 'request', id, method, params: params ?? {} };
}

export function resultLine(id: RpcId, result: unknown): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id, result: result ?? null })}\n`;
}

export function errorLine(id: RpcId, code: number, message: string, data?: unknown): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } })}\n`;
}

export function eventLine(params: unknown): string {
  return `${JSON.stringify({ jsonrpc: '2.0', method: 'event', params })}\n`;
}

/** What a refusal carries, as it arrived: whoever needs the code looks it up in the table of errors. */
export interface RefusedReply {
  readonly kind: 'refused';
  readonly id: RpcId;
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly message: string;
}

export type Reply =
  | { readonly kind: 'result'; readonly id: RpcId; readonly result: unknown }
  | RefusedReply
  | { readonly kind: 'error'; readonly id: RpcId; readonly code: number; readonly message: string }
  | { readonly kind: 'event'; readonly params: unknown }
  | { readonly kind: 'nonsense' };

function readRefused(id: RpcId, message: string, data: unknown): RefusedReply | null {
  if (!isObject(data) || typeof data['code'] !== 'string') return null;
  const facts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(isObject(data['facts']) ? data['facts'] : {})) {
    if (typeof value === 'string' || typeof value === 'number') facts[name] = value;
  }
  return { kind: 'refused', id, code: data['code'], facts, message };
}

/** Reads one line as a client does. Never throws. */
export function parseReply(line: string): Reply {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'nonsense' };
  }
  if (!isObject(value)) return { kind: 'nonsense' };
  if (value['method'] === 'event') return { kind: 'event', params: value['params'] };
  const id = value['id'];
  if (!isId(id)) return { kind: 'nonsense' };
  const error = value['error'];
  if (!isObject(error)) {
    return 'result' in value ? { kind: 'result', id, result: value['result'] } : { kind: 'nonsense' };
  }
  const message = typeof error['message'] === 'string' ? error['message'] : 'no reason given';
  const { code } = error;
  const refused = code === RPC_ERRORS.refused ? readRefused(id, message, error['data']) : null;
  if (refused !== null) return refused;
  return { kind: 'error', id, code: typeof code === 'number' ? code : RPC_ERRORS.internal, message };
}
