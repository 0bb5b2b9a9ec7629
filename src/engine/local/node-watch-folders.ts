/**
 * One system watch per folder that the scanner has found. A watch follows the object, not the path: a folder that was
 * renamed goes on reporting, so its watches (and those below it) are given their new paths when it is found again.
 */
import { type BigIntStats, type FSWatcher, lstatSync, readFileSync, watch } from 'node:fs';
import { RESERVED_FOLDER, type RelPath } from '../environment/disk.ts';
import { errorCode } from './node-disk-errors.ts';
import { nameOf } from './node-disk-paths.ts';
import { strictUtf8 } from './node-disk-wire.ts';
import type { HintQueue } from './node-watch-hints.ts';

interface Watched {
  path: RelPath;
  readonly id: string;
  readonly watcher: FSWatcher;
  lastEventAt: number;
  /** When its path was found to lead elsewhere or nowhere; null while it is in its place. */
  astraySince: number | null;
}

/** A change this recent may have happened between the scanner's look and the watch. */
const YOUNG_MS = 3000;
/** How long a watch waits for its renamed folder to be found under its new path. */
const ASTRAY_MS = 60_000;
const SWEEP_MS = 2000;
/** The kernel's limits on watches and on inotify objects, and on open files. */
const LIMITS: readonly string[] = ['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM'];

export class FolderWatches {
  readonly #root: string;
  readonly #hints: HintQueue;
  readonly #onHealth: (why: string | null) => void;
  readonly #byPath = new Map<RelPath, Watched>();
  readonly #byId = new Map<string, Watched>();
  readonly #failing = new Set<RelPath>();
  readonly #queueLimit = queueLimit();
  #why = '';
  #eventsInTurn = 0;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(root: string, hints: HintQueue, onHealth: (why: string | null) => void) {
    this.#root = root;
    this.#hints = hints;
    this.#onHealth = onHealth;
  }

  add(path: RelPath, listedAfter: boolean): void {
    const found = this.#look(path);
    if (found === null) {
      if (path === '') this.#rootIsAstray();
      return;
    }
    const id = identity(found);
    const here = this.#byPath.get(path);
    if (here !== undefined) {
      if (here.id === id && here.astraySince === null) return;
      this.#drop(here);
    }
    const elsewhere = isTrusted(found) ? this.#byId.get(id) : undefined;
    // Still in its old place too: one folder mounted twice.
    const moved = elsewhere !== undefined && this.#idAt(elsewhere.path) !== id;
    if (elsewhere !== undefined && moved) this.#relabel(elsewhere.path, path);
    else this.#attach(path, found, listedAfter);
  }

  /** Ends the watches of these folders and of everything below them. */
  remove(folders: readonly RelPath[]): void {
    const gone = new Set(folders);
    for (const watched of [...this.#byPath.values()]) if (isBelow(watched.path, gone)) this.#drop(watched);
    for (const path of [...this.#failing]) if (isBelow(path, gone)) this.#failed(path, null);
  }

  #look(path: RelPath): BigIntStats | null {
    try {
      const found = lstatSync(this.#absolute(path), { bigint: true });
      return found.isDirectory() ? found : null;
    } catch {
      return null;
    }
  }

  #idAt(path: RelPath): string | null {
    const found = this.#look(path);
    return found === null ? null : identity(found);
  }

  #attach(path: RelPath, before: BigIntStats, listedAfter: boolean): void {
    let watcher: FSWatcher;
    try {
      watcher = watch(this.#absolute(path), { encoding: 'buffer' }, (event, name) => {
        this.#happened(watched, event, name);
      });
    } catch (error) {
      const code = errorCode(error);
      if (LIMITS.includes(code)) this.#failed(path, `${code}: the system allows no more watches`);
      return;
    }
    const now = Date.now();
    const id = identity(before);
    const watched: Watched = { path, id, watcher, lastEventAt: 0, astraySince: null };
    watcher.on('error', () => this.#broke(watched));
    this.#byPath.set(path, watched);
    this.#byId.set(id, watched);
    this.#failed(path, null);
    const after = this.#look(path);
    if (after === null || identity(after) !== id) {
      // Replaced between the look and the watch: whatever is watched now, it is not this.
      this.#drop(watched);
      this.#hints.look(path, null);
    } else if (!listedAfter && Number(after.ctimeNs / 1_000_000n) > now - YOUNG_MS) {
      this.#hints.look(path, null);
    }
  }

  #happened(watched: Watched, event: string, raw: Buffer | null): void {
    this.#countEvent();
    watched.lastEventAt = Date.now();
    const name = raw === null ? null : strictUtf8(raw);
    if (watched.path === '' && name === RESERVED_FOLDER) return;
    this.#hints.look(watched.path, name);
    // The kernel names a folder that was itself moved or removed like a child with the folder's own name.
    const own = watched.path === '' ? nameOf(this.#root) : nameOf(watched.path);
    if (event === 'rename' && name === own) this.#checkPlace(watched);
  }

  #checkPlace(watched: Watched): void {
    if (this.#byPath.get(watched.path) !== watched) return;
    const found = this.#look(watched.path);
    if (found !== null && isTrusted(found) && identity(found) === watched.id) return;
    const { path } = watched;
    if (found === null) {
      watched.astraySince = Date.now();
      this.#sweepLater();
      if (path === '') this.#rootIsAstray();
      return;
    }
    // Another folder, or one that cannot be told from the removed one: watch what is there now.
    this.#drop(watched);
    this.#attach(path, found, true);
    this.#hints.look(path, null);
  }

  /** The folder at `from` is now at `to`, with all that is below it. */
  #relabel(from: RelPath, to: RelPath): void {
    const recently = Date.now() - ASTRAY_MS;
    for (const watched of [...this.#byPath.values()]) {
      if (watched.path !== from && !watched.path.startsWith(`${from}/`)) continue;
      const path = to + watched.path.slice(from.length);
      this.#byPath.delete(watched.path);
      const there = this.#byPath.get(path);
      if (there !== undefined) this.#drop(there);
      watched.path = path;
      watched.astraySince = null;
      this.#byPath.set(path, watched);
      // Its last hints may have named the old path, where nothing is to be seen any more.
      if (watched.lastEventAt > recently || path === to) this.#hints.look(path, null);
    }
  }

  #drop(watched: Watched): void {
    watched.watcher.close();
    if (this.#byPath.get(watched.path) === watched) this.#byPath.delete(watched.path);
    if (this.#byId.get(watched.id) === watched) this.#byId.delete(watched.id);
  }

  #broke(watched: Watched): void {
    this.#drop(watched);
    this.#failed(watched.path, 'a watch ended with an error');
    this.#hints.look(watched.path, null);
  }

  #failed(path: RelPath, why: string | null): void {
    if (why === null ? !this.#failing.delete(path) : this.#failing.has(path)) return;
    if (why !== null) {
      this.#failing.add(path);
      this.#why = why;
    }
    this.#onHealth(this.#failing.size === 0 ? null : `${this.#failing.size} folders unwatched; ${this.#why}`);
  }

  #rootIsAstray(): void {
    this.#failed('', 'the folder itself is gone');
    this.#hints.lost('the folder itself is gone');
    this.#sweepLater();
  }

  /**
   * The kernel drops events when its queue is full, and Node does not hear of it. All that is queued arrives in one
   * turn of the event loop, so a turn with as many events as the queue holds may have been an overflow.
   */
  #countEvent(): void {
    if (this.#eventsInTurn === 0) {
      setImmediate(() => {
        if (this.#eventsInTurn >= this.#queueLimit)
          this.#hints.lost('the queue of the system may have overflowed');
        this.#eventsInTurn = 0;
      });
    }
    this.#eventsInTurn += 1;
  }

  #sweepLater(): void {
    if (this.#sweeper !== null) return;
    this.#sweeper = setTimeout(() => {
      this.#sweeper = null;
      this.#sweep();
    }, SWEEP_MS);
  }

  #sweep(): void {
    const since = Date.now() - ASTRAY_MS;
    const astray = [...this.#byPath.values()].filter((watched) => watched.astraySince !== null);
    this.remove(
      astray.flatMap(({ path, astraySince }) => (astraySince! < since && path !== '' ? [path] : [])),
    );
    if (this.#failing.has('')) {
      this.add('', true);
      if (!this.#failing.has('')) this.#hints.lost('the folder itself is back');
    }
    if (astray.length > 0 || this.#failing.has('')) this.#sweepLater();
  }

  #absolute(path: RelPath): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }
}

function identity(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}

/** Without birth times a removed folder's number may already be another's. */
function isTrusted(stats: BigIntStats): boolean {
  return stats.birthtimeNs !== 0n;
}

function isBelow(path: RelPath, folders: ReadonlySet<RelPath>): boolean {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    if (folders.has(at)) return true;
    if (!at.includes('/')) return folders.has('');
  }
}

function queueLimit(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
