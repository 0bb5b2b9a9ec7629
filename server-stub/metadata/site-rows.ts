/** Typed rows of the chunk stores beside the first, and of second copies. */
import type { ChunkKey } from './collection-rows.ts';

export interface SiteRow {
  /** Stands in its folder, too. */
  readonly id: string;
  /** Every chunk was looked at once since it came. */
  readonly whole: boolean;
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
