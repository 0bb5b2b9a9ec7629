/** A transport that tells the log what was asked, and what the device heard. A killed device never hears. */
import type {
  Transport,
  TransportOutcome,
  TransportRequest,
} from '../../../src/engine/environment/transport.ts';
import type { WireLog } from './wire-log.ts';

export class WireTransport implements Transport {
  readonly #inner: Transport;
  readonly #log: WireLog;

  constructor(inner: Transport, log: WireLog) {
    this.#inner = inner;
    this.#log = log;
  }

  get bytesSent(): number {
    return this.#inner.bytesSent;
  }

  get bytesReceived(): number {
    return this.#inner.bytesReceived;
  }

  async exchange(request: TransportRequest): Promise<TransportOutcome> {
    const told = this.#log.begin(request);
    const outcome = await this.#inner.exchange(request);
    told(outcome);
    return outcome;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
