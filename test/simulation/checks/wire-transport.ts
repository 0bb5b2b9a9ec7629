/** A transport that tells the log what was asked, and what the device heard. A killed device never asks nor hears. */
import type {
  Transport,
  TransportOutcome,
  TransportRequest,
} from '../../../src/engine/environment/transport.ts';
import type { Domain } from '../clock.ts';
import type { Claimed, WireLog } from './wire-log.ts';

export class WireTransport implements Transport {
  readonly #inner: Transport;
  readonly #log: WireLog;
  readonly #life: Domain;
  readonly #claimed: Claimed;

  constructor(inner: Transport, log: WireLog, life: Domain, claimed: Claimed) {
    this.#inner = inner;
    this.#log = log;
    this.#life = life;
    this.#claimed = claimed;
  }

  get bytesSent(): number {
    return this.#inner.bytesSent;
  }

  get bytesReceived(): number {
    return this.#inner.bytesReceived;
  }

  async exchange(request: TransportRequest): Promise<TransportOutcome> {
    // What a process asks for in the instant in which it was killed goes nowhere: the next one draws the same keys.
    if (this.#life.dead) return this.#inner.exchange(request);
    const told = this.#log.begin(request, this.#claimed);
    const outcome = await this.#inner.exchange(request);
    told(outcome);
    return outcome;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
