/** Typed rows of the collection of what nothing wants any more. */
import type { ChunkId, ManifestId, TenantId } from '../../src/protocol/ids.ts';

export interface CollectionRow {
  readonly round: number;
  /** Chunks whose id begins below this (of 256) may be taken: the others are only judged. */
  readonly sample: number;
}

export interface KeptManifest {
  readonly tenant: TenantId;
  readonly id: ManifestId;
  readonly encoded: Uint8Array;
}

/** A chunk in which the present round found no use, in the state it is in. */
export interface IdleChunk {
  readonly tenant: TenantId;
  readonly id: ChunkId;
  readonly location: string;
  readonly size: number;
  readonly idleHour: number | null;
  readonly quarantineHour: number | null;
}

export interface ChunkKey {
  readonly tenant: TenantId;
  readonly id: ChunkId;
}

/** What is known of a copy in the chunk store. `unknown`: its tenant is none of this database. */
export type CopyState = 'named' | 'unnamed' | 'unknown';

export interface Erasure extends ChunkKey {
  readonly location: string;
}

/** A copy that a row names. */
export interface StoredCopy extends Erasure {
  readonly size: number;
  readonly isDamaged: boolean;
}

export interface ScrubRow {
  /** The share that is verified next. */
  readonly slot: number;
  /** Of all rounds. */
  readonly verified: number;
  readonly damaged: number;
}
