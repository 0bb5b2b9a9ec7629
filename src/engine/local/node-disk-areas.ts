/** The part of the disk that is ours: the reserved folder, and what moves between it and the user's names. */
import type {
  Bytes,
  Disk,
  DiskAbilities,
  DiskEntry,
  DiskFailure,
  DiskOutcome,
  Done,
  Found,
  Opened,
  RelPath,
} from '../environment/disk.ts';
import type { Fingerprint } from '../environment/hashing.ts';
import type { DiskCalls, Renamed } from './node-disk-calls.ts';
import { type Connection, connect } from './node-disk-connect.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { flushPaths } from './node-disk-flush.ts';
import { PathGuard } from './node-disk-guard.ts';
import { Handles, NodeOpenFile } from './node-disk-handles.ts';
import { type Area, areaFolder, areaPath } from './node-disk-paths.ts';
import type { Platform } from './node-disk-platform.ts';
import { NO_ABILITIES, probe } from './node-disk-probe.ts';
import { type Move, Renamer } from './node-disk-rename.ts';
import { erase, listArea, makeReserved, readControl, writeControl } from './node-disk-reserved.ts';
import type { StampMaker } from './node-disk-stamps.ts';
import { fingerprintDescriptor } from './node-fingerprint.ts';

export interface NodeDiskOptions {
  readonly root: string;
  /** Plain Node even where the compiled helper is there (tests, a doubtful helper). */
  readonly forceFallback?: boolean;
}

export class DiskAreas {
  readonly stamps: StampMaker;
  protected readonly options: NodeDiskOptions;
  protected readonly platform: Platform;
  protected readonly guard: PathGuard;
  protected readonly handles = new Handles();
  protected readonly renamer: Renamer;
  #connection: Connection;
  #abilities: DiskAbilities;
  #prepared = false;

  constructor(options: NodeDiskOptions, connection: Connection, stamps: StampMaker, platform: Platform) {
    this.options = options;
    this.#connection = connection;
    this.stamps = stamps;
    this.platform = platform;
    this.guard = new PathGuard(platform);
    const { helper, helperDetail } = connection;
    this.#abilities = { ...NO_ABILITIES, helper, helperDetail };
    this.renamer = new Renamer(
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
    return this.guard.trouble(path);
  }

  async prepare(): ReturnType<Disk['prepare']> {
    if (this.#connection.trouble !== null) await this.#connect();
    if (this.#connection.trouble !== null) return this.#connection.trouble;
    this.stamps.birthTimes = true;
    this.stamps.executableBits = true;
    const made = await makeReserved(this.calls);
    if (isFailure(made)) return made;
    const probed = await probe(this.calls);
    if (isFailure(probed)) return probed;
    const { helper, helperDetail } = this.#connection;
    this.#abilities = { ...probed.abilities, helper, helperDetail };
    this.stamps.birthTimes = probed.abilities.birthTimes;
    this.stamps.executableBits = probed.abilities.executableBits !== false;
    this.guard.foldsCase = probed.abilities.foldsCase;
    const repaired = await this.renamer.aside.repair();
    if (isFailure(repaired)) return repaired;
    const root = first(await this.calls.look(['']), '');
    if (isFailure(root)) return root;
    this.#prepared = true;
    return { kind: 'ready', abilities: this.#abilities, root: root.stamp };
  }

  toTrash(
    items: readonly { readonly path: RelPath; readonly name: string }[],
  ): Promise<readonly DiskOutcome<Found>[]> {
    const moves = items.map(({ path, name }) => noReplace(path, areaPath('trash', name)));
    return this.foundAll(moves, ({ from }) => this.guard.nameTrouble(from));
  }

  async fromTrash(name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    return this.#out('trash', name, path);
  }

  async eraseTrash(names: readonly string[]): Promise<void> {
    await erase(this.calls, 'trash', names);
  }

  async stagedToTrash(staged: string, name: string): Promise<DiskOutcome<Found>> {
    const moves = [noReplace(areaPath('staging', staged), areaPath('trash', name))];
    const kept = first(await this.foundAll(moves, () => null), staged);
    if (isFailure(kept)) return kept;
    const flushed = await flushPaths(this.calls, [areaFolder('trash'), areaFolder('staging')]);
    return isFailure(flushed) ? flushed : kept;
  }

  async park(path: RelPath, name: string): Promise<DiskOutcome<Found>> {
    const moves = [noReplace(path, areaPath('parked', name))];
    return first(await this.foundAll(moves, ({ from }) => this.guard.nameTrouble(from)), path);
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

  async eraseStaged(names: readonly string[]): Promise<void> {
    await erase(this.calls, 'staging', names);
  }

  async fingerprintReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Fingerprint>> {
    const path = areaPath(area, name);
    const opened = await this.calls.open(path, 'read');
    if (isFailure(opened)) return opened;
    this.handles.add(opened.fd);
    try {
      return await fingerprintDescriptor(opened.fd, opened.stamp, path, this.stamps);
    } finally {
      await this.handles.close(opened.fd);
    }
  }

  readReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Opened>> {
    return this.openAt(areaPath(area, name));
  }

  async maybeOpenElsewhere(staged: string): Promise<boolean> {
    return !(await this.calls.soleUser(areaPath('staging', staged)));
  }

  /** What tells whose folder this is. Until it is prepared, another one may take its place, and is then asked instead. */
  async readControl(name: string): Promise<DiskOutcome<Bytes> | null> {
    if (!this.#prepared) await this.#connect();
    return readControl(this.calls, name);
  }

  writeControl(name: string, bytes: Uint8Array): Promise<DiskOutcome<Done>> {
    return writeControl(this.calls, name, bytes);
  }

  protected async openAt(path: RelPath): Promise<DiskOutcome<Opened>> {
    const opened = await this.calls.open(path, 'read');
    if (isFailure(opened)) return opened;
    return { kind: 'opened', file: new NodeOpenFile(this.handles, opened.fd, path, this.stamps) };
  }

  protected renameAll(
    moves: readonly Move[],
    troubleOf: (move: Move) => DiskFailure | null,
  ): Promise<readonly DiskOutcome<Renamed>[]> {
    return this.guard.many(moves, troubleOf, (good) => this.renamer.rename(good));
  }

  protected async foundAll(
    moves: readonly Move[],
    troubleOf: (move: Move) => DiskFailure | null,
  ): Promise<readonly DiskOutcome<Found>[]> {
    const outcomes = await this.renameAll(moves, troubleOf);
    return outcomes.map((outcome) =>
      isFailure(outcome) ? outcome : { kind: 'found', stamp: outcome.stamp },
    );
  }

  /** Finds the object that the root's path leads to now. */
  async #connect(): Promise<void> {
    const { root, forceFallback } = this.options;
    this.#connection = await connect(root, forceFallback === true, this.stamps, this.platform);
  }

  async #out(area: Area, name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    const moves = [noReplace(areaPath(area, name), path)];
    return first(await this.foundAll(moves, ({ to }) => this.guard.nameTrouble(to)), path);
  }
}

export function noReplace(from: RelPath, to: RelPath): Move {
  return { from, to, how: 'no-replace' };
}

export function first<Outcome>(outcomes: readonly Outcome[], path: RelPath): Outcome | DiskFailure {
  return outcomes[0] ?? failed('EIO', path);
}
