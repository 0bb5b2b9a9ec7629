/**
 * The engine's disk over a simulated volume. Every call takes a little virtual time before it acts and again before
 * it returns, each item of a batch on its own, so that users and other calls come in between wherever they could on a
 * real machine. A call of a killed process never returns, and what it had not done yet is not done.
 */
import {
  type Disk,
  type DiskAbilities,
  type DiskFailure,
  type DiskOutcome,
  type Done,
  type Found,
  type Listing,
  type Opened,
  type Placed,
  type Placement,
  RESERVED_FOLDER,
  type RelPath,
  type Rename,
  type Stamp,
} from '../../src/engine/environment/disk.ts';
import { failure, type PlacementWitness, type SimDiskFacts, sameStamp } from './disk-calls.ts';
import { AREAS, DONE, SimReservedAreas } from './sim-reserved-areas.ts';
import { Refused, type SimNode } from './volume-node.ts';

type ReadOutcome = DiskOutcome<{ readonly kind: 'read'; readonly bytes: Uint8Array; readonly stamp: Stamp }>;

export class SimDisk extends SimReservedAreas implements Disk {
  readonly #witness: PlacementWitness;

  constructor(facts: SimDiskFacts) {
    super(facts);
    this.#witness = facts.witness ?? (() => undefined);
  }

  prepare(): Promise<
    DiskOutcome<{ readonly kind: 'ready'; readonly abilities: DiskAbilities; readonly root: Stamp }>
  > {
    return this.calls.act('prepare', '', () => {
      const reserved = this.folderAt(this.volume.root, RESERVED_FOLDER);
      for (const area of AREAS) this.folderAt(reserved, area);
      const { options } = this.volume;
      const abilities: DiskAbilities = {
        exchange: options.exchange,
        noReplace: options.noReplace,
        reflink: false,
        syncfs: true,
        foldsCase: options.foldsCase,
        symlinks: true,
        birthTimes: options.birthTimes,
        executableBits: options.executableBits,
        helper: 'native',
        helperDetail: 'simulated',
      };
      return { kind: 'ready' as const, abilities, root: this.volume.stamp(this.volume.root) };
    });
  }

  list(path: RelPath): Promise<DiskOutcome<Listing>> {
    return this.calls.act('list', path, () => {
      const folder = this.calls.userNode(path);
      if (folder.kind !== 'folder') throw new Refused('not-folder', `ENOTDIR ${path}`);
      if (!folder.readable) throw new Refused('denied', `EACCES ${path}`);
      const all = this.calls.entries(folder);
      const entries = path === '' ? all.filter((entry) => entry.name !== RESERVED_FOLDER) : all;
      return { kind: 'listed' as const, folder: this.volume.stamp(folder), entries };
    });
  }

  look(path: RelPath): Promise<DiskOutcome<Found>> {
    return this.calls.act('look', path, () => this.calls.found(this.calls.userNode(path)));
  }

  async lookMany(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    await this.calls.pause();
    return paths.map((path) =>
      this.calls.now('look', path, () => this.calls.found(this.calls.userNode(path))),
    );
  }

  readLink(
    path: RelPath,
  ): Promise<DiskOutcome<{ readonly kind: 'link'; readonly target: string; readonly stamp: Stamp }>> {
    return this.calls.act('read', path, () => {
      const node = this.calls.userNode(path);
      if (node.kind !== 'symlink') throw new Refused('name-refused', `EINVAL ${path}`);
      return { kind: 'link' as const, target: node.target, stamp: this.volume.stamp(node) };
    });
  }

  open(path: RelPath): Promise<DiskOutcome<Opened>> {
    return this.calls.act('open', path, () => this.opened(this.calls.userNode(path), path));
  }

  async readSmall(paths: readonly RelPath[], limit: number): Promise<readonly ReadOutcome[]> {
    const results: ReadOutcome[] = [];
    for (const path of paths) results.push(await this.#readOne(path, limit));
    return results;
  }

  /** A whole file with the stamps around its read; also how files are hashed. */
  async readWhole(path: RelPath): Promise<ReadOutcome> {
    return this.#readOne(path, Number.POSITIVE_INFINITY);
  }

  flushFolders(folders: readonly RelPath[]): Promise<DiskOutcome<Done>> {
    return this.calls.act('flush', '', () => {
      const nodes = folders.flatMap((path) => this.#ifThere(path));
      const done = this.calls.flush(nodes, (node) => this.volume.flushFolder(node));
      return nodes.length < folders.length ? failure('gone', `ENOENT ${folders.join(', ')}`) : done;
    });
  }

  flushFiles(paths: readonly RelPath[]): Promise<DiskOutcome<Done>> {
    return this.calls.act('flush', '', () => {
      const nodes = paths.flatMap((path) => this.#ifThere(path));
      const done = this.calls.flush(nodes, (node) => this.volume.flushFile(node));
      return nodes.length < paths.length && done.kind === 'done'
        ? failure('gone', `ENOENT ${paths.join(', ')}`)
        : done;
    });
  }

  place(items: readonly Placement[]): Promise<readonly DiskOutcome<Placed>[]> {
    return this.calls.each(items, (item) =>
      this.calls.act('place', item.path, () => {
        // Both ways are walked before either end is looked at.
        this.calls.userPlace(item.path);
        const staged = this.inArea('staging', item.staged);
        return item.mode === 'new' ? this.#placeNew(staged, item.path) : this.#placeOver(staged, item.path);
      }),
    );
  }

  async beingWritten(paths: readonly RelPath[]): Promise<readonly boolean[]> {
    await this.calls.pause();
    const isWritten = (path: RelPath) => this.calls.userNode(path).writers > 0;
    return paths.map((path) => this.calls.now('lease', path, () => isWritten(path)) === true);
  }

  move(items: readonly Rename[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.calls.each(items, (item) =>
      this.calls.act('move', item.from, () => {
        this.calls.userPlace(item.from);
        const target = this.calls.userPlace(item.to);
        const node = this.calls.userNode(item.from);
        this.volume.rename(node, target.folder, target.name, false);
        return this.calls.found(node);
      }),
    );
  }

  makeFolders(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.calls.each(paths, (path) =>
      this.calls.act('make', path, () => {
        const { folder, name } = this.calls.userPlace(path);
        return this.calls.found(this.volume.create(folder, name, { kind: 'folder' }));
      }),
    );
  }

  removeFolder(path: RelPath): Promise<DiskOutcome<Done>> {
    return this.calls.act('remove', path, () => {
      const node = this.calls.userNode(path);
      if (node.kind !== 'folder') throw new Refused('not-folder', `ENOTDIR ${path}`);
      this.volume.remove(node);
      return DONE;
    });
  }

  async freeBytes(): Promise<number> {
    await this.calls.pause();
    return Math.max(0, Math.min(2 ** 40, this.volume.capacity - this.volume.used()));
  }

  async close(): Promise<void> {
    await this.calls.pause();
  }

  /** What is gone meanwhile needs no flush. */
  #ifThere(path: RelPath): readonly SimNode[] {
    try {
      return [this.calls.userNode(path)];
    } catch (error) {
      if (error instanceof Refused && error.trouble === 'gone') return [];
      throw error;
    }
  }

  #placeNew(staged: SimNode, path: RelPath): Placed {
    const { folder, name } = this.calls.userPlace(path);
    this.volume.rename(staged, folder, name, false);
    this.#witness(path, staged, null);
    return { kind: 'placed', stamp: this.volume.stamp(staged), displaced: null };
  }

  #placeOver(staged: SimNode, path: RelPath): Placed {
    const there = this.calls.userNode(path);
    if (there.kind === 'folder') throw new Refused('taken', `EISDIR ${path}`);
    this.volume.exchange(staged, there);
    this.#witness(path, staged, there);
    return { kind: 'placed', stamp: this.volume.stamp(staged), displaced: this.volume.stamp(there) };
  }

  /** Open, read and look again, with time for a user between each. */
  async #readOne(path: RelPath, limit: number): Promise<ReadOutcome> {
    const opened = await this.calls.act('open', path, () => {
      const node = this.calls.readableFile(this.calls.userNode(path), path);
      return { kind: 'file' as const, node, before: this.volume.stamp(node) };
    });
    if (opened.kind === 'failed') return opened satisfies DiskFailure;
    if (opened.before.size > limit) return failure('busy', `EFBIG ${path}`);
    const bytes = opened.node.bytes.slice();
    await this.calls.pause();
    const stamp = this.volume.stamp(opened.node);
    return sameStamp(opened.before, stamp)
      ? { kind: 'read', bytes, stamp }
      : failure('busy', `changed ${path}`);
  }
}
