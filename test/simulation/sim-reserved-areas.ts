/** The part of the simulated disk that lives in the reserved folder: staging, trash, parked objects, control files. */
import {
  type Bytes,
  type DiskEntry,
  type DiskOutcome,
  type Done,
  type Found,
  type Opened,
  type OpenedWriter,
  RESERVED_FOLDER,
  type RelPath,
  ReservedUnreadable,
  type StagedFile,
  type Stamp,
} from '../../src/engine/environment/disk.ts';
import type { Fingerprint } from '../../src/engine/environment/hashing.ts';
import { DiskCalls, type SimDiskFacts } from './disk-calls.ts';
import type { FileTree } from './file-tree.ts';
import { SimOpenFile, SimStagedWriter } from './sim-open-file.ts';
import { Refused, type SimNode } from './volume-node.ts';

export type Area = 'staging' | 'trash' | 'parked';
export const AREAS: readonly Area[] = ['staging', 'trash', 'parked'];

export const DONE: Done = { kind: 'done' };

export class SimReservedAreas {
  readonly volume: FileTree;
  protected readonly calls: DiskCalls;
  readonly #fingerprint: (bytes: Uint8Array, stamp: Stamp) => Fingerprint;

  constructor(facts: SimDiskFacts) {
    this.volume = facts.volume;
    this.calls = new DiskCalls(facts);
    this.#fingerprint = facts.fingerprint;
  }

  stage(files: readonly StagedFile[]): Promise<readonly DiskOutcome<Found>[]> {
    return this.calls.each(files, (file) =>
      this.calls.act('stage', file.name, () => {
        this.erase('staging', file.name);
        const node = this.volume.create(this.area('staging'), file.name, {
          kind: 'file',
          bytes: file.bytes.slice(),
          executable: file.meta.executable,
        });
        this.volume.setTimes(node, file.meta.mtimeNs);
        return this.calls.found(node);
      }),
    );
  }

  stageLink(name: string, target: string): Promise<DiskOutcome<Found>> {
    return this.calls.act('stage', name, () => {
      if (target === '') throw new Refused('gone', `ENOENT ${name}`);
      this.erase('staging', name);
      return this.calls.found(this.volume.create(this.area('staging'), name, { kind: 'symlink', target }));
    });
  }

  stageOpen(name: string): Promise<DiskOutcome<OpenedWriter>> {
    return this.calls.act('stage', name, () => {
      const folder = this.area('staging');
      const node =
        this.volume.childOf(folder, name) ??
        this.volume.create(folder, name, { kind: 'file', bytes: new Uint8Array(0) });
      return { kind: 'opened' as const, writer: new SimStagedWriter(this.calls, node) };
    });
  }

  flushStaged(names: readonly string[]): Promise<DiskOutcome<Done>> {
    return this.calls.act('flush', '', () => {
      const nodes = names.map((name) => this.inArea('staging', name));
      return this.calls.flush(nodes, (node) => this.volume.flushFile(node));
    });
  }

  async eraseTrash(names: readonly string[]): Promise<void> {
    await this.calls.pause();
    for (const name of names) this.calls.now('erase', name, () => this.erase('trash', name));
  }

  async eraseStaged(names: readonly string[]): Promise<void> {
    await this.calls.pause();
    for (const name of names) this.calls.now('erase', name, () => this.erase('staging', name));
  }

  toTrash(
    items: readonly { readonly path: RelPath; readonly name: string }[],
  ): Promise<readonly DiskOutcome<Found>[]> {
    return this.calls.each(items, (item) =>
      this.calls.act('trash', item.path, () =>
        this.#into('trash', this.calls.userNode(item.path), item.name),
      ),
    );
  }

  fromTrash(name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    return this.calls.act('restore', path, () => this.#outOf('trash', name, path));
  }

  park(path: RelPath, name: string): Promise<DiskOutcome<Found>> {
    return this.calls.act('park', path, () => this.#into('parked', this.calls.userNode(path), name));
  }

  unpark(name: string, path: RelPath): Promise<DiskOutcome<Found>> {
    return this.calls.act('unpark', path, () => this.#outOf('parked', name, path));
  }

  stagedToTrash(staged: string, name: string): Promise<DiskOutcome<Found>> {
    return this.calls.act('trash', staged, () => {
      const found = this.#into('trash', this.inArea('staging', staged), name);
      this.volume.flushFolder(this.area('trash'));
      return found;
    });
  }

  listStaged(): Promise<readonly DiskEntry[]> {
    return this.#listArea('staging');
  }

  listTrash(): Promise<readonly DiskEntry[]> {
    return this.#listArea('trash');
  }

  listParked(): Promise<readonly DiskEntry[]> {
    return this.#listArea('parked');
  }

  fingerprintReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Fingerprint>> {
    return this.calls.act('read', name, () => {
      const node = this.calls.readableFile(this.inArea(area, name), name);
      return this.#fingerprint(node.bytes.slice(), this.volume.stamp(node));
    });
  }

  readReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Opened>> {
    return this.calls.act('open', name, () => this.opened(this.inArea(area, name), name));
  }

  async maybeOpenElsewhere(staged: string): Promise<boolean> {
    await this.calls.pause();
    return this.calls.now('lease', staged, () => this.inArea('staging', staged).writers > 0) === true;
  }

  async readControl(name: string): Promise<DiskOutcome<Bytes> | null> {
    return this.calls.act('control', name, () => {
      const reserved = this.volume.childOf(this.volume.root, RESERVED_FOLDER);
      const node = reserved && this.volume.childOf(reserved, name);
      return node === undefined ? null : { kind: 'bytes' as const, bytes: node.bytes.slice() };
    });
  }

  writeControl(name: string, bytes: Uint8Array): Promise<DiskOutcome<Done>> {
    return this.calls.act('control', name, () => {
      const folder = this.folderAt(this.volume.root, RESERVED_FOLDER);
      const leftover = this.volume.childOf(folder, `${name}~new`);
      if (leftover !== undefined) this.volume.remove(leftover);
      const fresh = this.volume.create(folder, `${name}~new`, { kind: 'file', bytes: bytes.slice() });
      this.volume.flushFile(fresh);
      this.volume.rename(fresh, folder, name, true);
      this.volume.flushFolder(folder);
      return DONE;
    });
  }

  protected opened(node: SimNode, path: RelPath): Opened {
    return { kind: 'opened', file: new SimOpenFile(this.calls, this.calls.readableFile(node, path)) };
  }

  protected folderAt(parent: SimNode, name: string): SimNode {
    return this.volume.childOf(parent, name) ?? this.volume.create(parent, name, { kind: 'folder' });
  }

  protected area(area: Area): SimNode {
    return this.volume.find(`${RESERVED_FOLDER}/${area}`);
  }

  protected inArea(area: Area, name: string): SimNode {
    const node = this.volume.childOf(this.area(area), name);
    if (node === undefined) throw new Refused('gone', `ENOENT ${area}/${name}`);
    return node;
  }

  protected erase(area: Area, name: string): void {
    const node = this.volume.childOf(this.area(area), name);
    if (node !== undefined) this.volume.removeAll(node);
  }

  #into(area: Area, node: SimNode, name: string): Found {
    this.volume.rename(node, this.area(area), name, false);
    return this.calls.found(node);
  }

  #outOf(area: Area, name: string, path: RelPath): Found {
    const target = this.calls.userPlace(path);
    const node = this.inArea(area, name);
    this.volume.rename(node, target.folder, target.name, false);
    return this.calls.found(node);
  }

  async #listArea(area: Area): Promise<readonly DiskEntry[]> {
    const listed = await this.calls.act('list', area, () => this.calls.entries(this.area(area)));
    // As the real one: taken for empty, an area would seem tidied up.
    if ('kind' in listed) throw new ReservedUnreadable(listed);
    return listed;
  }
}
