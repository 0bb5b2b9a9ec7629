/**
 * What a disk is made of: batches of plain operations on paths below the root, reserved folder included. Two
 * implementations (compiled helper, plain Node); everything above them is written once, in node-disk.ts.
 */
import type {
  Bytes,
  DiskOutcome,
  Done,
  Found,
  Listing,
  RelPath,
  StageMeta,
  Stamp,
} from '../environment/disk.ts';

/** `link` gives the object a second name (hard link): it is how plain Node renames without replacing. */
export type How = 'plain' | 'no-replace' | 'exchange' | 'link';

export interface RenameCall {
  readonly from: RelPath;
  readonly to: RelPath;
  readonly how: How;
}

export interface Renamed {
  readonly kind: 'renamed';
  /** The object now at `to`. */
  readonly stamp: Stamp;
  /** After an exchange: the object now at `from`. */
  readonly displaced: Stamp | null;
}

export interface StageCall {
  readonly path: RelPath;
  readonly bytes: Uint8Array;
  readonly meta: StageMeta;
}

export interface ReadFile extends Bytes {
  readonly stamp: Stamp;
}

export interface Descriptor {
  readonly kind: 'descriptor';
  readonly fd: number;
  readonly stamp: Stamp;
}

export interface Copied {
  readonly kind: 'copied';
  readonly way: 'reflink' | 'kernel' | 'by-hand';
}

export interface DiskCalls {
  list(folder: RelPath): Promise<DiskOutcome<Listing>>;
  look(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]>;
  readSmall(paths: readonly RelPath[], limit: number): Promise<readonly DiskOutcome<ReadFile>[]>;
  readLink(
    path: RelPath,
  ): Promise<DiskOutcome<{ readonly kind: 'link'; readonly target: string; readonly stamp: Stamp }>>;
  stage(items: readonly StageCall[]): Promise<readonly DiskOutcome<Found>[]>;
  makeFolders(paths: readonly RelPath[], mode: number): Promise<readonly DiskOutcome<Found>[]>;
  makeLink(path: RelPath, target: string): Promise<DiskOutcome<Found>>;
  remove(paths: readonly RelPath[], what: 'file' | 'folder'): Promise<readonly DiskOutcome<Done>[]>;
  changeMode(path: RelPath, mode: number): Promise<DiskOutcome<Done>>;
  /** Gives `to` (ours) the readers, writers and owner of `from`; its execute bit stays. An exchange does it by itself. */
  carryPermissions(from: RelPath, to: RelPath): Promise<void>;
  /** In order. */
  rename(items: readonly RenameCall[]): Promise<readonly DiskOutcome<Renamed>[]>;
  /** Files or folders; links have nothing to flush. */
  flush(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Done>[]>;
  /** Flushes the whole file system, where that can be asked for. */
  readonly flushAll: (() => Promise<DiskOutcome<Done>>) | null;
  /** Regular files only. `write` creates the file or keeps what is there. */
  open(path: RelPath, mode: 'read' | 'write'): Promise<DiskOutcome<Descriptor>>;
  /** Truncates and gives execute bit and mtime; the caller closes. */
  finish(fd: number, size: number, meta: StageMeta): Promise<DiskOutcome<Found>>;
  copyRange(
    path: RelPath,
    from: number,
    fd: number,
    to: number,
    length: number,
  ): Promise<DiskOutcome<Copied>>;
  /** True when it is proven that nobody else has the file open. */
  soleUser(path: RelPath): Promise<boolean>;
  /** True where it is known that somebody has the regular file open for writing. */
  beingWritten(paths: readonly RelPath[]): Promise<readonly boolean[]>;
}
