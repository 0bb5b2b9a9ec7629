/** Typed rows of the chunk stores beside the first, and of second copies; and the verbs that the store has for them. */
import type { SideSite } from '../chunks/sites.ts';
import type { ChunkKey } from './collection-rows.ts';
import type { Awaitable } from './metadata-store.ts';

export interface SiteRow {
  /** Stands in its folder, too. */
  readonly id: string;
  /** Every chunk was looked at once since it came. */
  readonly whole: boolean;
  /** Where it was last; null: that was not noted. */
  readonly folder: string | null;
}

/** A chunk that should have a second copy and has none. */
export interface ReplicaDebt extends ChunkKey {
  readonly since: number;
}

export interface ReplicaFigures {
  readonly copies: number;
  readonly debts: number;
  /** Since when the oldest waits; null: none does. */
  readonly oldest: number | null;
  /** Copies that are to be erased there. */
  readonly erasures: number;
}

export interface SiteReads {
  /** null: none was ever there. */
  site(name: SideSite): Awaitable<SiteRow | null>;
  /** Where the second copy is. */
  replica(chunk: ChunkKey): Awaitable<string | null>;
  /** Chunks that should have a second copy and have none, by tenant and id. */
  replicaDebts(after: ChunkKey | null, limit: number): Awaitable<readonly ReplicaDebt[]>;
  /** Every chunk, by tenant and id, and whether it is without a second copy. */
  withoutReplica(
    after: ChunkKey | null,
    limit: number,
  ): Awaitable<readonly (ChunkKey & { readonly isWithout: boolean })[]>;
  replicaFigures(): Awaitable<ReplicaFigures>;
}

export interface SiteWrites {
  /** null: there is none any more. */
  setSite(name: SideSite, row: SiteRow | null): Awaitable<void>;
  /** It has one already: false, that one stays. */
  addReplica(chunk: ChunkKey, location: string): Awaitable<boolean>;
  /** As `moveChunk`. */
  moveReplica(chunk: ChunkKey, from: string, to: string): Awaitable<boolean>;
  /** The row goes, and a note comes that its bytes are to go; was there one? */
  dropReplica(chunk: ChunkKey): Awaitable<boolean>;
  /** All of them, what is missing, and what is to be erased there: the store is gone for good. */
  forgetReplicas(): Awaitable<void>;
  /** An earlier moment stays. */
  noteDebt(chunk: ChunkKey, since: number): Awaitable<void>;
  endDebt(chunk: ChunkKey): Awaitable<void>;
}
