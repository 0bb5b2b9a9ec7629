/**
 * Keeps an engine running and this app connected to it. One that runs already (the command line started it) is
 * adopted; one that ends is started again, at first soon, then ever more patiently.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Method, Params } from '../ipc/contract.ts';
import type { ControlEvent } from '../ipc/events.ts';
import { type CallOutcome, type ControlClient, connectControl } from '../ipc/node-control-client.ts';
import { isAlive } from '../ipc/node-control-file.ts';
import type { OwnChildren } from './own-children.ts';

export interface EngineOptions {
  readonly program: { readonly command: string; readonly words: readonly string[] };
  readonly state: string;
  readonly logFile: string;
  /** Which processes this app started, also in an earlier life: those end with it, others are only borrowed. */
  readonly children: OwnChildren;
  readonly onEvent: (event: ControlEvent) => void;
  /** Connected, or connected again. */
  readonly onUp: () => void;
  /** Lost, and why as far as that is known; it is being started again. */
  readonly onLost: (why: string) => void;
}

const START_MS = 60_000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 30_000;
/** An engine that lived this long was all right: the next start is soon again. */
const HEALTHY_MS = 60_000;
const STOP_MS = 20_000;

const pauseFor = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Of a process that is nobody's child here. */
async function endOf(pid: number): Promise<void> {
  for (const until = Date.now() + STOP_MS; isAlive(pid) && Date.now() < until; ) await pauseFor(50);
}

interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<string>;
  isOver: boolean;
}

export class EngineKeeper {
  readonly #options: EngineOptions;
  #stopping = new AbortController();
  #client: ControlClient | null = null;
  #child: Child | null = null;
  #running: Promise<void> | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#client !== null;
  }

  start(): void {
    if (this.#running !== null) return;
    this.#stopping = new AbortController();
    this.#running = this.#keep();
  }

  async call<M extends Method>(method: M, params: Params<M>, timeoutMs?: number): Promise<CallOutcome<M>> {
    return this.#client === null ? { kind: 'lost' } : this.#client.call(method, params, timeoutMs);
  }

  /**
   * Ends the engine cleanly and waits for it. One that somebody else started is only let go, unless `whoever` says
   * that it has to end.
   */
  async stop(whoever = false): Promise<void> {
    if (this.#running === null) return;
    this.#stopping.abort();
    const child = this.#child;
    const client = this.#client;
    const isToEnd = client !== null && (whoever || this.#options.children.has('engine', client.pid));
    if (client !== null) {
      if (isToEnd) await client.call('stop', {}, 5000);
      // An engine that is asked to end waits until nobody is connected any more.
      client.close();
    }
    if (child !== null && !child.isOver) {
      if (client === null) child.process.kill('SIGTERM');
      const insist = setTimeout(() => child.process.kill('SIGKILL'), STOP_MS);
      await child.ended;
      clearTimeout(insist);
    } else if (client !== null && isToEnd) await endOf(client.pid);
    await this.#running;
    this.#running = null;
  }

  async #keep(): Promise<void> {
    let retry = FIRST_RETRY_MS;
    while (!this.#stopping.signal.aborted) {
      const since = Date.now();
      const why = await this.#once();
      if (this.#stopping.signal.aborted) return;
      this.#options.onLost(why);
      if (Date.now() - since > HEALTHY_MS) retry = FIRST_RETRY_MS;
      await pauseFor(retry, this.#stopping.signal);
      retry = Math.min(LAST_RETRY_MS, retry * 2);
    }
  }

  /** One life of an engine, from connecting to its end. Answers with why it ended. */
  async #once(): Promise<string> {
    const client = (await this.#connect()) ?? (await this.#startOwn());
    if (client === null) return this.#child?.isOver ? await this.#child.ended : 'it did not start';
    if (this.#stopping.signal.aborted) {
      client.close();
      return '';
    }
    const listens = await client.subscribe(this.#options.onEvent, ['status', 'activity', 'transfers']);
    if (!listens) {
      client.close();
      return 'it gives no events';
    }
    this.#client = client;
    this.#options.onUp();
    await client.closed;
    this.#client = null;
    const child = this.#child;
    return child === null
      ? 'it was ended'
      : Promise.race([child.ended, pauseFor(2000).then(() => 'the connection was lost')]);
  }

  async #connect(): Promise<ControlClient | null> {
    const connected = await connectControl(this.#options.state);
    return connected.kind === 'connected' ? connected.client : null;
  }

  async #startOwn(): Promise<ControlClient | null> {
    const child = this.#child !== null && !this.#child.isOver ? this.#child : this.#spawn();
    this.#child = child;
    const until = Date.now() + START_MS;
    while (!child.isOver && Date.now() < until && !this.#stopping.signal.aborted) {
      await pauseFor(40);
      const client = await this.#connect();
      if (client !== null) return client;
    }
    // One that runs and yet cannot be reached is of no use, and in the way of the next.
    if (!child.isOver) child.process.kill('SIGKILL');
    return null;
  }

  #spawn(): Child {
    const { program, state, logFile } = this.#options;
    const log = openSync(logFile, 'a', 0o600);
    const words = [...program.words, 'run', '--state', state];
    const process = spawn(program.command, words, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    if (process.pid !== undefined) this.#options.children.note('engine', process.pid);
    const child: Child = {
      process,
      isOver: false,
      ended: new Promise((resolve) => {
        const over = (why: string) => {
          child.isOver = true;
          resolve(why);
        };
        process.once('error', (error) => over(error.message));
        process.once('exit', (code, signal) =>
          over(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
        );
      }),
    };
    return child;
  }
}
