/**
 * Hints from the simulated volume, as unreliable as the real ones: a folder is only watched from some moment after it
 * was made, and hints come late, twice, or never.
 */
import { RESERVED_FOLDER, type RelPath } from '../../src/engine/environment/disk.ts';
import type { Hint, Watch } from '../../src/engine/environment/watch.ts';
import type { Domain } from './clock.ts';
import type { FileTree } from './file-tree.ts';
import type { Stream } from './random.ts';
import { type Change, Refused, type SimNode } from './volume-node.ts';

export interface WatchFaults {
  /** Probability that a hint is never given. */
  drop: number;
  duplicate: number;
  /** Probability that a hint takes up to two seconds. */
  late: number;
}

const LATELY_MS = 2000;

interface Watched {
  path: RelPath;
  lastEventAt: number;
}

export type WatchFault = keyof WatchFaults;

export const GOOD_WATCH: Readonly<WatchFaults> = { drop: 0, duplicate: 0, late: 0 };

export class SimWatch implements Watch {
  readonly #volume: FileTree;
  readonly #domain: Domain;
  readonly #stream: Stream;
  readonly #faults: Readonly<WatchFaults>;
  /** What was done to hints, by kind. */
  readonly #injected: Record<WatchFault, number>;
  /** By object, as inotify does: a renamed folder goes on reporting under the path it was added with. */
  readonly #watched = new Map<SimNode, Watched>();
  #stop: (() => void) | null = null;
  #onHints: (hints: readonly Hint[]) => void = () => undefined;
  #batch: Hint[] = [];
  #flushing = false;

  constructor(
    volume: FileTree,
    domain: Domain,
    stream: Stream,
    faults: Readonly<WatchFaults>,
    injected: Record<WatchFault, number> = { ...GOOD_WATCH },
  ) {
    this.#injected = injected;
    this.#volume = volume;
    this.#domain = domain;
    this.#stream = stream;
    this.#faults = faults;
  }

  async start(onHints: (hints: readonly Hint[]) => void): Promise<void> {
    await this.#domain.sleep(1);
    this.#onHints = onHints;
    this.addFolders([''], 'after');
    this.#stop = this.#volume.listen((change) => {
      if (!this.#domain.dead) this.#changed(change);
    });
  }

  /**
   * A folder that was listed before and changed lately may have changed in between: then it is to be listed again. One
   * that is known under another path was renamed, with all that is below it.
   */
  addFolders(folders: readonly RelPath[], listed: 'before' | 'after' = 'before'): void {
    for (const folder of folders) {
      const node = this.#nodeAt(folder);
      if (node === null) continue;
      const known = this.#watched.get(node);
      if (known === undefined) {
        this.#watched.set(node, { path: folder, lastEventAt: Number.NEGATIVE_INFINITY });
        const young = node.mtimeNs > BigInt(this.#domain.now() - LATELY_MS) * 1_000_000n;
        if (listed === 'before' && young) this.#hint({ kind: 'look', folder, child: null });
      } else if (known.path !== folder) {
        this.#relabel(known.path, folder);
      }
    }
  }

  removeFolders(folders: readonly RelPath[]): void {
    const gone = new Set(folders);
    for (const [node, { path }] of this.#watched) if (gone.has(path)) this.#watched.delete(node);
  }

  health(): { readonly complete: boolean; readonly why: string } {
    return { complete: true, why: '' };
  }

  async close(): Promise<void> {
    this.#stop?.();
    this.#stop = null;
    await Promise.resolve();
  }

  #changed(change: Change): void {
    const { child } = change;
    const watched = this.#watched.get(change.folder);
    if (watched === undefined || (watched.path === '' && child === RESERVED_FOLDER)) return;
    const folder = watched.path;
    watched.lastEventAt = this.#domain.monotonic();
    if (this.#happens('drop')) return;
    const hint: Hint = { kind: 'look', folder, child: child.isWellFormed() ? child : null };
    const times = this.#happens('duplicate') ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      if (!this.#happens('late')) this.#hint(hint);
      else this.#domain.after(this.#stream.fraction() * 2000, () => this.#onHints([hint]));
    }
  }

  #happens(fault: WatchFault): boolean {
    if (this.#faults[fault] === 0 || !this.#stream.chance(this.#faults[fault])) return false;
    this.#injected[fault] += 1;
    return true;
  }

  #relabel(from: RelPath, to: RelPath): void {
    const recently = this.#domain.monotonic() - LATELY_MS;
    for (const watched of this.#watched.values()) {
      if (watched.path !== from && !watched.path.startsWith(`${from}/`)) continue;
      watched.path = to + watched.path.slice(from.length);
      // Its last hints may have named the old path, where nothing is to be seen any more.
      if (watched.path === to || watched.lastEventAt > recently) {
        this.#hint({ kind: 'look', folder: watched.path, child: null });
      }
    }
  }

  #nodeAt(path: RelPath): SimNode | null {
    try {
      const node = this.#volume.find(path);
      return node.kind === 'folder' ? node : null;
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  /** Hints of a few milliseconds come together. */
  #hint(hint: Hint): void {
    this.#batch.push(hint);
    if (this.#flushing) return;
    this.#flushing = true;
    this.#domain.after(this.#stream.fraction() * 5, () => {
      const hints = this.#batch;
      this.#batch = [];
      this.#flushing = false;
      if (this.#stop !== null) this.#onHints(hints);
    });
  }
}
