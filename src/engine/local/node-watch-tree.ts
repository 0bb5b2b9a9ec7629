/**
 * The whole tree through chokidar: for systems whose own recursive watch it uses (macOS, Windows: NOT RUN HERE; the
 * tests run it on Linux). Only folders are given to it, and its raw events name the children.
 */
import { dirname, join, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { RESERVED_FOLDER, type RelPath } from '../environment/disk.ts';
import type { HintQueue } from './node-watch-hints.ts';

export class TreeWatch {
  readonly #root: string;
  readonly #hints: HintQueue;
  readonly #watcher: FSWatcher;

  constructor(root: string, hints: HintQueue, onReady: () => void, onHealth: (why: string | null) => void) {
    this.#root = root;
    this.#hints = hints;
    const reserved = join(root, RESERVED_FOLDER);
    this.#watcher = watch(root, {
      // Its default filter hides files that look like an editor's, which are a user's like any other.
      atomic: false,
      followSymlinks: false,
      ignoreInitial: true,
      ignored: (path, stats) =>
        path === reserved || path.startsWith(reserved + sep) || (stats !== undefined && !stats.isDirectory()),
    });
    this.#watcher.on('ready', onReady);
    this.#watcher.on('raw', (_event, name, details: unknown) => this.#raw(name, details));
    this.#watcher.on('addDir', (path) => this.#folder(path));
    this.#watcher.on('unlinkDir', (path) => this.#child(path));
    this.#watcher.on('error', (error) => onHealth(error instanceof Error ? error.message : String(error)));
  }

  #raw(name: string | null, details: unknown): void {
    const watched: unknown =
      typeof details === 'object' && details !== null ? Reflect.get(details, 'watchedPath') : null;
    if (typeof watched !== 'string') return;
    if (name === null || name === '') this.#look(watched, null);
    else this.#child(join(watched, name));
  }

  /** A folder that is watched from now on: what was made in it before has to be looked at. */
  #folder(path: string): void {
    this.#child(path);
    this.#look(path, null);
  }

  #child(path: string): void {
    if (path !== this.#root)
      this.#look(dirname(path), path.slice(dirname(path).length).replace(/^[\\/]+/, ''));
  }

  #look(folder: string, child: string | null): void {
    const path: RelPath = relative(this.#root, folder).split(sep).join('/');
    if (path === '..' || path.startsWith('../') || path.split('/')[0] === RESERVED_FOLDER) return;
    if (path === '' && child === RESERVED_FOLDER) return;
    // A name that came through as a replacement character cannot be looked at: its folder can.
    this.#hints.look(path, child?.includes('\ufffd') === true ? null : child);
  }
}
