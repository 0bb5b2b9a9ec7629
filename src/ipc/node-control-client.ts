/** A client of the control socket: typed calls, checked results, live events. */
import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { Answer, Method, Params, Result } from './contract.ts';
import type { ControlEvent } from './events.ts';
import { MAX_ANSWER_LINE, parseReply, type Reply } from './json-rpc.ts';
import { LineReader } from './line-reader.ts';
import { readControlFile } from './node-control-file.ts';

/** `fault`: the engine or its answer is broken. `lost`: the connection ended before the answer. */
export type CallOutcome<M extends Method> =
  | Answer<Result<M>>
  | { readonly kind: 'fault'; readonly message: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'no-answer' };

export interface ControlClient {
  readonly pid: number;
  call<M extends Method>(method: M, params: Params<M>, timeoutMs?: number): Promise<CallOutcome<M>>;
  /** The reply as it came, for who checks the result alone. */
  callUnchecked<M extends Method>(method: M, params: Params<M>, timeoutMs?: number): Promise<RawReply>;
  /** Events from now on; false when the engine does not give any. */
  subscribe(
    listener: (event: ControlEvent) => void,
    events?: readonly ('status' | 'activity' | 'transfers')[],
  ): Promise<boolean>;
  /** Resolves when the connection is over, from either side. */
  readonly closed: Promise<void>;
  close(): void;
}

export type ConnectOutcome =
  | { readonly kind: 'connected'; readonly client: ControlClient }
  | { readonly kind: 'not-running' }
  | { readonly kind: 'failed'; readonly detail: string };

export type RawReply =
  | Exclude<Reply, { kind: 'event' | 'nonsense' }>
  | { readonly kind: 'lost' | 'no-answer' };

const DEFAULT_TIMEOUT_MS = 60_000;

class SocketClient implements ControlClient {
  readonly pid: number;
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #reader = new LineReader(MAX_ANSWER_LINE);
  readonly #waiting = new Map<number, (reply: RawReply) => void>();
  #listener: ((params: unknown) => void) | null = null;
  #nextId = 1;
  #over = false;

  constructor(socket: Socket, pid: number) {
    this.#socket = socket;
    this.pid = pid;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => socket.destroy());
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#over = true;
        for (const settle of this.#waiting.values()) settle({ kind: 'lost' });
        this.#waiting.clear();
        resolve();
      });
    });
  }

  async call<M extends Method>(method: M, params: Params<M>, timeoutMs?: number): Promise<CallOutcome<M>> {
    const reply = this.callUnchecked(method, params, timeoutMs);
    return checkReply(method, await reply);
  }

  callUnchecked<M extends Method>(
    method: M,
    params: Params<M>,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  ): Promise<RawReply> {
    return this.#exchange(method, params, timeoutMs);
  }

  async subscribe(
    listener: (event: ControlEvent) => void,
    events?: readonly ('status' | 'activity' | 'transfers')[],
  ): Promise<boolean> {
    const { checkEvent } = await import('./check-answer.ts');
    this.#listener = (params) => {
      const event = checkEvent(params);
      if (event !== null) listener(event);
    };
    const reply = await this.#exchange('subscribe', events === undefined ? {} : { events }, 10_000);
    return reply.kind === 'result';
  }

  close(): void {
    this.#socket.destroy();
  }

  #exchange(method: string, params: unknown, timeoutMs: number): Promise<RawReply> {
    return new Promise((resolve) => {
      if (this.#over) return resolve({ kind: 'lost' });
      const id = this.#nextId++;
      const timer = setTimeout(() => settle({ kind: 'no-answer' }), timeoutMs);
      const settle = (reply: RawReply): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(reply);
      };
      this.#waiting.set(id, settle);
      this.#socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  #receive(bytes: Uint8Array): void {
    for (const line of this.#reader.feed(bytes)) {
      const reply: Reply = line.kind === 'line' ? parseReply(line.text) : { kind: 'nonsense' };
      if (reply.kind === 'event') this.#listener?.(reply.params);
      else if (reply.kind === 'nonsense') {
        // What cannot be understood may be any of the answers waited for: none of them can be trusted to come.
        this.#socket.destroy();
      } else if (typeof reply.id === 'number') this.#waiting.get(reply.id)?.(reply);
    }
  }
}

/** What a reply means under the contract. */
export async function checkReply<M extends Method>(method: M, reply: RawReply): Promise<CallOutcome<M>> {
  switch (reply.kind) {
    case 'lost':
    case 'no-answer':
      return { kind: reply.kind };
    case 'error':
      return { kind: 'fault', message: reply.message };
    case 'refused': {
      const { checkRefused } = await import('./check-answer.ts');
      return checkRefused(reply) ?? { kind: 'fault', message: reply.message };
    }
    case 'result': {
      const { checkResult } = await import('./check-answer.ts');
      const parsed = checkResult(method, reply.result);
      if (parsed.kind === 'ok') return { kind: 'ok', value: parsed.value };
      return { kind: 'fault', message: `The answer to ${method} makes no sense: ${parsed.why}.` };
    }
  }
}

/** Opens the socket at `path`; null when nobody listens there. */
function dial(path: string): Promise<Socket | { readonly code: string; readonly detail: string }> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      resolve({ code: 'code' in error ? String(error.code) : '', detail: error.message });
    });
  });
}

const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTSOCK'];

/** What lies in a folder of somebody else may lead to anybody's socket. */
async function isOthers(folder: string): Promise<boolean> {
  const own = process.getuid?.();
  if (own === undefined) return false;
  return stat(folder).then(
    ({ uid }) => uid !== own,
    () => false,
  );
}

/** Connects to the engine that runs with this state folder. */
export async function connectControl(state: string): Promise<ConnectOutcome> {
  if (await isOthers(state)) return { kind: 'failed', detail: `${state} belongs to another user` };
  const place = await readControlFile(state);
  if (place === null) return { kind: 'not-running' };
  const socket = await dial(place.socket);
  if ('code' in socket) {
    if (NOBODY.includes(socket.code)) return { kind: 'not-running' };
    return { kind: 'failed', detail: socket.detail };
  }
  return { kind: 'connected', client: new SocketClient(socket, place.pid) };
}
