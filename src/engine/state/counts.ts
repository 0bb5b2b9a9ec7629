/** Numbers for the status, counted anew only when a tree was written, and paced to what counting costs. */
import type { Db } from './database.ts';

export interface Counts {
  readonly files: number;
  readonly unseen: number;
  readonly excluded: number;
}

/** Counting may take this share of the time at most. */
const SHARE = 20;

export class CountsTable {
  private readonly synced;
  private readonly conditions;
  private known: Counts = { files: 0, unseen: 0, excluded: 0 };
  private asOf = -1;
  private notBefore = Number.NEGATIVE_INFINITY;

  constructor(db: Db) {
    this.synced = db.prepare<[], { count: number }>(
      "SELECT count(*) AS count FROM synced WHERE kind <> 'folder'",
    );
    this.conditions = db.prepare<[], { condition: string; count: number }>(
      "SELECT condition, count(*) AS count FROM local WHERE condition <> 'seen' GROUP BY condition",
    );
  }

  /** `writes` tells whether anything changed since; `now` is monotonic milliseconds. */
  read(writes: number, now: () => number): Counts {
    const began = now();
    if (writes === this.asOf || began < this.notBefore) return this.known;
    const conditions = new Map(this.conditions.all().map((row) => [row.condition, row.count]));
    this.known = {
      files: this.synced.get()?.count ?? 0,
      unseen: conditions.get('unseen') ?? 0,
      excluded: conditions.get('excluded') ?? 0,
    };
    this.asOf = writes;
    this.notBefore = now() + (now() - began) * SHARE;
    return this.known;
  }
}
