/**
 * What every disk has to do. A user (another program) acts beside it, so that nothing is taken from the disk's own
 * word alone.
 */
import { after, before, describe } from 'node:test';
import type { Disk, DiskAbilities, RelPath } from '../../src/engine/environment/disk.ts';
import { good } from './outcomes.ts';
import { applySuite } from './suite-apply.ts';
import { observeSuite } from './suite-observe.ts';
import { reservedSuite } from './suite-reserved.ts';

/** Another program on the same folder. Paths as the disk's. */
export interface UserHands {
  /** In place, or creating; parents are made. */
  write(path: RelPath, content: string | Uint8Array, executable?: boolean): Promise<void>;
  read(path: RelPath): Promise<string>;
  /** Keeps a descriptor open until the answer is called. */
  hold(path: RelPath, purpose: 'reading' | 'writing'): Promise<() => Promise<void>>;
  folder(path: RelPath): Promise<void>;
  link(path: RelPath, target: string): Promise<void>;
  rename(from: RelPath, to: RelPath): Promise<void>;
  /** A file, a link, or a folder with all that is in it. */
  remove(path: RelPath): Promise<void>;
  /** Sorted, without the reserved folder. */
  names(path: RelPath): Promise<readonly string[]>;
}

export interface DiskWorld {
  readonly disk: Disk;
  readonly user: UserHands;
  /** How a name that was written is listed; null where it is refused. */
  readonly lists?: (name: string) => string | null;
  close(): Promise<void>;
}

/** One world for a whole suite; each test works in a folder of its own. */
export interface Workplace extends DiskWorld {
  readonly lists: (name: string) => string | null;
  /** What a stamp says of an executable file. */
  readonly executable: boolean;
  readonly abilities: DiskAbilities;
  /** A fresh folder and a fresh prefix for reserved names. */
  fresh(): Promise<{ readonly at: RelPath; readonly id: string }>;
}

export function diskSuite(label: string, open: () => Promise<DiskWorld>): void {
  describe(label, () => {
    let workplace: Workplace | undefined;
    let count = 0;
    before(async () => {
      const world = await open();
      const { abilities } = good(await world.disk.prepare());
      const fresh: Workplace['fresh'] = async () => {
        count += 1;
        const at = `case-${count}`;
        await world.user.folder(at);
        return { at, id: `n${count}` };
      };
      const executable = abilities.executableBits !== false;
      workplace = { ...world, lists: world.lists ?? ((name) => name), abilities, executable, fresh };
    });
    after(async () => workplace?.close());
    const here = (): Workplace => {
      if (workplace === undefined) throw new Error('the disk did not open');
      return workplace;
    };
    observeSuite(here);
    applySuite(here);
    reservedSuite(here);
  });
}
