/** Keeps paths that must not reach the disk out of a batch, without giving up the batch. */
import type { DiskFailure, DiskOutcome, RelPath } from '../environment/disk.ts';
import { failed } from './node-disk-errors.ts';
import { pathTrouble } from './node-disk-paths.ts';
import type { Platform } from './node-disk-platform.ts';

export class PathGuard {
  readonly #platform: Platform;
  /** Learnt by the probe: decides which spellings are the reserved folder. */
  foldsCase = false;
  closed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  trouble(path: RelPath): DiskFailure | null {
    return this.closed ? failed('ENOENT', path) : pathTrouble(path, this.#platform, this.foldsCase);
  }

  /** The root is a fine object to look at, but never one to create, move or remove. */
  nameTrouble(path: RelPath): DiskFailure | null {
    return path === '' ? failed('EINVAL', path) : this.trouble(path);
  }

  /** Runs the batch with the good items; outcomes are in the order of all. */
  async many<Item, Success>(
    items: readonly Item[],
    troubleOf: (item: Item) => DiskFailure | null,
    run: (good: readonly Item[]) => Promise<readonly DiskOutcome<Success>[]>,
  ): Promise<readonly DiskOutcome<Success>[]> {
    if (items.length === 0) return [];
    const troubles = items.map(troubleOf);
    if (troubles.every((trouble) => trouble === null)) return run(items);
    const good = items.filter((_item, index) => troubles[index] === null);
    const outcomes = good.length === 0 ? [] : await run(good);
    let next = 0;
    return troubles.map((trouble): DiskOutcome<Success> => {
      if (trouble !== null) return trouble;
      const outcome = outcomes[next];
      next += 1;
      return outcome ?? failed('EIO', '');
    });
  }

  async one<Success>(path: RelPath, run: () => Promise<DiskOutcome<Success>>): Promise<DiskOutcome<Success>> {
    return this.trouble(path) ?? run();
  }
}
