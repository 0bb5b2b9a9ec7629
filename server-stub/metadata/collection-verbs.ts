/** What the collection of chunks asks and writes down. */
import type { ChunkId, ManifestId } from '../../src/protocol/ids.ts';
import type { SiteName } from '../chunks/sites.ts';
import type {
  ChunkKey,
  CollectionRow,
  CopyState,
  Erasure,
  IdleChunk,
  KeptManifest,
  ScrubRow,
  StoredCopy,
} from './collection-rows.ts';
import type { Awaitable } from './metadata-store.ts';

export interface CollectionReads {
  collection(): Awaitable<CollectionRow>;
  /** Manifests of versions whose bytes are promised, by id; those of one id come together. */
  keptManifests(after: ManifestId | null, limit: number): Awaitable<readonly KeptManifest[]>;
  /** Chunks that the present round has neither found wanted nor marked, and no session pins, by id. */
  idleChunks(after: ChunkId | null, limit: number): Awaitable<readonly IdleChunk[]>;
  /** Copies whose bytes are still to go, in one store or in all of them. */
  erasures(limit: number, site?: SiteName): Awaitable<readonly Erasure[]>;
  /** Does a row, or the note that its bytes are to go, name this copy? */
  copyState(copy: Erasure): Awaitable<CopyState>;
  /** Copies without a row that were first seen in this lived hour or before. */
  orphans(hour: number, limit: number): Awaitable<readonly Erasure[]>;
  scrub(): Awaitable<ScrubRow>;
  /** Chunks with an id from `from` on and before `to` by tenant and id, behind `after`. */
  chunksBetween(
    from: string,
    to: string,
    after: ChunkKey | null,
    limit: number,
  ): Awaitable<readonly StoredCopy[]>;
}

export interface CollectionWrites {
  /** What is asked for from now on counts as wanted in this round. */
  beginCollection(): Awaitable<void>;
  setSample(of256: number): Awaitable<void>;
  markChunk(chunk: ChunkKey, round: number): Awaitable<void>;
  setIdle(chunk: ChunkKey, hour: number): Awaitable<void>;
  /** Chunks that were idle and are wanted or marked in `round` are idle no more, nor in quarantine; how many. */
  forgetIdle(round: number): Awaitable<number>;
  quarantineChunk(chunk: ChunkKey, at: number, hour: number): Awaitable<void>;
  /** The row goes, and a note that its bytes are to go comes; only if it still has this location (RULES 27). */
  beginErasure(copy: Erasure): Awaitable<boolean>;
  endErasure(copy: Erasure): Awaitable<void>;
  /** The row names `to` from now on, and a note comes that the bytes at `from` are to go; only if it names `from`. */
  moveChunk(chunk: ChunkKey, from: string, to: string): Awaitable<boolean>;
  /** An earlier hour stays. */
  noteOrphan(copy: Erasure, hour: number): Awaitable<void>;
  /** The note goes; if still no row names the copy, one comes that its bytes are to go. */
  beginOrphanErasure(copy: Erasure): Awaitable<boolean>;
  setScrub(row: ScrubRow): Awaitable<void>;
  /** Not present from now on, until it is stored anew (null: present again). Only if its row names this copy; a change? */
  setDamaged(copy: Erasure, at: number | null): Awaitable<boolean>;
}
