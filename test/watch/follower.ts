/** A scanner in small: follows hints, lists the folders they name, and watches every folder it finds. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Hint } from '../../src/engine/environment/watch.ts';
import { type NodeWatch, openNodeWatch } from '../../src/engine/local/node-watch.ts';
import type { WatchStrategy } from '../../src/engine/local/node-watch-messages.ts';
import { freshFolder } from '../disk/real-world.ts';

const PATIENCE_MS = 8000;

export class Follower {
  readonly root: string;
  readonly watch: NodeWatch;
  /** Paths that were hinted at, by name or through a listing of their folder that a hint asked for. */
  readonly seen = new Set<string>();
  readonly hints: Hint[] = [];
  readonly #waiting = new Set<() => void>();
  #work: Promise<void> = Promise.resolve();

  private constructor(root: string, watch: NodeWatch) {
    this.root = root;
    this.watch = watch;
  }

  static async start(strategy: WatchStrategy, prepare?: (root: string) => Promise<void>): Promise<Follower> {
    const root = await freshFolder();
    await prepare?.(root);
    const follower = new Follower(root, openNodeWatch({ root, strategy }));
    await follower.watch.start((hints) => {
      follower.#work = follower.#work.then(() => follower.#follow(hints));
    });
    await follower.list('');
    await follower.quiet();
    return follower;
  }

  path(path: string): string {
    return join(this.root, path);
  }

  async list(folder: string): Promise<void> {
    await this.watch.addFolders([folder], 'after');
    const entries = await fs.readdir(this.path(folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name === '.tidemark') continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      this.seen.add(path);
      if (entry.isDirectory()) await this.list(path);
    }
  }

  /** Forgets what was seen, once nothing more comes of what was done before. */
  async quiet(): Promise<void> {
    for (let last = -1; last !== this.hints.length; ) {
      last = this.hints.length;
      await new Promise((resolve) => setTimeout(resolve, 60));
      await this.#work;
    }
    this.seen.clear();
    this.hints.length = 0;
  }

  /** Resolves when all of these paths were hinted at; false when that takes too long. */
  sees(...paths: readonly string[]): Promise<boolean> {
    return this.until(() => paths.every((path) => this.seen.has(path)));
  }

  async until(condition: () => boolean): Promise<boolean> {
    const end = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > end) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  async close(): Promise<void> {
    await this.watch.close();
    await this.#work;
    await fs.rm(this.root, { recursive: true, force: true });
  }

  async #follow(hints: readonly Hint[]): Promise<void> {
    for (const hint of hints) {
      this.hints.push(hint);
      if (hint.kind === 'lost') continue;
      if (hint.child === null) await this.list(hint.folder);
      else await this.#look(hint.folder === '' ? hint.child : `${hint.folder}/${hint.child}`);
    }
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #look(path: string): Promise<void> {
    this.seen.add(path);
    const found = await fs.lstat(this.path(path)).catch(() => null);
    if (found?.isDirectory() === true) await this.list(path);
  }
}
