/** Typed rows of what operators do. */

/** No copy of a chunk is erased before `until`. */
export interface ErasureHold {
  readonly id: string;
  readonly by: string;
  readonly until: number;
}

/** What a tenant stores, each chunk counted once. */
export interface StoredBytes {
  readonly used: number;
  /** null: as much as there is room. */
  readonly quota: number | null;
}
