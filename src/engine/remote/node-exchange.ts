/** One HTTP exchange as undici drives it. */
import type { Dispatcher } from 'undici';
import type { TransportOutcome, TransportRequest } from '../environment/transport.ts';
import { reasonOf } from './node-dispatcher.ts';
import { certificateFault } from './node-trust.ts';

const STATUS_LINE_EXTRA = 20;
/** What moves less than this in the time that it was given is taken for dead: a trickle would keep it for ever. */
const LEAST_MOVED = 8 * 1024;
/** How long an answer that is coming may pause. What we send may still lie in buffers on its way: it has its first time again. */
const QUIET_MS = 30_000;
/** Bodies up to this size are counted by the limits but never wait for them. */
export const SMALL_BYTES = 16 * 1024;

/** One request's way through undici: collects the answer under its bounds, and ends exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: TransportRequest;
  readonly #resolve: (outcome: TransportOutcome) => void;
  #deadline: NodeJS.Timeout | null = null;
  /** What was spent waiting for the user's own limits is no delay of the server. */
  #spared = 0;
  /** Since the deadline was set. */
  #movedUp = 0;
  #movedDown = 0;
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
  /** Asked after each piece of a large answer; a promise is waited for before the next one is read. */
  holdBack: (bytes: number, isSmall: boolean) => Promise<number> | null = () => null;

  constructor(request: TransportRequest, resolve: (outcome: TransportOutcome) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#onAbort = () => this.#stop({ kind: 'aborted' });
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#arm(request.timeoutMs);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** So long nothing could move because it was not let. */
  spare(ms: number): void {
    this.#spared += ms;
  }

  /** So much of the request was taken by the line. */
  sent(bytes: number): void {
    this.#movedUp += bytes;
  }

  /** What it may have beyond its time, because it moves or was not let; 0: nothing. */
  #more(): number {
    const { timeoutMs } = this.#request;
    const isUp = this.#movedUp >= LEAST_MOVED;
    const isDown = this.#movedDown >= LEAST_MOVED;
    const moving = isUp ? timeoutMs : isDown ? Math.min(timeoutMs, QUIET_MS) : 0;
    const more = Math.max(this.#spared, moving);
    this.#spared = this.#movedUp = this.#movedDown = 0;
    return more;
  }

  #arm(ms: number): void {
    this.#deadline = setTimeout(() => {
      const more = this.#more();
      if (more > 0) this.#arm(more);
      else
        this.#stop({
          kind: 'unreachable',
          detail: `no whole answer within ${this.#request.timeoutMs} ms`,
        });
    }, ms);
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

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.onReceived(chunk.length);
    if (this.#ended) return;
    this.#movedDown += chunk.length;
    const held = this.holdBack(chunk.length, this.#body !== null && this.#body.length <= SMALL_BYTES);
    if (held !== null) {
      controller.pause();
      void held.then((ms) => {
        this.spare(ms);
        if (!this.#ended) controller.resume();
      });
    }
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
    const fault = certificateFault(error);
    this.#end(
      fault === null
        ? { kind: 'unreachable', detail: reasonOf(error) }
        : { kind: 'untrusted', detail: fault },
    );
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
    clearTimeout(this.#deadline ?? undefined);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    this.#parts = [];
    this.#body = null;
    this.#resolve(outcome);
  }
}
