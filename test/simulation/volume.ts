/**
 * A file system in memory: inodes with identity, names, times and permissions, in the shape POSIX gives them. Both the
 * engine's disk and the simulated user act on it, synchronously; whoever needs time to pass spends it around the calls.
 */
import { foldKey } from '../../src/core/names/fold.ts';
import type { FileId, RelPath, Stamp } from '../../src/engine/environment/disk.ts';
import type { SimTime } from './clock.ts';
import type { Stream } from './random.ts';
import { cutContent, remember, stateOf } from './volume-contents.ts';
import {
  type Change,
  type CreateKind,
  PLAIN_VOLUME,
  Refused,
  type SimNode,
  type VolumeOptions,
} from './volume-node.ts';
import { UnflushedNames } from './volume-unflushed.ts';

const NAME_BYTES = 255;
/** Further behind than any number of stamps of one instant. */
const SET_BACK_NS = 500_000_000n;
const NOTHING = new Uint8Array(0);
/** Characters, ends and names of devices. */
const WINDOWS_REFUSES = /[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;
/** Moves of folders are in order among themselves, so that no part of them makes a circle. */
const SHAPE = 'shape';

function life(node: SimNode): string {
  return `life ${node.id}`;
}

/** A name on the disk that shows now: another disk may be mounted over the folder when the name is taken back. */
interface PlaceOnDisk {
  readonly folder: SimNode;
  readonly names: Map<string, SimNode>;
  readonly name: string;
}

function placeIn(folder: SimNode, name: string): PlaceOnDisk {
  return { folder, names: folder.children, name };
}

export class Volume {
  readonly options: VolumeOptions;
  readonly #time: SimTime;
  readonly #names = new UnflushedNames();
  #freed: number[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #disk: SimNode;
  #mountPoint: SimNode | null = null;
  #nextIno = 2;
  #nextId = 1;
  #lastNs = 0n;
  /** Bytes the disk holds at most. */
  capacity = Number.POSITIVE_INFINITY;
  readOnly = false;
  /** How far the clock of this computer is off. */
  skewMs = 0;
  /** The root folder itself was taken away. */
  absent = false;

  constructor(time: SimTime, options: VolumeOptions = PLAIN_VOLUME) {
    this.#time = time;
    this.options = options;
    this.#disk = this.#make({ kind: 'folder' }, 'disk-1');
  }

  get root(): SimNode {
    if (this.absent) throw new Refused('gone', 'ENOENT root');
    return this.#mountPoint ?? this.#disk;
  }

  /** Every object on the disk, also while it is unplugged, or covered by another one. */
  everything(): SimNode[] {
    return this.absent ? [] : allBelow(this.#disk);
  }

  /** Becomes an image of another disk, with the identities of everything on it. */
  copyFrom(other: Volume): void {
    Object.assign(this.#disk, imageOf(other.#disk));
    for (const child of this.#disk.children.values()) child.parent = this.#disk;
    this.#freed = [...other.#freed];
    this.#nextIno = other.#nextIno;
    this.#nextId = other.#nextId;
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The disk is unplugged: an empty folder shows at the root. */
  unmountRoot(): void {
    this.#mountPoint = this.#make({ kind: 'folder' }, 'disk-0');
  }

  mountRoot(): void {
    this.#mountPoint = null;
  }

  /** Mounts an empty file system over a folder. */
  mountOver(path: RelPath): void {
    const node = this.find(path);
    node.covered = { device: node.device, children: node.children };
    node.device = `${node.device}-sub`;
    node.children = new Map();
  }

  unmountOver(path: RelPath): void {
    const node = this.find(path);
    if (node.covered === null) throw new Refused('gone', `nothing is mounted at ${path}`);
    node.device = node.covered.device;
    node.children = node.covered.children;
    node.covered = null;
  }

  find(path: RelPath): SimNode {
    let node = this.root;
    if (path === '') return node;
    for (const part of path.split('/')) {
      if (node.kind !== 'folder') throw new Refused('not-folder', `ENOTDIR ${path}`);
      if (!node.readable) throw new Refused('denied', `EACCES ${path}`);
      const child = node.children.get(this.key(part));
      if (child === undefined) throw new Refused('gone', `ENOENT ${path}`);
      node = child;
    }
    return node;
  }

  /** The folder a path stands in and its last name; the name itself need not exist. */
  place(path: RelPath): { readonly folder: SimNode; readonly name: string } {
    const cut = path.lastIndexOf('/');
    const folder = this.find(cut < 0 ? '' : path.slice(0, cut));
    if (folder.kind !== 'folder') throw new Refused('not-folder', `ENOTDIR ${path}`);
    if (!folder.readable) throw new Refused('denied', `EACCES ${path}`);
    return { folder, name: path.slice(cut + 1) };
  }

  childOf(folder: SimNode, name: string): SimNode | undefined {
    return folder.children.get(this.key(name));
  }

  create(folder: SimNode, name: string, what: CreateKind): SimNode {
    this.#mayChange(folder);
    this.#checkName(name);
    if (this.childOf(folder, name) !== undefined) throw new Refused('taken', `EEXIST ${name}`);
    if (what.kind === 'file') this.#needRoom(what.bytes.length);
    const node = this.#make(what, folder.device);
    this.#attach(node, folder, name);
    const writes = [this.#slot(folder, name), life(node), `ino ${node.ino}`];
    const names = folder.children;
    this.#note(writes, [life(folder)], [folder], () => this.#take(node, names));
    return node;
  }

  write(node: SimNode, bytes: Uint8Array): void {
    if (this.readOnly) throw new Refused('denied', `EROFS ${node.name}`);
    this.#needRoom(bytes.length - node.bytes.length);
    remember(node, this.#time.elapsed);
    node.bytes = bytes;
    node.mtimeNs = this.#tick();
    node.ctimeNs = node.mtimeNs;
    this.#tell(node);
  }

  setTimes(node: SimNode, mtimeNs: bigint): void {
    remember(node, this.#time.elapsed);
    node.mtimeNs = mtimeNs;
    this.#touch(node);
  }

  setMode(node: SimNode, mode: Partial<Pick<SimNode, 'executable' | 'readable' | 'writable'>>): void {
    remember(node, this.#time.elapsed);
    Object.assign(node, mode);
    this.#touch(node);
  }

  remove(node: SimNode): void {
    const { folder, name } = this.#mayRemove(node);
    const wasFreed = this.#unlink(node);
    const writes = [this.#slot(folder, name), life(node), `ino ${node.ino}`];
    const place = placeIn(folder, name);
    this.#note(writes, [life(folder)], [folder], () => this.#bringBack(node, place, wasFreed));
  }

  /** Removes an object and everything below, whatever its permissions. */
  removeAll(node: SimNode): void {
    for (const child of [...node.children.values()]) this.removeAll(child);
    this.remove(node);
  }

  /** `replace`: as rename(2); otherwise as RENAME_NOREPLACE, where the same object may change its spelling. */
  rename(node: SimNode, folder: SimNode, name: string, replace: boolean): void {
    const from = this.#folderOf(node);
    this.#mayChange(from);
    this.#mayChange(folder);
    this.#checkName(name);
    if (node.device !== folder.device) throw new Refused('other-mount', `EXDEV ${name}`);
    const there = this.childOf(folder, name);
    const isSameName = there === node && there.name === name;
    if (isSameName && !replace) throw new Refused('taken', `EEXIST ${name}`);
    if (there !== undefined && there !== node && !replace) throw new Refused('taken', `EEXIST ${name}`);
    for (let up: SimNode | null = folder; up !== null; up = up.parent) {
      if (up === node) throw new Refused('name-refused', `EINVAL ${name} into itself`);
    }
    const replaced = there === node ? undefined : there;
    if (replaced !== undefined) {
      if ((replaced.kind === 'folder') !== (node.kind === 'folder'))
        throw new Refused('not-folder', `EISDIR ${name}`);
      this.#mayRemove(replaced);
    }
    const before = { ...placeIn(from, node.name), ctimeNs: node.ctimeNs };
    const after = placeIn(folder, name);
    const wasFreed = replaced !== undefined && this.#unlink(replaced);
    this.#detach(node);
    this.#attach(node, folder, name);
    node.ctimeNs = this.#tick();
    const writes = [this.#slot(from, before.name), this.#slot(folder, name)];
    if (replaced !== undefined) writes.push(life(replaced), `ino ${replaced.ino}`);
    if (node.kind === 'folder') writes.push(SHAPE);
    this.#note(writes, [node, from, folder].map(life), [from, folder], () => {
      this.#take(node, after.names);
      this.#put(node, before);
      node.ctimeNs = before.ctimeNs;
      if (replaced !== undefined) this.#bringBack(replaced, after, wasFreed);
    });
  }

  /** RENAME_EXCHANGE: both objects get a new ctime. */
  exchange(a: SimNode, b: SimNode): void {
    const [folderA, folderB] = [this.#folderOf(a), this.#folderOf(b)];
    const before = {
      a: { ...placeIn(folderA, a.name), ctimeNs: a.ctimeNs },
      b: { ...placeIn(folderB, b.name), ctimeNs: b.ctimeNs },
    };
    this.#mayChange(folderA);
    this.#mayChange(folderB);
    if (a.device !== b.device) throw new Refused('other-mount', `EXDEV ${b.name}`);
    this.#detach(a);
    this.#detach(b);
    this.#attach(a, folderB, before.b.name);
    this.#attach(b, folderA, before.a.name);
    a.ctimeNs = this.#tick();
    b.ctimeNs = a.ctimeNs;
    const writes = [this.#slot(folderA, before.a.name), this.#slot(folderB, before.b.name)];
    if (a.kind === 'folder' || b.kind === 'folder') writes.push(SHAPE);
    this.#note(writes, [a, b, folderA, folderB].map(life), [folderA, folderB], () => {
      this.#take(a, before.b.names);
      this.#take(b, before.a.names);
      this.#put(a, before.a);
      this.#put(b, before.b);
      a.ctimeNs = before.a.ctimeNs;
      b.ctimeNs = before.b.ctimeNs;
    });
  }

  // --- durability ----------------------------------------------------------------------------------------------

  /** `fsync` of a file: its bytes and times, not its name. */
  flushFile(node: SimNode): void {
    node.past = [];
  }

  /** `fsync` of a folder: the names in it, not what they show. */
  flushFolder(folder: SimNode): void {
    this.#names.flush(folder);
  }

  /** `syncfs`. */
  flushAll(): void {
    this.#names.flushAll();
    for (const node of this.#everything()) node.past = [];
  }

  /** What was not flushed may vanish. Whoever had a file open is gone. The answer: files that show other bytes now. */
  cutPower(stream: Stream): readonly SimNode[] {
    const now = this.#time.elapsed;
    this.#names.cut(now, stream);
    return this.#everything().filter((node) => {
      node.writers = 0;
      return cutContent(node, now, stream);
    });
  }

  #everything(): SimNode[] {
    const below = (node: SimNode): SimNode[] => [
      node,
      ...[...node.children.values(), ...(node.covered?.children.values() ?? [])].flatMap(below),
    ];
    return below(this.#disk);
  }

  #note(writes: string[], reads: string[], folders: readonly SimNode[], undo: () => void): void {
    this.#names.note({ at: this.#time.elapsed, writes, reads, folders, undo });
  }

  #slot(folder: SimNode, name: string): string {
    return `${folder.id}/${this.key(name)}`;
  }

  /** Without a trace: nobody looks while the power is off. */
  #take(node: SimNode, names: Map<string, SimNode>): void {
    names.delete(this.key(node.name));
    node.parent = null;
  }

  #put(node: SimNode, { folder, names, name }: PlaceOnDisk): void {
    node.parent = folder;
    node.name = name;
    names.set(this.key(name), node);
  }

  #bringBack(node: SimNode, place: PlaceOnDisk, wasFreed: boolean): void {
    this.#put(node, place);
    if (wasFreed) this.#freed = this.#freed.filter((ino) => ino !== node.ino);
  }

  pathOf(node: SimNode): RelPath {
    const parts: string[] = [];
    for (let at = node; at.parent !== null; at = at.parent) parts.unshift(at.name);
    return parts.join('/');
  }

  stamp(node: SimNode): Stamp {
    const birth = this.options.birthTimes ? node.birthNs : 0n;
    return {
      kind: node.kind,
      fileId: `${node.device}.${node.ino}.${birth}` as FileId,
      trusted: this.options.birthTimes,
      device: node.device,
      size: node.kind === 'symlink' ? Buffer.byteLength(node.target) : node.bytes.length,
      mtimeNs: node.mtimeNs,
      ctimeNs: node.ctimeNs,
      executable: this.options.executableBits && node.kind === 'file' && node.executable,
      links: 1,
    };
  }

  used(): number {
    const sum = (node: SimNode): number =>
      [...node.children.values()].reduce((total, child) => total + sum(child), node.bytes.length);
    return sum(this.#disk);
  }

  /** As a listing shows it; null when it is refused. */
  listed(name: string): string | null {
    if (this.options.windowsNames && WINDOWS_REFUSES.test(name)) return null;
    return this.#kept(name);
  }

  #kept(name: string): string {
    return this.options.lowersNames ? name.toLowerCase() : name;
  }

  key(name: string): string {
    return this.options.foldsCase ? foldKey(name) : name;
  }

  #make(what: CreateKind, device: string): SimNode {
    const now = this.#tick();
    const ino = this.#freed.pop() ?? this.#nextIno++;
    const node: SimNode = {
      id: this.#nextId++,
      ino,
      birthNs: now,
      kind: what.kind,
      device,
      parent: null,
      name: '',
      children: new Map(),
      bytes: what.kind === 'file' ? what.bytes : new Uint8Array(0),
      target: what.kind === 'symlink' ? what.target : '',
      mtimeNs: now,
      ctimeNs: now,
      executable: what.kind === 'file' && what.executable === true,
      readable: true,
      writable: true,
      writers: 0,
      past: [],
      covered: null,
    };
    // Its name may be durable before its bytes are.
    if (what.kind === 'file')
      node.past.push({ at: this.#time.elapsed, state: { ...stateOf(node), bytes: NOTHING } });
    return node;
  }

  /** Never the same twice unless the granularity is coarse; it goes back only with the clock. */
  #tick(): bigint {
    const { granularityNs } = this.options;
    const now = this.#time.wallNs + BigInt(Math.floor(this.skewMs)) * 1_000_000n;
    const wasSetBack = this.#lastNs - now > SET_BACK_NS;
    this.#lastNs = now > this.#lastNs || wasSetBack ? now : this.#lastNs + 1n;
    return granularityNs === 1n ? this.#lastNs : this.#lastNs - (this.#lastNs % granularityNs);
  }

  #touch(node: SimNode): void {
    node.ctimeNs = this.#tick();
    this.#tell(node);
  }

  #folderOf(node: SimNode): SimNode {
    if (node.parent === null) throw new Refused('busy', 'EBUSY root');
    if (node.covered !== null) throw new Refused('busy', `EBUSY ${node.name} is a mount point`);
    return node.parent;
  }

  #mayRemove(node: SimNode): { readonly folder: SimNode; readonly name: string } {
    const folder = this.#folderOf(node);
    this.#mayChange(folder);
    if (node.children.size > 0) throw new Refused('not-empty', `ENOTEMPTY ${node.name}`);
    return { folder, name: node.name };
  }

  /** True when the number of its inode is free now. */
  #unlink(node: SimNode): boolean {
    this.#detach(node);
    const isFree = this.options.reusesInodes && node.writers === 0;
    if (isFree) this.#freed.push(node.ino);
    return isFree;
  }

  #mayChange(folder: SimNode): void {
    if (this.readOnly || !folder.writable) throw new Refused('denied', `EACCES ${folder.name}`);
  }

  #checkName(name: string): void {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
      throw new Refused('name-refused', `EINVAL ${JSON.stringify(name)}`);
    }
    if (this.options.windowsNames && WINDOWS_REFUSES.test(name)) {
      throw new Refused('name-refused', `EINVAL ${JSON.stringify(name)}`);
    }
    if (Buffer.byteLength(name) > NAME_BYTES) throw new Refused('name-too-long', `ENAMETOOLONG ${name}`);
  }

  #needRoom(bytes: number): void {
    if (bytes > 0 && this.capacity !== Number.POSITIVE_INFINITY && this.used() + bytes > this.capacity) {
      throw new Refused('full', 'ENOSPC');
    }
  }

  #attach(node: SimNode, folder: SimNode, name: string): void {
    node.parent = folder;
    node.name = this.#kept(name);
    folder.children.set(this.key(name), node);
    this.#contentsChanged(folder);
    this.#tell(node);
  }

  #detach(node: SimNode): void {
    const folder = this.#folderOf(node);
    this.#tell(node);
    folder.children.delete(this.key(node.name));
    node.parent = null;
    this.#contentsChanged(folder);
  }

  #contentsChanged(folder: SimNode): void {
    folder.mtimeNs = this.#tick();
    folder.ctimeNs = folder.mtimeNs;
  }

  #tell(node: SimNode): void {
    if (node.parent === null || this.#listeners.size === 0) return;
    const change = { folder: node.parent, path: this.pathOf(node.parent), child: node.name };
    for (const listener of this.#listeners) listener(change);
  }
}

function imageOf(node: SimNode): SimNode {
  const image: SimNode = { ...node, parent: null, children: new Map(), writers: 0, past: [] };
  for (const [key, child] of node.children)
    image.children.set(key, Object.assign(imageOf(child), { parent: image }));
  return image;
}

function allBelow(node: SimNode): SimNode[] {
  const covered = node.covered === null ? [] : [...node.covered.children.values()];
  return [node, ...[...node.children.values(), ...covered].flatMap(allBelow)];
}
