/** Renames that never replace, and exchanges: the file system's own where it has them, else emulated in steps. */
import { type DiskOutcome, RESERVED_FOLDER, type RelPath } from '../environment/disk.ts';
import { Aside } from './node-disk-aside.ts';
import type { DiskCalls, How, Renamed } from './node-disk-calls.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { nameOf, parentOf } from './node-disk-paths.ts';

export interface RenameAbilities {
  readonly exchange: boolean;
  readonly noReplace: boolean;
  readonly foldsCase: boolean;
}

export interface Move {
  readonly from: RelPath;
  readonly to: RelPath;
  readonly how: 'no-replace' | 'exchange';
}

export class Renamer {
  readonly aside: Aside;
  readonly #calls: () => DiskCalls;
  readonly #abilities: () => RenameAbilities;
  #count = 0;

  constructor(calls: () => DiskCalls, abilities: () => RenameAbilities) {
    this.#calls = calls;
    this.#abilities = abilities;
    this.aside = new Aside(calls, (from, to) => this.#oursToFree(from, to));
  }

  /**
   * In order. `no-replace` fails as `taken` where the name is in use, but for another spelling of the object itself.
   * After an `exchange` the displaced file is at `from`.
   */
  async rename(moves: readonly Move[]): Promise<readonly DiskOutcome<Renamed>[]> {
    const { noReplace, foldsCase, exchange } = this.#abilities();
    const direct = (move: Move): boolean => (move.how === 'exchange' ? exchange : noReplace && !foldsCase);
    if (moves.every(direct)) return this.#calls().rename(moves);
    const outcomes: DiskOutcome<Renamed>[] = [];
    for (const move of moves) outcomes.push(await this.#stepwise(move));
    return outcomes;
  }

  async #stepwise(move: Move): Promise<DiskOutcome<Renamed>> {
    const { noReplace, foldsCase, exchange } = this.#abilities();
    if (move.how === 'exchange') {
      return exchange ? this.#one(move.from, move.to, 'exchange') : this.#exchangeInSteps(move);
    }
    return this.#oneNoReplace(move, noReplace, foldsCase);
  }

  async #one(from: RelPath, to: RelPath, how: How): Promise<DiskOutcome<Renamed>> {
    const [outcome] = await this.#calls().rename([{ from, to, how }]);
    return outcome ?? failed('EIO', from);
  }

  async #oneNoReplace(move: Move, native: boolean, foldsCase: boolean): Promise<DiskOutcome<Renamed>> {
    const outcome = native ? await this.#one(move.from, move.to, 'no-replace') : await this.#inSteps(move);
    const taken = isFailure(outcome) && outcome.trouble === 'taken';
    return taken && foldsCase && (await this.#onlySpelling(move)) ? this.#respell(move) : outcome;
  }

  async #inSteps({ from, to }: Move): Promise<DiskOutcome<Renamed>> {
    if (isOurs(from)) return this.#oursToFree(from, to);
    // A fresh name in our own folder is taken by nobody else, so looking first is enough.
    if (isOurs(to)) return this.#afterLook(from, to);
    const [found] = await this.#calls().look([from]);
    if (found === undefined || isFailure(found)) return found ?? failed('EIO', from);
    // A folder can only ever replace an empty folder: nothing is lost if one appears after the look.
    if (found.stamp.kind === 'folder') return this.#afterLook(from, to);
    // Not link + unlink on the user's path: a save between the two would be unlinked.
    const free = await this.#isFree(to);
    if (free !== null) return free;
    return this.aside.around(from, this.#key(), (out) => this.#oursToFree(out, to));
  }

  /** From a name that only we use: a second name by link (which never replaces), then the first one goes. */
  async #oursToFree(from: RelPath, to: RelPath): Promise<DiskOutcome<Renamed>> {
    if (this.#abilities().noReplace) return this.#one(from, to, 'no-replace');
    const linked = await this.#one(from, to, 'link');
    if (isFailure(linked)) return linked.trouble === 'taken' ? linked : this.#afterLook(from, to);
    const [removed] = await this.#calls().remove([from], 'file');
    if (removed !== undefined && isFailure(removed)) return removed;
    const [found] = await this.#calls().look([to]);
    if (found === undefined || isFailure(found)) return found ?? failed('EIO', to);
    return { kind: 'renamed', stamp: found.stamp, displaced: null };
  }

  /** Folders, and file systems without hard links: what takes the name between look and rename is replaced. */
  async #afterLook(from: RelPath, to: RelPath): Promise<DiskOutcome<Renamed>> {
    return (await this.#isFree(to)) ?? this.#one(from, to, 'plain');
  }

  async #isFree(path: RelPath): Promise<ReturnType<typeof failed> | null> {
    const [found] = await this.#calls().look([path]);
    if (found === undefined) return failed('EIO', path);
    if (!isFailure(found)) return failed('EEXIST', path);
    return found.trouble === 'gone' ? null : found;
  }

  async #exchangeInSteps({ from: staged, to: path }: Move): Promise<DiskOutcome<Renamed>> {
    const [mine, old] = await this.#calls().look([staged, path]);
    if (mine === undefined || isFailure(mine)) return mine ?? failed('EIO', staged);
    if (old === undefined || isFailure(old)) return old ?? failed('EIO', path);
    if (old.stamp.kind === 'folder') return failed('EEXIST', path);
    return this.aside.around(path, nameOf(staged), async (out, aside) => {
      if (aside.stamp.kind === 'folder') return failed('EEXIST', path);
      await this.#calls().carryPermissions(out, staged);
      const placed = await this.#oursToFree(staged, path);
      if (isFailure(placed)) return placed;
      const displaced = await this.#one(out, staged, 'plain');
      if (isFailure(displaced)) return displaced;
      return { kind: 'renamed', stamp: placed.stamp, displaced: displaced.stamp };
    });
  }

  /** `taken` by itself: one object, two spellings that this disk holds equal. */
  async #onlySpelling({ from, to }: Move): Promise<boolean> {
    if (parentOf(from) !== parentOf(to) || isOurs(to)) return false;
    const [mine, there] = await this.#calls().look([from, to]);
    if (mine === undefined || there === undefined || isFailure(mine) || isFailure(there)) return false;
    if (mine.stamp.fileId !== there.stamp.fileId) return false;
    // Two hard links look the same; then the new spelling is an entry of its own.
    const listing = await this.#calls().list(parentOf(to));
    return !isFailure(listing) && listing.entries.every((entry) => entry.name !== nameOf(to));
  }

  /** Over our own folder: renaming straight to another spelling of itself does nothing on some file systems. */
  #respell({ from, to }: Move): Promise<DiskOutcome<Renamed>> {
    return this.aside.around(from, this.#key(), (out) => this.#oursToFree(out, to));
  }

  #key(): string {
    this.#count += 1;
    return `step-${process.pid}-${this.#count}`;
  }
}

function isOurs(path: RelPath): boolean {
  return path.startsWith(`${RESERVED_FOLDER}/`);
}
