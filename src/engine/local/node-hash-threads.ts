/** Threads that hash large files: started when there is work, ended when there has been none for a while. */
import { Worker } from 'node:worker_threads';
import type { HashAnswer, HashJob, ThreadOptions } from './node-hash-messages.ts';

/** A thread costs some 15 MiB, and starting one some 40 ms. */
const IDLE_MS = 10_000;

interface Waiting {
  readonly job: HashJob;
  readonly resolve: (answer: HashAnswer) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Waiting | null;
  idle: NodeJS.Timeout | null;
}

export class HashThreads {
  readonly #limit: number;
  readonly #options: ThreadOptions;
  readonly #idleMs: number;
  readonly #threads = new Set<Thread>();
  readonly #queue: Waiting[] = [];
  #nextId = 1;
  #closed = false;

  constructor(limit: number, options: ThreadOptions, idleMs = IDLE_MS) {
    this.#limit = Math.max(1, limit);
    this.#options = options;
    this.#idleMs = idleMs;
  }

  get running(): number {
    return this.#threads.size;
  }

  hash(fd: number, size: number, wantSignature: boolean): Promise<HashAnswer> {
    const id = this.#nextId;
    this.#nextId += 1;
    if (this.#closed) return Promise.resolve({ kind: 'failed', id, code: 'ECANCELED' });
    return new Promise((resolve) => {
      this.#queue.push({ job: { id, fd, size, wantSignature }, resolve });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { job, resolve } of this.#queue.splice(0)) {
      resolve({ kind: 'failed', id: job.id, code: 'ECANCELED' });
    }
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const free = [...this.#threads].find((thread) => thread.current === null);
      if (free === undefined && this.#threads.size >= this.#limit) return;
      const thread = free ?? this.#start();
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (thread.idle !== null) clearTimeout(thread.idle);
      thread.idle = null;
      thread.current = next;
      thread.worker.postMessage(next.job);
    }
  }

  #start(): Thread {
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), {
      workerData: this.#options,
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
    });
    const thread: Thread = { worker, current: null, idle: null };
    this.#threads.add(thread);
    worker.on('message', (answer: HashAnswer) => this.#answered(thread, answer));
    // Out of memory or a fault of the program: the file is reported, the next one gets a new thread.
    worker.on('error', () => undefined);
    worker.on('exit', () => this.#ended(thread));
    return thread;
  }

  #answered(thread: Thread, answer: HashAnswer): void {
    const waiting = thread.current;
    thread.current = null;
    waiting?.resolve(answer);
    this.#dispatch();
    if (thread.current !== null) return;
    thread.idle = setTimeout(() => void thread.worker.terminate(), this.#idleMs);
    thread.idle.unref();
  }

  #ended(thread: Thread): void {
    this.#threads.delete(thread);
    if (thread.idle !== null) clearTimeout(thread.idle);
    const waiting = thread.current;
    thread.current = null;
    if (waiting !== null) waiting.resolve({ kind: 'failed', id: waiting.job.id, code: 'EIO' });
    if (!this.#closed) this.#dispatch();
  }
}
