/** What a simulated volume is made of: inodes, what may be created, and how it may differ from the plainest ext4. */
import type { DiskKind, DiskTrouble, RelPath } from '../../src/engine/environment/disk.ts';

export interface VolumeOptions {
  /** Names that differ by case or Unicode form are one name, kept as first spelled. */
  readonly foldsCase: boolean;
  /** Step of time stamps in nanoseconds; 1 makes every stamp differ. */
  readonly granularityNs: bigint;
  /** A freed inode number goes to the next object at once, as on ext4. */
  readonly reusesInodes: boolean;
  readonly birthTimes: boolean;
  readonly exchange: boolean;
  readonly noReplace: boolean;
  /** Without them a file is never executable, whatever it was made as. */
  readonly executableBits: boolean;
  /** What Windows refuses is refused. */
  readonly windowsNames: boolean;
  /** Every name is kept in small letters, as lowntfs-3g lists them. */
  readonly lowersNames: boolean;
}

export const PLAIN_VOLUME: VolumeOptions = {
  foldsCase: false,
  granularityNs: 1n,
  reusesInodes: true,
  birthTimes: true,
  exchange: true,
  noReplace: true,
  executableBits: true,
  windowsNames: false,
  lowersNames: false,
};

/** What the system call would have answered. */
export class Refused extends Error {
  readonly trouble: DiskTrouble;

  constructor(trouble: DiskTrouble, what: string) {
    super(what);
    this.trouble = trouble;
  }
}

/** What a file is made of besides its names. */
export interface FileState {
  readonly bytes: Uint8Array;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly executable: boolean;
}

/** A file as it was until it was changed; `at` in virtual milliseconds. */
export interface PastState {
  readonly at: number;
  readonly state: FileState;
}

export interface SimNode {
  /** Of this object alone, unlike its inode number. */
  readonly id: number;
  readonly ino: number;
  readonly birthNs: bigint;
  readonly kind: DiskKind;
  device: string;
  parent: SimNode | null;
  name: string;
  /** Of folders, by folded name. */
  children: Map<string, SimNode>;
  bytes: Uint8Array;
  readonly target: string;
  mtimeNs: bigint;
  ctimeNs: bigint;
  executable: boolean;
  readable: boolean;
  writable: boolean;
  /** Descriptors open for writing. */
  writers: number;
  /** Of a file: every state since the last one known to be durable, that one first. Empty when nothing is unflushed. */
  past: PastState[];
  /** Of a mount point: what it hides. */
  covered: { readonly device: string; readonly children: Map<string, SimNode> } | null;
}

/** A name appeared, vanished or changed what it shows. */
export interface Change {
  readonly folder: SimNode;
  readonly path: RelPath;
  readonly child: string;
}

export type CreateKind =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly executable?: boolean }
  | { readonly kind: 'folder' }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'other' };
