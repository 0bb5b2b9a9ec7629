/** The synced tree: what both sides last agreed on. Written only when an operation was observed complete on both. */
import type { Place, SyncedNode } from '../../core/tree/nodes.ts';
import type { Content, NodeKind } from '../../protocol/content.ts';
import {
  type NodeId,
  parseManifestId,
  parseNodeId,
  parseVersionId,
  type VersionId,
  versionSeq,
} from '../../protocol/ids.ts';
import type { Db } from './database.ts';
import { RowCache } from './row-cache.ts';

interface Row {
  node: string;
  kind: NodeKind;
  parent: string;
  name: string;
  entry_rev: number;
  version: string | null;
  manifest: string | null;
  target: string | null;
  executable: number;
  size: number;
  stamp: string;
  lent: string | null;
}

function toNode(row: Row): SyncedNode {
  return {
    node: parseNodeId(row.node),
    kind: row.kind,
    parent: parseNodeId(row.parent),
    name: row.name,
    entryRev: row.entry_rev,
    version: row.version === null ? null : parseVersionId(row.version),
    content: contentOf(row),
    stamp: row.stamp,
    lent: row.lent === null ? null : parseNodeId(row.lent),
  };
}

function contentOf(row: Row): Content | null {
  if (row.kind === 'folder') return null;
  if (row.kind === 'symlink') return row.target === null ? null : { kind: 'symlink', target: row.target };
  if (row.manifest === null) return null;
  return {
    kind: 'file',
    manifest: parseManifestId(row.manifest),
    size: row.size,
    executable: row.executable === 1,
  };
}

/** manifest, target, executable */
function contentColumns(content: Content | null): [string | null, string | null, number] {
  return [
    content?.kind === 'file' ? content.manifest : null,
    content?.kind === 'symlink' ? content.target : null,
    content?.kind === 'file' && content.executable ? 1 : 0,
  ];
}

const COLUMNS =
  'node, kind, parent, name, entry_rev, version, manifest, target, executable, size, stamp, lent';

/** Versions of one node that are remembered after a newer one was agreed on. */
const REMEMBERED = 32;

function prepare(db: Db) {
  return {
    get: db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM synced WHERE node = ?`),
    below: db.prepare<[string], Row>(
      `WITH RECURSIVE below (id) AS (SELECT node FROM synced WHERE parent = ?
       UNION SELECT child.node FROM below CROSS JOIN synced AS child ON child.parent = below.id)
       SELECT ${COLUMNS} FROM below CROSS JOIN synced ON synced.node = below.id`,
    ),
    // How the agreed content looks is known of the file here, or from before.
    put: db.prepare(
      `INSERT OR REPLACE INTO synced (${COLUMNS}, entropy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(
         (SELECT entropy FROM local WHERE node = ? AND manifest = ?),
         (SELECT entropy FROM synced WHERE node = ? AND manifest = ?)))`,
    ),
    entropy: db.prepare<[string], { entropy: number | null }>('SELECT entropy FROM synced WHERE node = ?'),
    remove: db.prepare('DELETE FROM synced WHERE node = ?'),
    files: db.prepare<[], { count: number }>("SELECT count(*) AS count FROM synced WHERE kind <> 'folder'"),
    clear: db.prepare('DELETE FROM synced'),
    remember: db.prepare(
      'INSERT OR REPLACE INTO ancestors (node, version, seq, manifest, target, executable) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    forgetOldest: db.prepare(
      `DELETE FROM ancestors WHERE node = ? AND seq < (
         SELECT seq FROM ancestors WHERE node = ? ORDER BY seq DESC LIMIT 1 OFFSET ${REMEMBERED - 1})`,
    ),
    wasAgreed: db.prepare<(string | number | null)[], unknown>(
      `SELECT 1 FROM ancestors
       WHERE node = ? AND version = ? AND manifest IS ? AND target IS ? AND executable = ?`,
    ),
    withoutLocal: db.prepare<[], { node: string; stamp: string }>(
      'SELECT node, stamp FROM synced WHERE node NOT IN (SELECT node FROM local)',
    ),
    forgetAncestors: db.prepare('DELETE FROM ancestors WHERE node = ?'),
    clearAncestors: db.prepare('DELETE FROM ancestors'),
  };
}

export interface AgreedPlace extends Place {
  /** Of the entry that has this place. */
  readonly entryRev: number;
}

export class SyncedTree {
  private readonly sql: ReturnType<typeof prepare>;
  private readonly tell: (node: NodeId) => void;
  private readonly cache = new RowCache<SyncedNode>();

  constructor(db: Db, changed: (node: NodeId) => void) {
    this.sql = prepare(db);
    this.tell = changed;
  }

  get(node: NodeId): SyncedNode | null {
    return this.cache.get(node, () => {
      const row = this.sql.get.get(node);
      return row ? toNode(row) : null;
    });
  }

  /** Rows were changed behind this object's back, or a transaction was undone. */
  forgetRows(): void {
    this.cache.clear();
  }

  private changed(node: NodeId): void {
    this.cache.forget(node);
    this.tell(node);
  }

  /** Bits per byte of the head of the agreed content; null when unknown or too short to tell. */
  entropyOf(node: NodeId): number | null {
    return this.sql.entropy.get(node)?.entropy ?? null;
  }

  /** What was agreed on and is not on this disk. Looks at all of it. */
  withoutLocal(): readonly { readonly node: NodeId; readonly stamp: string }[] {
    return this.sql.withoutLocal.all().map(({ node, stamp }) => ({ node: parseNodeId(node), stamp }));
  }

  below(folder: NodeId): readonly SyncedNode[] {
    return this.sql.below.all(folder).map(toNode);
  }

  /** A folder that stands where the server has it. */
  putFolder(node: NodeId, { parent, name, entryRev }: AgreedPlace, stamp: string): void {
    this.put({ node, kind: 'folder', parent, name, entryRev, version: null, content: null, stamp });
  }

  put(row: SyncedNode): void {
    const { content } = row;
    const before = this.get(row.node);
    if (before?.version && before.version !== row.version) this.remember(before, before.version);
    const manifest = content?.kind === 'file' ? content.manifest : null;
    this.sql.put.run(
      row.node,
      row.kind,
      row.parent,
      row.name,
      row.entryRev,
      row.version,
      ...contentColumns(content),
      content?.kind === 'file' ? content.size : 0,
      row.stamp,
      row.lent ?? null,
      row.node,
      manifest,
      row.node,
      manifest,
    );
    this.cache.set(row.node, row);
    this.tell(row.node);
  }

  private remember({ node, content }: SyncedNode, version: VersionId): void {
    this.sql.remember.run(node, version, versionSeq(version), ...contentColumns(content));
    this.sql.forgetOldest.run(node, node);
  }

  /** Was this very version, with this very content, agreed on before the present one? */
  wasAgreed(node: NodeId, version: VersionId, content: Content): boolean {
    return this.sql.wasAgreed.get(node, version, ...contentColumns(content)) !== undefined;
  }

  remove(node: NodeId): void {
    this.sql.remove.run(node);
    this.sql.forgetAncestors.run(node);
    this.changed(node);
  }

  countFiles(): number {
    return this.sql.files.get()?.count ?? 0;
  }

  /** Forgets the merge base altogether: the next planning is a union merge, in which nothing is deleted. */
  clear(): void {
    this.sql.clear.run();
    this.sql.clearAncestors.run();
    this.cache.clear();
  }
}
