/** What does not fit together, and what can be done about it. */
import type Database from 'better-sqlite3';
import type { Blake3 } from '../../src/core/manifest/manifest.ts';
import type { NamespaceId } from '../../src/protocol/ids.ts';
import type { Row } from '../metadata/sqlite-values.ts';

/** Codes are stable: scripts of operators look for them. */
export type FindingCode =
  | 'database-damaged'
  | 'dangling-reference'
  | 'row-unreadable'
  | 'head-missing'
  | 'version-without-node'
  | 'node-behind-journal'
  | 'node-ahead'
  | 'node-lost'
  | 'node-count'
  | 'conflict-without-node'
  | 'cursor-ahead'
  | 'journal-gap'
  | 'journal-hash'
  | 'journal-head'
  | 'version-without-manifest'
  | 'manifest-unreadable'
  | 'chunk-missing'
  | 'copy-missing'
  | 'cold-store-away'
  | 'key-missing'
  | 'outcome-unreadable'
  | 'outcome-ahead'
  | 'job-state'
  | 'lease-far'
  | 'stored-bytes'
  | 'share-without-owner';

export interface Finding {
  readonly code: FindingCode;
  /** What it is about: `version <id>`, `chunk <id>`, `namespace <id>` … as in the decisions of jobs. */
  readonly subject: string;
  readonly sentence: string;
  /** What a repair does; null: nothing by itself can. */
  readonly repair: string | null;
}

/** A finding with its repair, run inside one transaction over all of them. */
export interface Found extends Finding {
  readonly mend: ((db: Database.Database) => void) | null;
  /** The tree or the journal of this namespace is touched by the repair: its devices are to compare. */
  readonly epochOf: NamespaceId | null;
}

export interface CheckParts {
  readonly db: Database.Database;
  readonly blake3: Blake3;
  readonly now: number;
}

export function rows(
  db: Database.Database,
  sql: string,
  ...values: readonly (string | number)[]
): readonly Row[] {
  return db.prepare<unknown[], Row>(sql).all(...values);
}

export function noRepair(code: FindingCode, subject: string, sentence: string): Found {
  return { code, subject, sentence, repair: null, mend: null, epochOf: null };
}
