/**
 * Hints from the simulated volume, as unreliable as the real ones: a folder is only watched from some moment after it
 * was made, and hints come late, twice, or never.
 */
import { RESERVED_FOLDER, type RelPath } from '../../src/engine/environment/disk.ts';
import type { Hint, Watch } from '../../src/engine/environment/watch.ts';
import type { Domain } from './clock.ts';
import type { Stream } from './random.ts';
import type { Volume } from './volume.ts';
import { type Change, Refused, type SimNode } from './volume-node.ts';

export interface WatchFaults {
  /** Probability that a hint is never given. */
  drop: number;
  duplicate: number;
  /** Probability that a hint takes up to two seconds. */
  late: number;
}

export const GOOD_WATCH: Readonly<WatchFaults> = { drop: 0, duplicate: 0, late: 0 };

export class SimWatch implements Watch {
  readonly #volume: Volume;
  readonly #domain: Domain;
  readonly #stream: Stream;
  readonly #faults: Readonly<WatchFaults>;
  /** By object, as inotify does: a renamed folder goes on reporting under the path it was added with. */
  readonly #watched = new Map<SimNode, RelPath>();
  #stop: (() => void) | null = null;
  #batch: Hint[] = [];
  #flushing = false;

  constructor(volume: Volume, domain: Domain, stream: Stream, faults: Readonly<WatchFaults>) {
    this.#volume = volume;
    this.#domain = domain;
    this.#stream = stream;
    this.#faults = faults;
  }

  async start(onHints: (hints: readonly Hint[]) => void): Promise<void> {
    await this.#domain.sleep(1);
    this.addFolders(['']);
    this.#stop = this.#volume.listen((change) => {
      if (!this.#domain.dead) this.#changed(change, onHints);
    });
  }

  addFolders(folders: readonly RelPath[]): void {
    for (const folder of folders) {
      const node = this.#nodeAt(folder);
      if (node !== null) this.#watched.set(node, folder);
    }
  }

  removeFolders(folders: readonly RelPath[]): void {
    const gone = new Set(folders);
    for (const [node, path] of this.#watched) if (gone.has(path)) this.#watched.delete(node);
  }

  health(): { readonly complete: boolean; readonly why: string } {
    return { complete: true, why: '' };
  }

  async close(): Promise<void> {
    this.#stop?.();
    this.#stop = null;
    await Promise.resolve();
  }

  #changed(change: Change, onHints: (hints: readonly Hint[]) => void): void {
    const { child } = change;
    const folder = this.#watched.get(change.folder);
    if (folder === undefined || (folder === '' && child === RESERVED_FOLDER)) return;
    if (this.#stream.chance(this.#faults.drop)) return;
    const hint: Hint = { kind: 'look', folder, child: child.isWellFormed() ? child : null };
    const times = this.#stream.chance(this.#faults.duplicate) ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      if (this.#stream.chance(this.#faults.late)) {
        this.#domain.after(this.#stream.fraction() * 2000, () => onHints([hint]));
      } else {
        this.#batch.push(hint);
      }
    }
    this.#flushSoon(onHints);
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

  #flushSoon(onHints: (hints: readonly Hint[]) => void): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#domain.after(this.#stream.fraction() * 5, () => {
      const hints = this.#batch;
      this.#batch = [];
      this.#flushing = false;
      if (hints.length > 0 && this.#stop !== null) onHints(hints);
    });
  }
}
