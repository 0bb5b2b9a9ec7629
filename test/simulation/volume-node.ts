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
}

export const PLAIN_VOLUME: VolumeOptions = {
  foldsCase: false,
  granularityNs: 1n,
  reusesInodes: true,
  birthTimes: true,
  exchange: true,
  noReplace: true,
};

/** What the system call would have answered. */
export class Refused extends Error {
  readonly trouble: DiskTrouble;

  constructor(trouble: DiskTrouble, what: string) {
    super(what);
    this.trouble = trouble;
  }
}

export interface SimNode {
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
  /** Written since it was last flushed: a power cut may take it. */
  unflushed: boolean;
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
