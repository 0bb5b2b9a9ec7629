/**
 * The real disk: one sync root, over the compiled helper where it was built and plain Node where it was not. What the
 * two do differently is in their calls; every rule of the interface is here and in the files it names, once.
 */
import { statfs } from 'node:fs/promises';
import type {
  Disk,
  DiskEntry,
  DiskFailure,
  DiskOutcome,
  Done,
  Found,
  Listing,
  Opened,
  OpenedWriter,
  Placed,
  Placement,
  RelPath,
  Rename,
  StagedFile,
} from '../environment/disk.ts';
import { DiskAreas, first, type NodeDiskOptions, noReplace } from './node-disk-areas.ts';
import { connect } from './node-disk-connect.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { flushPaths } from './node-disk-flush.ts';
import { NodeStagedWriter } from './node-disk-handles.ts';
import { areaPath, isReservedName } from './node-disk-paths.ts';
import { platformOf } from './node-disk-platform.ts';
import type { Move } from './node-disk-rename.ts';
import { StampMaker } from './node-disk-stamps.ts';

const FOLDER_MODE = 0o777;

/** Connects to the root; a root that is not there makes every method answer `gone` until `prepare` finds it. */
export async function openNodeDisk(options: NodeDiskOptions): Promise<NodeDisk> {
  const stamps = new StampMaker();
  const platform = platformOf(process.platform);
  const connection = await connect(options.root, options.forceFallback === true, stamps, platform);
  return new NodeDisk(options, connection, stamps, platform);
}

export class NodeDisk extends DiskAreas implements Disk {
  list(folder: RelPath): Promise<DiskOutcome<Listing>> {
    return this.guard.one(folder, async () => {
      const listing = await this.calls.list(folder);
      if (folder !== '' || isFailure(listing)) return listing;
      const { foldsCase } = this.guard;
      const reserved = ({ name }: DiskEntry): boolean =>
        name !== null && isReservedName(name, this.platform, foldsCase);
      return { ...listing, entries: listing.entries.filter((entry) => !reserved(entry)) };
    });
  }

  async look(path: RelPath): Promise<DiskOutcome<Found>> {
    return first(await this.lookMany([path]), path);
  }

  lookMany(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.guard.many(paths, this.#pathTrouble, (good) => this.calls.look(good));
  }

  readLink(path: RelPath): ReturnType<Disk['readLink']> {
    return this.guard.one(path, () => this.calls.readLink(path));
  }

  open(path: RelPath): Promise<DiskOutcome<Opened>> {
    return this.guard.one(path, () => this.openAt(path));
  }

  async readSmall(paths: readonly RelPath[], limit: number): ReturnType<Disk['readSmall']> {
    const outcomes = await this.guard.many(paths, this.#pathTrouble, (good) =>
      this.calls.readSmall(good, limit),
    );
    return outcomes.map((outcome) => (isFailure(outcome) ? outcome : { ...outcome, kind: 'read' }));
  }

  stage(files: readonly StagedFile[]): Promise<readonly DiskOutcome<Found>[]> {
    const items = files.map(({ name, bytes, meta }) => ({ path: areaPath('staging', name), bytes, meta }));
    return items.length === 0 ? Promise.resolve([]) : this.calls.stage(items);
  }

  async stageLink(name: string, target: string): Promise<DiskOutcome<Found>> {
    const path = areaPath('staging', name);
    if (target === '' || target.includes('\0') || !target.isWellFormed()) return failed('EINVAL', path);
    await this.calls.remove([path], 'file');
    return this.calls.makeLink(path, target);
  }

  async stageOpen(name: string): Promise<DiskOutcome<OpenedWriter>> {
    const path = areaPath('staging', name);
    const opened = await this.calls.open(path, 'write');
    if (isFailure(opened)) return opened;
    const writer = new NodeStagedWriter(this.handles, opened.fd, path, this.calls, this.#pathTrouble);
    return { kind: 'opened', writer };
  }

  flushStaged(names: readonly string[]): Promise<DiskOutcome<Done>> {
    const paths = names.map((name) => areaPath('staging', name));
    return flushPaths(this.calls, paths);
  }

  flushFolders(folders: readonly RelPath[]): Promise<DiskOutcome<Done>> {
    return this.#flush(folders);
  }

  flushFiles(paths: readonly RelPath[]): Promise<DiskOutcome<Done>> {
    return this.#flush(paths);
  }

  async place(items: readonly Placement[]): Promise<readonly DiskOutcome<Placed>[]> {
    const moves = items.map(
      ({ staged, path, mode }): Move => ({
        from: areaPath('staging', staged),
        to: path,
        how: mode === 'new' ? 'no-replace' : 'exchange',
      }),
    );
    const outcomes = await this.renameAll(moves, ({ to }) => this.guard.nameTrouble(to));
    return outcomes.map((outcome) => (isFailure(outcome) ? outcome : { ...outcome, kind: 'placed' }));
  }

  /** Nobody writes where no path of ours may lead. */
  async beingWritten(paths: readonly RelPath[]): Promise<readonly boolean[]> {
    const good = paths.filter((path) => this.pathTrouble(path) === null);
    const known = await this.calls.beingWritten(good);
    const written = new Set(good.filter((_path, index) => known[index] === true));
    return paths.map((path) => written.has(path));
  }

  move(items: readonly Rename[]): Promise<readonly DiskOutcome<Found>[]> {
    const moves = items.map(({ from, to }) => noReplace(from, to));
    const trouble = ({ from, to }: Move): DiskFailure | null =>
      this.guard.nameTrouble(from) ?? this.guard.nameTrouble(to);
    return this.foundAll(moves, trouble);
  }

  makeFolders(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.guard.many(paths, this.#nameTrouble, (good) => this.calls.makeFolders(good, FOLDER_MODE));
  }

  async removeFolder(path: RelPath): Promise<DiskOutcome<Done>> {
    const trouble = this.guard.nameTrouble(path);
    return trouble ?? first(await this.calls.remove([path], 'folder'), path);
  }

  /** Zero where it cannot be asked: nothing is then taken to fit. */
  async freeBytes(): Promise<number> {
    const found = await statfs(this.options.root).catch(() => null);
    return found === null ? 0 : found.bavail * found.bsize;
  }

  async close(): Promise<void> {
    this.guard.closed = true;
    await this.handles.closeAll();
  }

  readonly #pathTrouble = (path: RelPath): DiskFailure | null => this.pathTrouble(path);
  readonly #nameTrouble = (path: RelPath): DiskFailure | null => this.guard.nameTrouble(path);

  async #flush(paths: readonly RelPath[]): Promise<DiskOutcome<Done>> {
    const trouble = paths.map(this.#pathTrouble).find((found) => found !== null);
    return trouble ?? flushPaths(this.calls, paths);
  }
}
