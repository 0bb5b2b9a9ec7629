import { Worker } from 'node:worker_threads';
import type { LaneAnswer, LaneJob, LaneMessage, LaneResults, LaneSettings } from './lane-messages.ts';
import type { DataKey } from './sealing.ts';

interface Waiting {
  readonly resolve: (result: LaneResults[keyof LaneResults]) => void;
  readonly reject: (cause: Error) => void;
  readonly weight: number;
}

/** One thread of the store, seen from outside. If it dies, what it was doing fails and the next call starts another. */
export class Lane {
  readonly #settings: LaneSettings;
  readonly #waiting = new Map<number, Waiting>();
  readonly #keys = new Set<string>();
  #worker: Worker | null = null;
  #calls = 0;
  #load = 0;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
  }

  /** Bytes it was given and has not answered. */
  get load(): number {
    return this.#load;
  }

  /** Starts the thread and resolves when its files are open. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = this.#begin();
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
  }

  hasKeys(tenant: string): boolean {
    return this.#keys.has(tenant);
  }

  giveKeys(tenant: string, keys: readonly DataKey[]): void {
    this.#keys.add(tenant);
    this.#post({ kind: 'keys', tenant, keys }, []);
  }

  run<Kind extends LaneJob['kind']>(
    job: Extract<LaneJob, { readonly kind: Kind }>,
    weight: number,
    handedOver: readonly ArrayBuffer[] = [],
  ): Promise<LaneResults[Kind]> {
    this.#calls += 1;
    const call = this.#calls;
    this.#load += weight;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, {
        // The worker answers each kind of job with that kind's result.
        resolve: (result) => resolve(result as LaneResults[Kind]),
        reject,
        weight,
      });
      this.#post({ kind: 'job', call, job }, handedOver);
    });
  }

  async stop(): Promise<void> {
    if (this.#worker === null) return;
    await this.run({ kind: 'close' }, 0).catch(() => {});
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #post(message: LaneMessage, handedOver: readonly ArrayBuffer[]): void {
    const worker = this.#worker ?? this.#begin();
    worker.postMessage(message, [...handedOver]);
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./chunk-folder-worker.ts', import.meta.url), {
      workerData: this.#settings,
    });
    this.#worker = worker;
    worker.on('message', (answer: LaneAnswer) => this.#settle(answer));
    worker.on('error', (cause: unknown) => {
      this.#fail(worker, cause instanceof Error ? cause : new Error(String(cause)));
    });
    worker.on('exit', () => this.#fail(worker, new Error('a thread of the chunk store ended')));
    return worker;
  }

  #settle(answer: LaneAnswer): void {
    if (answer.kind === 'ready') return;
    const waiting = this.#waiting.get(answer.call);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.call);
    this.#load -= waiting.weight;
    if (answer.kind === 'done') waiting.resolve(answer.result);
    else waiting.reject(new Error(answer.detail));
  }

  #fail(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#keys.clear();
    this.#load = 0;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(cause);
  }
}
