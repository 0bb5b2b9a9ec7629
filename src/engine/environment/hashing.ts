/** Reading, chunking and hashing of user files, off the control thread. */
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { ManifestId } from '../../protocol/ids.ts';
import type { DiskOutcome, RelPath, Stamp } from './disk.ts';

export interface Fingerprint {
  readonly kind: 'fingerprint';
  readonly manifestId: ManifestId;
  readonly manifest: Manifest;
  /** fstat before and after agreed on this; otherwise the outcome is `busy`. */
  readonly stamp: Stamp;
  /** The bytes themselves for small files (≤ SMALL_FILE), so that an upload need not read them again. */
  readonly bytes: Uint8Array | null;
  /** Bits per byte of its head, null when it is too short to tell (core/planner/overwrites). */
  readonly entropy: number | null;
  /** Sub-chunk signature for large files when asked for (delta uploads); encoded by core/delta. */
  readonly signature: Uint8Array | null;
}

/** Files up to this size are one chunk, travel packed, and are read whole. */
export const SMALL_FILE = 256 * 1024;

export interface HashRequest {
  readonly path: RelPath;
  readonly size: number;
  /** Compute the sub-chunk signature too. */
  readonly wantSignature: boolean;
}

export interface Hashing {
  /** Outcomes in request order. Small files are read in groups; large ones one worker each. */
  fingerprint(requests: readonly HashRequest[]): Promise<readonly DiskOutcome<Fingerprint>[]>;
  /** BLAKE3 of bytes, synchronously (small inputs, verification of received chunks). */
  blake3(bytes: Uint8Array): Uint8Array;
  /** Which implementation computes BLAKE3 here. */
  readonly backend: 'native' | 'wasm';
  close(): Promise<void>;
}
