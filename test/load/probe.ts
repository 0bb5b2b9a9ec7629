import { Worker } from 'node:worker_threads';
import { Type } from 'typebox';
import { parserOf, record } from '../../src/protocol/schema.ts';

const parseTimes = parserOf(record({ took: Type.Array(Type.Number()), failed: Type.Integer() }));

export interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** What reading a head takes while something else happens. */
export class Probe {
  readonly #worker: Worker;

  constructor(port: number, token: string) {
    this.#worker = new Worker(new URL('./probe-worker.ts', import.meta.url), { workerData: { port, token } });
  }

  /** Of the reads since the last call, in milliseconds. */
  async times(): Promise<Times> {
    const told = new Promise<unknown>((resolve) => this.#worker.once('message', resolve));
    this.#worker.postMessage('tell');
    const parsed = parseTimes(await told);
    if (parsed.kind !== 'ok') throw new Error('the probe says something else');
    const sorted = parsed.value.took.toSorted((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
