/** Typed rows of what is in use and what is not, and of cold chunks that are asked for; and the verbs that the store has. */
import type { ManifestId, TenantId } from '../../src/protocol/ids.ts';
import type { ChunkKey, Erasure, KeptManifest } from './collection-rows.ts';
import type { Awaitable } from './metadata-store.ts';

export interface ManifestKey {
  readonly tenant: TenantId;
  readonly id: ManifestId;
}

/** A chunk as the cooling looks at it. */
export interface ChunkHeat extends Erasure {
  readonly size: number;
  /** The lived hour in which it was last seen in use; null: never looked at. */
  readonly hotHour: number | null;
  /** Damaged, idle, pinned, or asked for since the collection began its round: not now. */
  readonly isBusy: boolean;
}

/** A chunk that is referenced from now on. */
export interface KeptChunk {
  readonly size: number;
  readonly isCold: boolean;
}

export interface TierFigures {
  /** Without those in quarantine. */
  readonly coldChunks: number;
  readonly coldBytes: number;
  /** Cold chunks that are asked for, and since when the oldest. */
  readonly thaws: number;
  readonly oldestThaw: number | null;
}

export interface ColdReads {
  /** Of the heads of nodes that live, by tenant and id. */
  headManifests(after: ManifestKey | null, limit: number): Awaitable<readonly KeptManifest[]>;
  /** Every chunk, by tenant and id. */
  chunkHeats(after: ChunkKey | null, limit: number): Awaitable<readonly ChunkHeat[]>;
  chunkHeat(chunk: ChunkKey): Awaitable<ChunkHeat | null>;
  /** Since when it is asked for; null: it is not. */
  thaw(chunk: ChunkKey): Awaitable<number | null>;
  /** Those that were asked for at `askedBy` or earlier, by tenant and id. */
  thaws(askedBy: number, after: ChunkKey | null, limit: number): Awaitable<readonly ChunkKey[]>;
  tierFigures(): Awaitable<TierFigures>;
  /** Is a chunk whole in the cold store, or something there to be erased? */
  usesCold(): Awaitable<boolean>;
}

export interface ColdWrites {
  /** Seen in use in this lived hour; a later one stays. */
  setHot(chunk: ChunkKey, hour: number): Awaitable<void>;
  /** An earlier moment stays. */
  askThaw(chunk: ChunkKey, at: number): Awaitable<void>;
  endThaw(chunk: ChunkKey): Awaitable<void>;
  /** The cold store, what is asked back from it and what is to be erased there: it is gone for good. */
  forgetCold(): Awaitable<void>;
}
