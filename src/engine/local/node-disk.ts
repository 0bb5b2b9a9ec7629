/**
 * The real disk: one sync root, over the compiled helper where it was built and plain Node where it was not. What the
 * two do differently is in their calls; every rule of the interface is here and in the files it names, once.
 */
import { statfs } from 'node:fs/promises';
import type {
  Bytes,
  Disk,
  DiskAbilities,
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
import type { Fingerprint } from '../environment/hashing.ts';
import type { DiskCalls, Renamed } from './node-disk-calls.ts';
import { type Connection, connect } from './node-disk-connect.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { flushPaths } from './node-disk-flush.ts';
import { PathGuard } from './node-disk-guard.ts';
import { Handles, NodeOpenFile, NodeStagedWriter } from './node-disk-handles.ts';
import { type Area, areaPath, isReservedName } from './node-disk-paths.ts';
import { type Platform, platformOf } from './node-disk-platform.ts';
import { NO_ABILITIES, probe } from './node-disk-probe.ts';
import { type Move, Renamer } from './node-disk-rename.ts';
import { erase, listArea, makeReserved, readControl, writeControl } from './node-disk-reserved.ts';
import { StampMaker } from './node-disk-stamps.ts';
import { fingerprintDescriptor } from './node-fingerprint.ts';

export interface NodeDiskOptions {
  readonly root: string;
  /** Plain Node even where the compiled helper is there (tests, a doubtful helper). */
  readonly forceFallback?: boolean;
}

const FOLDER_MODE = 0o777;

/** Connects to the root; a root that is not there makes every method answer `gone` until `prepare` finds it. */
export async function openNodeDisk(options: NodeDiskOptions): Promise<NodeDisk> {
  const stamps = new StampMaker();
  const platform = platformOf(process.platform);
  const connection = await connect(options.root, options.forceFallback === true, stamps, platform);
  return new NodeDisk(options, connection, stamps, platform);
}

export class NodeDisk implements Disk {
  readonly #options: NodeDiskOptions;
  readonly #stamps: StampMaker;
  readonly #platform: Platform;
  readonly #guard: PathGuard;
  readonly #handles = new Handles();
  readonly #renamer: Renamer;
  #connection: Connection;
  #abilities: DiskAbilities;

  constructor(options: NodeDiskOptions, connection: Connection, stamps: StampMaker, platform: Platform) {
    this.#options = options;
    this.#connection = connection;
    this.#stamps = stamps;
    this.#platform = platform;
    this.#guard = new PathGuard(platform);
    const { helper, helperDetail } = connection;
    this.#abilities = { ...NO_ABILITIES, helper, helperDetail };
    this.#renamer = new Renamer(
      () => this.calls,
      () => this.#abilities,
    );
  }

  /** What hashing reads large files through. */
  get calls(): DiskCalls {
    return this.#connection.calls;
  }

  /** Null when the path may reach the disk. */
  pathTrouble(path: RelPath): DiskFailure | null {
    return this.#guard.trouble(path);
  }

  get stamps(): StampMaker {
    return this.#stamps;
  }

  async prepare(): ReturnType<Disk['prepare']> {
    if (this.#connection.trouble !== null) {
      const { root, forceFallback } = this.#options;
      this.#connection = await connect(root, forceFallback === true, this.#stamps, this.#platform);
      if (this.#connection.trouble !== null) return this.#connection.trouble;
    }
    this.#stamps.birthTimes = true;
    const made = await makeReserved(this.calls);
    if (isFailure(made)) return made;
    const probed = await probe(this.calls);
    if (isFailure(probed)) return probed;
    const { helper, helperDetail } = this.#connection;
    this.#abilities = { ...probed.abilities, helper, helperDetail };
    this.#stamps.birthTimes = probed.abilities.birthTimes;
    this.#guard.foldsCase = probed.abilities.foldsCase;
    const repaired = await this.#renamer.aside.repair();
    if (isFailure(repaired)) return repaired;
    const root = await this.look('');
    return isFailure(root) ? root : { kind: 'ready', abilities: this.#abilities, root: root.stamp };
  }

  list(folder: RelPath): Promise<DiskOutcome<Listing>> {
    return this.#guard.one(folder, async () => {
      const listing = await this.calls.list(folder);
      if (folder !== '' || isFailure(listing)) return listing;
      const { foldsCase } = this.#guard;
      const reserved = ({ name }: DiskEntry): boolean =>
        name !== null && isReservedName(name, this.#platform, foldsCase);
      return { ...listing, entries: listing.entries.filter((entry) => !reserved(entry)) };
    });
  }

  async look(path: RelPath): Promise<DiskOutcome<Found>> {
    return first(await this.lookMany([path]), path);
  }

  lookMany(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.#guard.many(paths, this.#pathTrouble, (good) => this.calls.look(good));
  }

  readLink(path: RelPath): ReturnType<Disk['readLink']> {
    return this.#guard.one(path, () => this.calls.readLink(path));
  }

  open(path: RelPath): Promise<DiskOutcome<Opened>> {
    return this.#guard.one(path, () => this.#open(path));
  }

  async readSmall(paths: readonly RelPath[], limit: number): ReturnType<Disk['readSmall']> {
    const outcomes = await this.#guard.many(paths, this.#pathTrouble, (good) =>
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
    const writer = new NodeStagedWriter(this.#handles, opened.fd, path, this.calls, this.#pathTrouble);
    return { kind: 'opened', writer };
  }

  flushStaged(names: readonly string[]): Promise<DiskOutcome<Done>> {
    const paths = names.map((name) => areaPath('staging', name));
    return flushPaths(this.calls, paths, 'fails');
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
    const outcomes = await this.#rename(moves, ({ to }) => this.#guard.nameTrouble(to));
    return outcomes.map((outcome) => (isFailure(outcome) ? outcome : { ...outcome, kind: 'placed' }));
  }

  move(items: readonly Rename[]): Promise<readonly DiskOutcome<Found>[]> {
    const moves = items.map(({ from, to }) => noReplace(from, to));
    const trouble = ({ from, to }: Move): DiskFailure | null =>
      this.#guard.nameTrouble(from) ?? this.#guard.nameTrouble(to);
    return this.#found(moves, trouble);
  }

  makeFolders(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.#guard.many(paths, this.#nameTrouble, (good) => this.calls.makeFolders(good, FOLDER_MODE));
  }

  async removeFolder(path: RelPath): Promise<DiskOutcome<Done>> {
    const trouble = this.#guard.nameTrouble(path);
    return trouble ?? first(await this.calls.remove([path], 'folder'), path);
  }

  toTrash(
    items: readonly { readonly path: RelPath; readonly name: string }[],
  ): Promise<readonly DiskOutcome<Found>[]> {
    const moves = items.map(({ path, name }) => noReplace(path, areaPath('trash', name)));
    return this.#found(moves, ({ from }) => this.#guard.nameTrouble(from));
  }

  async fromTrash(name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    return this.#out('trash', name, path);
  }

  async eraseTrash(names: readonly string[]): Promise<void> {
    await erase(this.calls, 'trash', names);
  }

  async park(path: RelPath, name: string): Promise<DiskOutcome<Found>> {
    const moves = [noReplace(path, areaPath('parked', name))];
    return first(await this.#found(moves, ({ from }) => this.#guard.nameTrouble(from)), path);
  }

  unpark(name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    return this.#out('parked', name, path);
  }

  listStaged(): Promise<readonly DiskEntry[]> {
    return listArea(this.calls, 'staging');
  }

  listTrash(): Promise<readonly DiskEntry[]> {
    return listArea(this.calls, 'trash');
  }

  listParked(): Promise<readonly DiskEntry[]> {
    return listArea(this.calls, 'parked');
  }

  async fingerprintReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Fingerprint>> {
    const path = areaPath(area, name);
    const opened = await this.calls.open(path, 'read');
    if (isFailure(opened)) return opened;
    this.#handles.add(opened.fd);
    try {
      return await fingerprintDescriptor(opened.fd, opened.stamp, path, this.#stamps);
    } finally {
      await this.#handles.close(opened.fd);
    }
  }

  readReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Opened>> {
    return this.#open(areaPath(area, name));
  }

  async maybeOpenElsewhere(staged: string): Promise<boolean> {
    return !(await this.calls.soleUser(areaPath('staging', staged)));
  }

  async eraseStaged(names: readonly string[]): Promise<void> {
    await erase(this.calls, 'staging', names);
  }

  async stagedToTrash(staged: string, name: string): Promise<DiskOutcome<Found>> {
    const moves = [noReplace(areaPath('staging', staged), areaPath('trash', name))];
    return first(await this.#found(moves, () => null), staged);
  }

  readControl(name: string): Promise<DiskOutcome<Bytes> | null> {
    return readControl(this.calls, name);
  }

  writeControl(name: string, bytes: Uint8Array): Promise<DiskOutcome<Done>> {
    return writeControl(this.calls, name, bytes);
  }

  /** Zero where it cannot be asked: nothing is then taken to fit. */
  async freeBytes(): Promise<number> {
    const found = await statfs(this.#options.root).catch(() => null);
    return found === null ? 0 : found.bavail * found.bsize;
  }

  async close(): Promise<void> {
    this.#guard.closed = true;
    await this.#handles.closeAll();
  }

  readonly #pathTrouble = (path: RelPath): DiskFailure | null => this.pathTrouble(path);
  readonly #nameTrouble = (path: RelPath): DiskFailure | null => this.#guard.nameTrouble(path);

  async #open(path: RelPath): Promise<DiskOutcome<Opened>> {
    const opened = await this.calls.open(path, 'read');
    if (isFailure(opened)) return opened;
    return { kind: 'opened', file: new NodeOpenFile(this.#handles, opened.fd, path, this.#stamps) };
  }

  async #flush(paths: readonly RelPath[]): Promise<DiskOutcome<Done>> {
    const trouble = paths.map(this.#pathTrouble).find((found) => found !== null);
    // What is gone meanwhile has nothing left to be made durable; its own removal is flushed with its folder.
    return trouble ?? flushPaths(this.calls, paths, 'is fine');
  }

  #rename(
    moves: readonly Move[],
    troubleOf: (move: Move) => DiskFailure | null,
  ): Promise<readonly DiskOutcome<Renamed>[]> {
    return this.#guard.many(moves, troubleOf, (good) => this.#renamer.rename(good));
  }

  async #found(
    moves: readonly Move[],
    troubleOf: (move: Move) => DiskFailure | null,
  ): Promise<readonly DiskOutcome<Found>[]> {
    const outcomes = await this.#rename(moves, troubleOf);
    return outcomes.map((outcome) =>
      isFailure(outcome) ? outcome : { kind: 'found', stamp: outcome.stamp },
    );
  }

  async #out(area: Area, name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    const moves = [noReplace(areaPath(area, name), path)];
    return first(await this.#found(moves, ({ to }) => this.#guard.nameTrouble(to)), path);
  }
}

function noReplace(from: RelPath, to: RelPath): Move {
  return { from, to, how: 'no-replace' };
}

function first<Outcome>(outcomes: readonly Outcome[], path: RelPath): Outcome | DiskFailure {
  return outcomes[0] ?? failed('EIO', path);
}
