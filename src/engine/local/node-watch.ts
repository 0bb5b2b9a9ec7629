/** Hints from the system's own notifications, gathered in a thread of their own. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { assertNever } from '../../protocol/assert-never.ts';
import type { RelPath } from '../environment/disk.ts';
import type { Hint, Watch } from '../environment/watch.ts';
import type { FromWatcher, ToWatcher, WatchOptions, WatchStrategy } from './node-watch-messages.ts';

export interface NodeWatchOptions {
  readonly root: string;
  /** Default: a watch per folder on Linux, the whole tree elsewhere. */
  readonly strategy?: WatchStrategy;
}

/** The walk of a large tree makes garbage; a small nursery gives it back instead of growing by hundreds of MiB. */
const LIMITS = { maxYoungGenerationSizeMb: 2 };

export function openNodeWatch(options: NodeWatchOptions): NodeWatch {
  return new NodeWatch(options);
}

interface Addition {
  readonly folders: RelPath[];
  readonly listedAfter: boolean;
  readonly live: PromiseWithResolvers<void>;
}

export class NodeWatch implements Watch {
  readonly #options: WatchOptions;
  #worker: Worker | null = null;
  #onHints: (hints: readonly Hint[]) => void = () => undefined;
  #onStarted: () => void = () => undefined;
  #health = { complete: false, why: 'not started' };
  /** Folders added in this turn of the event loop; they go in one message. */
  #next: Addition | null = null;
  readonly #sent = new Map<number, PromiseWithResolvers<void>>();
  #ids = 0;
  #closing = false;

  constructor({ root, strategy }: NodeWatchOptions) {
    const chosen = strategy ?? (process.platform === 'linux' ? 'folders' : 'tree');
    this.#options = { root: real(root), strategy: chosen };
  }

  async start(onHints: (hints: readonly Hint[]) => void): Promise<void> {
    this.#onHints = onHints;
    const worker = new Worker(new URL('./watch-worker.ts', import.meta.url), {
      workerData: this.#options,
      resourceLimits: LIMITS,
    });
    this.#worker = worker;
    const started = new Promise<void>((done) => {
      this.#onStarted = done;
    });
    worker.on('message', (message: FromWatcher) => this.#heard(message));
    worker.on('error', (error) => this.#ended(`the watch thread failed: ${error.message}`));
    worker.on('exit', () => this.#ended('the watch thread ended'));
    await started;
  }

  /** Resolves when hints of these folders are live: what is listed after that is watched without a gap. */
  addFolders(folders: readonly RelPath[], listed: 'before' | 'after' = 'before'): Promise<void> {
    if (this.#worker === null || folders.length === 0) return Promise.resolve();
    const next = this.#addition(listed === 'after');
    for (const folder of folders) next.folders.push(folder);
    return next.live.promise;
  }

  removeFolders(folders: readonly RelPath[]): void {
    if (this.#next !== null) this.#sendAddition(this.#next);
    if (folders.length > 0) this.#send({ kind: 'remove', folders });
  }

  flush(): Promise<void> {
    if (this.#worker === null) return Promise.resolve();
    if (this.#next !== null) this.#sendAddition(this.#next);
    const done = Promise.withResolvers<void>();
    this.#ids += 1;
    this.#sent.set(this.#ids, done);
    this.#send({ kind: 'flush', id: this.#ids });
    return done.promise;
  }

  health(): { readonly complete: boolean; readonly why: string } {
    return this.#health;
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#onHints = () => undefined;
    await this.#worker?.terminate();
    this.#worker = null;
    this.#release();
  }

  #addition(listedAfter: boolean): Addition {
    if (this.#next?.listedAfter === listedAfter) return this.#next;
    if (this.#next !== null) this.#sendAddition(this.#next);
    const next: Addition = { folders: [], listedAfter, live: Promise.withResolvers() };
    this.#next = next;
    queueMicrotask(() => this.#sendAddition(next));
    return next;
  }

  #sendAddition(addition: Addition): void {
    if (this.#next !== addition) return;
    this.#next = null;
    if (this.#worker === null) {
      addition.live.resolve();
      return;
    }
    this.#ids += 1;
    this.#sent.set(this.#ids, addition.live);
    const { folders, listedAfter } = addition;
    this.#send({ kind: 'add', id: this.#ids, folders, listedAfter });
  }

  #send(message: ToWatcher): void {
    this.#worker?.postMessage(message);
  }

  #heard(message: FromWatcher): void {
    switch (message.kind) {
      case 'started':
        if (!this.#health.complete && this.#health.why === 'not started') {
          this.#health = { complete: true, why: '' };
        }
        this.#onStarted();
        return;
      case 'live':
        this.#sent.get(message.id)?.resolve();
        this.#sent.delete(message.id);
        return;
      case 'hints':
        this.#send({ kind: 'taken' });
        this.#onHints(message.hints);
        return;
      case 'health':
        this.#health = { complete: message.complete, why: message.why };
        return;
      default:
        assertNever(message, 'message from the watch thread');
    }
  }

  /** Scans on a timer stand in from here on; nobody may wait for a thread that is no more. */
  #ended(why: string): void {
    if (this.#worker === null) return;
    this.#worker = null;
    this.#health = { complete: false, why };
    this.#release();
    if (!this.#closing) this.#onHints([{ kind: 'lost', why }]);
  }

  #release(): void {
    this.#onStarted();
    this.#next?.live.resolve();
    this.#next = null;
    for (const { resolve: done } of this.#sent.values()) done();
    this.#sent.clear();
  }
}

function real(root: string): string {
  const absolute = resolve(root);
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}
