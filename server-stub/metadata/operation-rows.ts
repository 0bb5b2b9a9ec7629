/** Typed rows of what operators do. */

/** No copy of a chunk is erased before `until`. */
export interface ErasureHold {
  readonly id: string;
  readonly by: string;
  readonly until: number;
}

/** What metrics tell of the store. */
export interface StoreFigures {
  readonly storedBytes: number;
  readonly quarantinedBytes: number;
  /** Changes that the device furthest behind has not acknowledged. */
  readonly largestLag: number;
  /** Devices by how many changes they have not acknowledged, at most so many; null: more than all of these. */
  readonly lags: readonly { readonly atMost: number | null; readonly devices: number }[];
  /** The lived hour since which the oldest chunk that nothing wants, or copy that no row names, is waiting. */
  readonly idleSince: number | null;
  readonly orphanSince: number | null;
  readonly openConflicts: readonly { readonly cause: string; readonly count: number }[];
  /** Uploads that were begun and not decided. */
  readonly openSessions: number;
  readonly rounds: readonly { readonly job: string; readonly endedAt: number | null }[];
}

/** What a tenant stores, each chunk counted once. */
export interface StoredBytes {
  readonly used: number;
  /** null: as much as there is room. */
  readonly quota: number | null;
}
