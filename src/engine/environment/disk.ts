/**
 * The disk as the engine sees it: one sync root, addressed by paths relative to it ('' is the root itself,
 * components joined by '/'). Implementations: the real one (native helper or plain Node) and the simulated one,
 * held equal by a conformance suite. No method follows a symlink in any component, none leaves the root.
 * Expected outcomes are values; only programming errors throw.
 */
import type { Fingerprint } from './hashing.ts';

/** Stable identity of a disk object: device, inode and birth time, as one opaque string. */
export type FileId = string & { readonly __fileId: true };

/** Path relative to the root: no leading slash, no '.', no '..', no empty component; '' is the root. */
export type RelPath = string;

export type DiskKind = 'file' | 'folder' | 'symlink' | 'other';

/** Everything `lstat` says that can betray a change. Times are nanoseconds since 1970. */
export interface Stamp {
  readonly kind: DiskKind;
  readonly fileId: FileId;
  /** False where the file system reports no usable birth time: identity then also needs equal content (RULES 13). */
  readonly trusted: boolean;
  /** Device number: a different one below the root is another mount. */
  readonly device: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly executable: boolean;
  /** Hard links to the object (1 for ordinary files). */
  readonly links: number;
}

export interface DiskEntry {
  /** Name as the disk spells it; `null` when its bytes are not valid UTF-8 (cannot be synced, never touched). */
  readonly name: string | null;
  readonly stamp: Stamp;
}

/** Why the disk could not do something, in the few classes that decide what happens next. */
export type DiskTrouble =
  | 'gone' // the object or a parent folder is not there
  | 'taken' // the name is in use
  | 'not-empty'
  | 'not-folder' // a component is a file or a symlink
  | 'denied' // EACCES, EPERM, EROFS
  | 'full' // ENOSPC, EDQUOT
  | 'busy' // EBUSY, ETXTBSY, sharing violation
  | 'name-too-long'
  | 'name-refused' // EINVAL, EILSEQ: this disk cannot hold the name
  | 'too-many-open'
  | 'other-mount'
  | 'input-output'; // EIO and anything else: unknown, never absence

export interface DiskFailure {
  readonly kind: 'failed';
  readonly trouble: DiskTrouble;
  /** Code and path for the log, e.g. "EACCES docs/a.txt". */
  readonly detail: string;
}

export type DiskOutcome<Success> = Success | DiskFailure;

export interface Listing {
  readonly kind: 'listed';
  readonly folder: Stamp;
  readonly entries: readonly DiskEntry[];
}

export interface Found {
  readonly kind: 'found';
  readonly stamp: Stamp;
}

export interface Done {
  readonly kind: 'done';
}

export interface Bytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/** Meta-data given to a staged file: what a version carries. */
export interface StageMeta {
  readonly executable: boolean;
  readonly mtimeNs: bigint;
}

export interface StagedFile {
  /** Plain name inside the staging folder, chosen by the caller (unique, ASCII). */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly meta: StageMeta;
}

/** A large file being assembled in staging. Every method may fail with `full` or `input-output`. */
export interface StagedWriter {
  write(offset: number, bytes: Uint8Array): Promise<DiskOutcome<Done>>;
  /** Copies (reflink, else copy_file_range, else read/write) from a file below the root; short reads fail as 'gone'. */
  copyFrom(path: RelPath, sourceOffset: number, offset: number, length: number): Promise<DiskOutcome<Done>>;
  /** As `OpenFile.read`. */
  read(offset: number, length: number, into?: Uint8Array): Promise<DiskOutcome<Bytes>>;
  /** Truncates to `size`, sets mode and mtime, closes. Not durable until `flush`. */
  finish(size: number, meta: StageMeta): Promise<DiskOutcome<Found>>;
  /** Closes without finishing; the partial file stays for a later resume. */
  abandon(): Promise<void>;
}

/** An open file of the user, for reading ranges. The stamp is `fstat` of the open descriptor. */
export interface OpenFile {
  stamp(): Promise<DiskOutcome<Found>>;
  /** Fewer bytes at the end of the file. `into`, of at least `length` bytes, may be what the answer is a view of. */
  read(offset: number, length: number, into?: Uint8Array): Promise<DiskOutcome<Bytes>>;
  close(): Promise<void>;
}

export interface Opened {
  readonly kind: 'opened';
  readonly file: OpenFile;
}

export interface OpenedWriter {
  readonly kind: 'opened';
  readonly writer: StagedWriter;
}

/** One rename of `place`: a staged file takes a name, and what happens to what stands there. */
export interface Placement {
  readonly staged: string;
  readonly path: RelPath;
  /** 'new': no-replace rename. 'exchange': swap with the file at the path; the displaced file is then at `staged`. */
  readonly mode: 'new' | 'exchange';
}

/** `placed`: stamp of our file now at the path; `displaced`: stamp of what came out (exchange only). */
export interface Placed {
  readonly kind: 'placed';
  readonly stamp: Stamp;
  readonly displaced: Stamp | null;
}

export interface Rename {
  readonly from: RelPath;
  readonly to: RelPath;
}

/** Thrown where the reserved folder cannot be read: an empty answer would say that nothing is left to settle. */
export class ReservedUnreadable extends Error {
  readonly failure: DiskFailure;

  constructor(failure: DiskFailure) {
    super(`cannot read the reserved folder: ${failure.detail}`);
    this.failure = failure;
  }
}

/** What was read of it; `null` where it cannot be read now, and whoever asked has to ask again. */
export async function ifReadable<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ReservedUnreadable) return null;
    throw error;
  }
}

/** What this file system can do, probed at start-up on existing and on free targets (RULES 18). */
export interface DiskAbilities {
  /** Atomic swap of two names; without it the narrower fallback: link displaced aside, then rename over. */
  readonly exchange: boolean;
  readonly noReplace: boolean;
  readonly reflink: boolean;
  readonly syncfs: boolean;
  readonly foldsCase: boolean;
  readonly symlinks: boolean;
  /** Birth times are reported and usable as identity. */
  readonly birthTimes: boolean;
  /** False where no execute bits are kept (NTFS, FAT, Windows): stamps then always say false, and mean nothing by it. */
  readonly executableBits?: boolean;
  /** 'native' when the compiled helper is in use, else 'fallback' with the reason. */
  readonly helper: 'native' | 'fallback';
  readonly helperDetail: string;
}

/** The reserved folder: `.tidemark` in the root. Everything of ours lives in it; the scanner never looks inside. */
export const RESERVED_FOLDER = '.tidemark';

export interface Disk {
  /** Creates `.tidemark/{staging,trash,parked}` and probes. Fails when the root is gone or not writable. */
  prepare(): Promise<
    DiskOutcome<{ readonly kind: 'ready'; readonly abilities: DiskAbilities; readonly root: Stamp }>
  >;

  /** All children of a folder with their stamps. Never partial: any doubt is a failure. Excludes RESERVED_FOLDER in ''. */
  list(folder: RelPath): Promise<DiskOutcome<Listing>>;
  look(path: RelPath): Promise<DiskOutcome<Found>>;
  lookMany(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]>;
  readLink(
    path: RelPath,
  ): Promise<DiskOutcome<{ readonly kind: 'link'; readonly target: string; readonly stamp: Stamp }>>;
  open(path: RelPath): Promise<DiskOutcome<Opened>>;
  /** Whole small files in one go; each with the fstat taken before and after its read (differ: `busy`). */
  readSmall(
    paths: readonly RelPath[],
    limit: number,
  ): Promise<
    readonly DiskOutcome<{ readonly kind: 'read'; readonly bytes: Uint8Array; readonly stamp: Stamp }>[]
  >;

  /** Writes whole files into `.tidemark/staging`, replacing leftovers of the same name. */
  stage(files: readonly StagedFile[]): Promise<readonly DiskOutcome<Found>[]>;
  stageLink(name: string, target: string): Promise<DiskOutcome<Found>>;
  /** Opens (creating or keeping what is there) a staged file for random access. */
  stageOpen(name: string): Promise<DiskOutcome<OpenedWriter>>;
  /** Makes staged files durable: a flush each for few, one syncfs for many (RULES 21). */
  flushStaged(names: readonly string[]): Promise<DiskOutcome<Done>>;
  /** Makes names durable after placements, moves and trashings in these folders. */
  flushFolders(folders: readonly RelPath[]): Promise<DiskOutcome<Done>>;
  /**
   * Makes the contents of these user files durable, before the synced tree records their upload (RULES 20). Where one is
   * `gone` that is the answer, and the others are.
   */
  flushFiles(paths: readonly RelPath[]): Promise<DiskOutcome<Done>>;
  place(items: readonly Placement[]): Promise<readonly DiskOutcome<Placed>[]>;
  /**
   * For each path: is it known that somebody has this regular file open for writing? False where nobody has, and where
   * it cannot be told (somebody else's file, a file system without leases or one of a server, plain Node, macOS).
   * Windows needs no answer: there an open file cannot be renamed, which is 'busy'.
   */
  beingWritten(paths: readonly RelPath[]): Promise<readonly boolean[]>;

  /** No-replace renames inside the root, in order. A case-only rename of one object is allowed. */
  move(items: readonly Rename[]): Promise<readonly DiskOutcome<Found>[]>;
  makeFolders(paths: readonly RelPath[]): Promise<readonly DiskOutcome<Found>[]>;
  /** Removes an empty folder; 'not-empty' leaves it. */
  removeFolder(path: RelPath): Promise<DiskOutcome<Done>>;

  /** Renames objects to `.tidemark/trash/<name>`; the stamp is looked at after the move. */
  toTrash(
    items: readonly { readonly path: RelPath; readonly name: string }[],
  ): Promise<readonly DiskOutcome<Found>[]>;
  /** No-replace rename out of the trash. */
  fromTrash(name: string, path: RelPath): Promise<DiskOutcome<Found>>;
  /** Erases trash objects for good (files, links, empty or full folders). */
  eraseTrash(names: readonly string[]): Promise<void>;

  /** Hides a node under `.tidemark/parked/<name>` while names in the way are untangled, and brings it back. */
  park(path: RelPath, name: string): Promise<DiskOutcome<Found>>;
  unpark(name: string, path: RelPath): Promise<DiskOutcome<Found>>;

  listStaged(): Promise<readonly DiskEntry[]>;
  listTrash(): Promise<readonly DiskEntry[]>;
  listParked(): Promise<readonly DiskEntry[]>;
  /** Hashes a staged or trashed object, to learn whether it is a known version. */
  fingerprintReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Fingerprint>>;
  readReserved(area: 'staging' | 'trash', name: string): Promise<DiskOutcome<Opened>>;
  /** True unless it is proven that nobody holds the staged file open for writing (a lease on Linux). */
  maybeOpenElsewhere(staged: string): Promise<boolean>;
  eraseStaged(names: readonly string[]): Promise<void>;
  /** Durable when it answers: nothing else knows any more that it may be the only copy of a save. */
  stagedToTrash(staged: string, name: string): Promise<DiskOutcome<Found>>;

  /** Small control files directly in `.tidemark` (the root marker), durable when written; `null` when absent. */
  readControl(name: string): Promise<DiskOutcome<Bytes> | null>;
  writeControl(name: string, bytes: Uint8Array): Promise<DiskOutcome<Done>>;
  freeBytes(): Promise<number>;
  close(): Promise<void>;
}
