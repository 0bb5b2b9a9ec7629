/** The review queue: batches held for the user's yes. Held nodes are left alone by the planner. */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

/** What the brake holds back, … */
export type BrakedKind = 'send-deletes' | 'apply-deletes' | 'send-overwrites';
/** … and what else is asked. */
export type ReviewKind = BrakedKind | 'zombies' | 'unknown';
/** What a yes is about. */
export type Approval = 'delete' | 'overwrite';

export interface Review {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly evidence: string;
  /** When the first and the last of it were held. */
  readonly at: number;
  readonly lastAt: number;
  readonly nodes: number;
  readonly files: number;
}

/** What all files of a batch come to. */
export interface ReviewSum {
  readonly files: number;
  readonly bytes: number;
  /** The first and the last path in order; null when there is none. */
  readonly first: string | null;
  readonly last: string | null;
}

export interface ReviewFile {
  readonly id: number;
  readonly path: string;
  readonly size: number | null;
}

export interface ReviewNode {
  readonly node: NodeId;
  readonly path: string;
  readonly files: number;
}

interface Row {
  id: string;
  kind: ReviewKind;
  evidence: string;
  at: number;
  lastAt: number;
  nodes: number;
  files: number | null;
}

/** The files that a held node is: itself, or what was deleted with the folder it is and is not in the batch already. */
const HOLD_FILES = `WITH RECURSIVE part (node, path) AS (
    SELECT :node, :path
    UNION ALL
    SELECT s.node, part.path || '/' || s.name FROM part CROSS JOIN synced s ON s.parent = part.node
      WHERE :deep = 1 AND NOT EXISTS (SELECT 1 FROM local l WHERE l.node = s.node)
  )
  INSERT INTO review_files (review, path, node, size)
  SELECT :review, part.path, :node, coalesce(l.size, s.size)
    FROM part LEFT JOIN synced s ON s.node = part.node LEFT JOIN local l ON l.node = part.node
    WHERE coalesce(l.kind, s.kind, '') <> 'folder'
      AND NOT EXISTS (SELECT 1 FROM review_files f WHERE f.review = :review AND f.path = part.path)
    ORDER BY part.path`;

export class Reviews {
  private readonly sql;
  /** Held nodes, in memory: asked for every planned node. */
  private readonly held = new Map<NodeId, string>();
  private readonly approved = new Map<NodeId, Approval>();

  constructor(db: Db) {
    this.sql = {
      open: db.prepare(
        `INSERT INTO reviews (id, kind, evidence, at, last_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET evidence = excluded.evidence, last_at = excluded.last_at`,
      ),
      hold: db.prepare('INSERT OR REPLACE INTO review_nodes (node, review, path, files) VALUES (?, ?, ?, ?)'),
      holdFiles: db.prepare(HOLD_FILES),
      sum: db.prepare<[string], { files: number; bytes: number | null }>(
        'SELECT count(*) AS files, sum(size) AS bytes FROM review_files WHERE review = ?',
      ),
      firstPath: db.prepare<[string], { path: string | null }>(
        'SELECT min(path) AS path FROM review_files WHERE review = ?',
      ),
      lastPath: db.prepare<[string], { path: string | null }>(
        'SELECT max(path) AS path FROM review_files WHERE review = ?',
      ),
      files: db.prepare<[string, number, number], ReviewFile>(
        'SELECT id, path, size FROM review_files WHERE review = ? AND id > ? ORDER BY id LIMIT ?',
      ),
      releaseFiles: db.prepare('DELETE FROM review_files WHERE node = ?'),
      someNodes: db.prepare<[string, number], { node: string }>(
        'SELECT node FROM review_nodes WHERE review = ? LIMIT ?',
      ),
      close: db.prepare('DELETE FROM reviews WHERE id = ?'),
      byKind: db.prepare<[string], { id: string }>('SELECT id FROM reviews WHERE kind = ? LIMIT 1'),
      kindOf: db.prepare<[string], { kind: ReviewKind }>('SELECT kind FROM reviews WHERE id = ?'),
      list: db.prepare<[], Row>(
        `SELECT reviews.id, kind, evidence, at, last_at AS lastAt, count(node) AS nodes, sum(files) AS files FROM reviews
         LEFT JOIN review_nodes ON review = reviews.id GROUP BY reviews.id ORDER BY at, reviews.id`,
      ),
      nodes: db.prepare<[string], { node: string; path: string; files: number }>(
        'SELECT node, path, files FROM review_nodes WHERE review = ?',
      ),
      allNodes: db.prepare<[], { node: string; review: string }>('SELECT node, review FROM review_nodes'),
      release: db.prepare('DELETE FROM review_nodes WHERE node = ?'),
      approve: db.prepare('INSERT OR REPLACE INTO approvals (node, what, at) VALUES (?, ?, ?)'),
      unapprove: db.prepare('DELETE FROM approvals WHERE node = ?'),
      approvals: db.prepare<[], { node: string; what: Approval }>('SELECT node, what FROM approvals'),
    };
    this.forgetRows();
  }

  /** Rows were changed behind this object's back, or a transaction was undone. */
  forgetRows(): void {
    this.held.clear();
    this.approved.clear();
    for (const row of this.sql.allNodes.all()) this.held.set(parseNodeId(row.node), row.review);
    for (const row of this.sql.approvals.all()) this.approved.set(parseNodeId(row.node), row.what);
  }

  isHeld(node: NodeId): boolean {
    return this.held.has(node);
  }

  /** What is asked about the node, if anything is. */
  questionAbout(node: NodeId): ReviewKind | null {
    const review = this.held.get(node);
    return review === undefined ? null : (this.sql.kindOf.get(review)?.kind ?? null);
  }

  isApproved(node: NodeId, what: Approval): boolean {
    return this.approved.get(node) === what;
  }

  openOf(kind: ReviewKind): string | null {
    return this.sql.byKind.get(kind)?.id ?? null;
  }

  /** Files of a batch so far. */
  filesOf(id: string): number {
    return this.list().find((each) => each.id === id)?.files ?? 0;
  }

  hold(id: string, kind: ReviewKind, evidence: string, at: number, nodes: readonly ReviewNode[]): void {
    this.sql.open.run(id, kind, evidence, Math.floor(at), Math.floor(at));
    const deep = kind === 'send-deletes' ? 1 : 0;
    for (const each of nodes) {
      this.sql.hold.run(each.node, id, each.path, each.files);
      this.sql.releaseFiles.run(each.node);
      this.sql.holdFiles.run({ review: id, node: each.node, path: each.path, deep });
      this.held.set(each.node, id);
    }
  }

  list(): readonly Review[] {
    return this.sql.list.all().map((row) => ({ ...row, files: row.files ?? 0 }));
  }

  nodesOf(id: string): readonly ReviewNode[] {
    return this.sql.nodes.all(id).map((row) => ({ ...row, node: parseNodeId(row.node) }));
  }

  has(id: string): boolean {
    return this.sql.kindOf.get(id) !== undefined;
  }

  sumOf(id: string): ReviewSum {
    const row = this.sql.sum.get(id);
    return {
      files: row?.files ?? 0,
      bytes: row?.bytes ?? 0,
      first: this.sql.firstPath.get(id)?.path ?? null,
      last: this.sql.lastPath.get(id)?.path ?? null,
    };
  }

  /** Files of a batch as they were held, after one of them (0: from the first on). */
  filesAfter(id: string, after: number, limit: number): readonly ReviewFile[] {
    return this.sql.files.all(id, after, limit);
  }

  /** A few of the held nodes. */
  someNodes(id: string, limit: number): readonly NodeId[] {
    return this.sql.someNodes.all(id, limit).map((row) => parseNodeId(row.node));
  }

  /** The batch is decided, with a yes to `approved` or without: its nodes are planned again. */
  close(id: string, approved: Approval | null, at: number): readonly ReviewNode[] {
    const nodes = this.nodesOf(id);
    for (const { node } of nodes) {
      this.held.delete(node);
      if (approved !== null) {
        this.sql.approve.run(node, approved, Math.floor(at));
        this.approved.set(node, approved);
      }
    }
    this.sql.close.run(id);
    return nodes;
  }

  /** Said before anybody had to ask: these are what the user told to go. */
  approve(nodes: readonly NodeId[], what: Approval, at: number): void {
    for (const node of nodes) {
      this.sql.approve.run(node, what, Math.floor(at));
      this.approved.set(node, what);
    }
  }

  /** The question has answered itself (the file is back, or gone on both sides). */
  release(node: NodeId): void {
    const review = this.held.get(node);
    if (review === undefined) return;
    this.held.delete(node);
    this.sql.release.run(node);
    this.sql.releaseFiles.run(node);
    if (this.nodesOf(review).length === 0) this.sql.close.run(review);
  }

  forgetApproval(node: NodeId): void {
    if (this.approved.delete(node)) this.sql.unapprove.run(node);
  }

  count(): number {
    return this.sql.list.all().length;
  }
}
