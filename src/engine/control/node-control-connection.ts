/** One client of the control socket. Lines, calls and queued bytes are bounded, so that no client can hurt the engine. */
import type { Socket } from 'node:net';
import type { ControlEvent, EngineEvent } from '../../ipc/events.ts';
import {
  errorLine,
  eventLine,
  MAX_REQUEST_LINE,
  parseIncoming,
  RPC_ERRORS,
  type RpcId,
  resultLine,
} from '../../ipc/json-rpc.ts';
import { LineReader } from '../../ipc/line-reader.ts';
import { SubscribeParams } from '../../ipc/status.ts';
import { parserOf } from '../../protocol/schema.ts';
import { callMethod, type MethodHost } from './call-method.ts';

/** Calls of one client under way at once. */
const MAX_CALLS = 64;
/** A client that lets more than this pile up is not reading: it is cut off. */
const MAX_QUEUED = 128 * 1024 * 1024;
/** Past this, events of a subscription are left out or merged instead of queued. */
const EVENTS_QUEUED = 1024 * 1024;

const parseSubscribe = parserOf(SubscribeParams);

export class ControlConnection {
  readonly #socket: Socket;
  readonly #host: MethodHost;
  readonly #reader = new LineReader(MAX_REQUEST_LINE);
  readonly #gone = new AbortController();
  #calls = 0;
  #halfClosed = false;
  #unsubscribe: (() => void) | null = null;
  #skipped = 0;
  /** Of what only the newest counts. */
  readonly #held = new Map<'status' | 'transfers', EngineEvent>();

  constructor(socket: Socket, host: MethodHost) {
    this.#socket = socket;
    this.#host = host;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('drain', () => this.#catchUp());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.#noMoreCalls());
    socket.once('close', () => {
      this.#gone.abort();
      this.#stopEvents();
    });
  }

  get busy(): boolean {
    return this.#calls > 0 || this.#socket.writableLength > 0;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** No more events; the socket ends once the answers under way are out. */
  finish(): void {
    this.#stopEvents();
    this.#halfClosed = true;
    this.#endWhenDone();
  }

  #receive(bytes: Uint8Array): void {
    for (const line of this.#reader.feed(bytes)) {
      if (line.kind === 'line') void this.#handle(line.text);
      else if (line.kind === 'too-long')
        this.#send(errorLine(null, RPC_ERRORS.lineTooLong, `A line has at most ${MAX_REQUEST_LINE} bytes.`));
      else this.#send(errorLine(null, RPC_ERRORS.parse, 'This line is not UTF-8 text.'));
    }
  }

  async #handle(text: string): Promise<void> {
    const message = parseIncoming(text);
    if (message.kind === 'bad') return this.#send(errorLine(message.id, message.code, message.message));
    const id = message.kind === 'request' ? message.id : null;
    const answered = message.kind === 'request';
    if (this.#calls >= MAX_CALLS) {
      if (answered)
        this.#send(errorLine(id, RPC_ERRORS.tooManyCalls, `At most ${MAX_CALLS} calls at a time.`));
      return;
    }
    this.#calls += 1;
    const line = await this.#answer(id, message.method, message.params);
    this.#calls -= 1;
    if (answered) this.#send(line);
    this.#endWhenDone();
  }

  #answer(id: RpcId, method: string, params: unknown): Promise<string> {
    if (method === 'subscribe') return this.#subscribe(id, params);
    if (method === 'unsubscribe') {
      this.#stopEvents();
      return Promise.resolve(resultLine(id, { subscribed: false }));
    }
    return callMethod(this.#host, id, method, params, { signal: this.#gone.signal });
  }

  /** One subscription per connection: a second one replaces the first. */
  async #subscribe(id: RpcId, params: unknown): Promise<string> {
    const parsed = parseSubscribe(params);
    if (parsed.kind === 'invalid')
      return errorLine(id, RPC_ERRORS.invalidParams, `The params of subscribe are not right: ${parsed.why}.`);
    const kinds = new Set<string>(parsed.value.events ?? ['status', 'activity']);
    this.#stopEvents();
    if (this.#gone.signal.aborted) return '';
    this.#unsubscribe = this.#host.control.onEvent((event) => {
      if (kinds.has(event.kind)) this.#event(event);
    });
    if (kinds.has('status')) queueMicrotask(() => void this.#firstStatus());
    return resultLine(id, { subscribed: true });
  }

  /** Whoever begins to listen wants to know how things stand, not only what changes. */
  async #firstStatus(): Promise<void> {
    const answer = await this.#host.control.status({}, { signal: this.#gone.signal }).catch(() => null);
    if (answer?.kind !== 'ok' || this.#unsubscribe === null) return;
    this.#event({ kind: 'status', at: this.#host.now(), status: answer.value });
  }

  #stopEvents(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#skipped = 0;
    this.#held.clear();
  }

  #event(event: EngineEvent): void {
    if (this.#socket.writableLength <= EVENTS_QUEUED) this.#send(eventLine(event));
    else if (event.kind === 'activity') this.#skipped += 1;
    else this.#held.set(event.kind, event);
  }

  /** The client reads again: it learns how much it missed, and how things stand now. */
  #catchUp(): void {
    if (this.#unsubscribe === null) return;
    const held = [...this.#held.values()];
    const at = held[0]?.at ?? this.#host.now();
    if (this.#skipped > 0) {
      const skipped: ControlEvent = { kind: 'skipped', at, count: this.#skipped };
      this.#skipped = 0;
      this.#send(eventLine(skipped));
    }
    this.#held.clear();
    for (const event of held) this.#send(eventLine(event));
  }

  #send(line: string): void {
    if (line === '' || this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(line);
    if (this.#socket.writableLength > MAX_QUEUED) this.#socket.destroy();
  }

  /**
   * A client that has said all it wants to say still gets its answers (shell pipes close their side at once). A dead
   * one looks the same until something is written to it: a space, which JSON allows before any message.
   */
  #noMoreCalls(): void {
    this.#halfClosed = true;
    this.#endWhenDone();
    if (!this.#socket.writableEnded) this.#socket.write(' ');
  }

  #endWhenDone(): void {
    if (this.#halfClosed && this.#calls === 0 && this.#unsubscribe === null) this.#socket.end();
  }
}
