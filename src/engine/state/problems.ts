/** Troubles of single paths that the user sees: one row per subject, with the sentence's facts. */
import { ERRORS, type ErrorCode, sentenceOf } from '../../protocol/errors.ts';
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

export interface Problem {
  /** What it is about: a node id, or a path for what never became a node. */
  readonly subject: string;
  readonly node: NodeId | null;
  readonly path: string;
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, string>>;
  readonly since: number;
}

interface Row {
  subject: string;
  node: string | null;
  path: string;
  code: string;
  facts: string;
  since: number;
}

function codeOf(text: string): ErrorCode {
  return Object.hasOwn(ERRORS, text) ? (text as ErrorCode) : 'internal';
}

function toProblem(row: Row): Problem {
  return {
    subject: row.subject,
    node: row.node === null ? null : parseNodeId(row.node),
    path: row.path,
    code: codeOf(row.code),
    facts: JSON.parse(row.facts) as Record<string, string>,
    since: row.since,
  };
}

/** Told, but nothing waits for it: what is left out by its kind does not keep anything from being up to date (RULES 24). */
export function isNotice(problem: { readonly code: string }): boolean {
  return NOTICES.some((code) => code === problem.code);
}

const NOTICES: readonly ErrorCode[] = [
  'not-a-file',
  'root-restored',
  'server-restored',
  'share-ended',
  'share-ended-kept',
  'share-away-kept',
];
/** Of a share that is not here any more: it is told until it was read, and for a week at most. */
export function isOfEndedShare({ code }: { readonly code: string }): boolean {
  return code === 'share-ended' || code === 'share-ended-kept' || code === 'share-away-kept';
}

/** What a notice of a merge is about: one at a time, told for a day. */
const MERGE = 'merge';
const MERGE_TOLD_MS = 24 * 3_600_000;
/** As long as what the notice tells of can be had back easily. */
const ENDED_TOLD_MS = 7 * MERGE_TOLD_MS;

/** `path`: what it is about, as the user reads it. */
export function problemSentence({ code, facts }: Problem, path: string): string {
  return sentenceOf(code, { ...facts, file: path || 'The folder' });
}

export class Problems {
  private readonly sql;
  /** Hears of each problem once, when it is new. */
  onNew: (problem: Problem) => void = () => undefined;

  constructor(db: Db) {
    this.sql = {
      put: db.prepare(
        `INSERT INTO problems (subject, node, path, code, facts, since) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (subject) DO UPDATE SET path = excluded.path, code = excluded.code, facts = excluded.facts`,
      ),
      remove: db.prepare('DELETE FROM problems WHERE subject = ?'),
      all: db.prepare<[number], Row>(
        'SELECT subject, node, path, code, facts, since FROM problems ORDER BY since LIMIT ?',
      ),
      clearCode: db.prepare('DELETE FROM problems WHERE code = ?'),
      expireEnded: db.prepare(
        "DELETE FROM problems WHERE code IN ('share-ended', 'share-ended-kept', 'share-away-kept') AND since < ?",
      ),
      get: db.prepare<[string], Row>(
        'SELECT subject, node, path, code, facts, since FROM problems WHERE subject = ?',
      ),
      forgetGone: db.prepare(
        `DELETE FROM problems WHERE node IS NOT NULL
         AND node NOT IN (SELECT node FROM remote) AND node NOT IN (SELECT node FROM local)`,
      ),
      page: db.prepare<[string | null, string | null, number, number], Row>(
        `SELECT subject, node, path, code, facts, since FROM problems WHERE ? IS NULL OR code = ?
         ORDER BY since, subject LIMIT ? OFFSET ?`,
      ),
      find: db.prepare<[string, string], Row>(
        'SELECT subject, node, path, code, facts, since FROM problems WHERE path = ? AND code = ? LIMIT 1',
      ),
      groups: db.prepare<[], { code: string; count: number }>(
        'SELECT code, count(*) AS count FROM problems GROUP BY code ORDER BY count DESC, code',
      ),
      count: db.prepare<[], { count: number }>(
        `SELECT count(*) AS count FROM problems WHERE code NOT IN (${NOTICES.map((code) => `'${code}'`).join(', ')})`,
      ),
    };
  }

  put(problem: Problem): void {
    const isNew = this.get(problem.subject)?.code !== problem.code;
    this.sql.put.run(
      problem.subject,
      problem.node,
      problem.path,
      problem.code,
      JSON.stringify(problem.facts),
      Math.floor(problem.since),
    );
    if (isNew) this.onNew(problem);
  }

  /** Everything is compared again, without a base: whoever looks within a day learns why. */
  noteMerge(code: 'root-restored' | 'server-restored', path: string, since: number): void {
    this.put({ subject: MERGE, node: null, path, code, facts: {}, since });
  }

  expire(now: number): void {
    if ((this.get(MERGE)?.since ?? now) < now - MERGE_TOLD_MS) this.clear(MERGE);
    this.sql.expireEnded.run(now - ENDED_TOLD_MS);
  }

  clear(subject: string): boolean {
    return this.sql.remove.run(subject).changes > 0;
  }

  /** The cause is over for all of them. */
  clearCode(code: ErrorCode): void {
    this.sql.clearCode.run(code);
  }

  get(subject: string): Problem | null {
    const row = this.sql.get.get(subject);
    return row ? toProblem(row) : null;
  }

  /** Of nodes that are neither here nor at the server any more. */
  forgetGone(): void {
    this.sql.forgetGone.run();
  }

  list(limit = 1000): readonly Problem[] {
    return this.sql.all.all(limit).map(toProblem);
  }

  /** The oldest first; of one cause only when `code` is given. */
  page(offset: number, limit: number, code: string | null): readonly Problem[] {
    return this.sql.page.all(code, code, limit, offset).map(toProblem);
  }

  find(path: string, code: string): Problem | null {
    const row = this.sql.find.get(path, code);
    return row ? toProblem(row) : null;
  }

  /** How many there are of each cause, most first. */
  groups(): readonly { readonly code: ErrorCode; readonly count: number }[] {
    return this.sql.groups.all().map(({ code, count }) => ({ code: codeOf(code), count }));
  }

  count(): number {
    return this.sql.count.get()?.count ?? 0;
  }
}
