/** Questions about whole folders, answered by the database in one go. */
import type { LocalCondition } from '../../core/tree/nodes.ts';
import type { NodeKind } from '../../protocol/content.ts';
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

/** Why something below a folder is not what the server holds, as the three trees tell it. */
export type TreeTrouble = 'unseen' | 'left-out' | 'not-uploaded' | 'coming';

export interface NodeBelow {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly trouble: TreeTrouble | null;
  /** Stands on this disk: then with its stamp and size. */
  readonly here: boolean;
  readonly stamp: string;
  readonly size: number;
}

export interface FolderCounts {
  readonly node: NodeId;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly hasFolders: boolean;
}

export interface PathRow {
  readonly node: NodeId;
  readonly path: string;
  readonly kind: NodeKind;
  readonly size: number;
  readonly condition: LocalCondition;
}

interface BelowRow {
  node: string;
  kind: NodeKind;
  trouble: TreeTrouble | null;
  here: number;
  stamp: string;
  size: number;
}

/** A folder and all below it in any of the three trees. Below what stays online already, nothing is asked of the disk. */
const BELOW = `
WITH RECURSIVE
 here (node) AS (VALUES (?) UNION SELECT local.node FROM here CROSS JOIN local ON local.parent = here.node),
 there (node) AS (VALUES (?) UNION SELECT remote.node FROM there CROSS JOIN remote ON remote.parent = there.node WHERE remote.live = 1),
 base (node) AS (VALUES (?) UNION SELECT synced.node FROM base CROSS JOIN synced ON synced.parent = base.node),
 whole (node) AS (SELECT node FROM here UNION SELECT node FROM there UNION SELECT node FROM base)
SELECT whole.node AS node, coalesce(local.kind, remote.kind, synced.kind, 'file') AS kind,
  local.node IS NOT NULL AS here, coalesce(local.stamp, '') AS stamp, coalesce(local.size, 0) AS size,
  CASE
    WHEN local.condition = 'unseen' THEN 'unseen'
    WHEN local.condition = 'excluded' THEN 'left-out'
    WHEN local.condition = 'leftover' THEN NULL
    WHEN local.node IS NULL AND synced.node IS NULL THEN NULL
    WHEN local.node IS NULL OR synced.node IS NULL OR remote.node IS NULL OR remote.live = 0 THEN 'not-uploaded'
    WHEN local.parent <> synced.parent OR local.name <> synced.name OR local.hashed = 0 OR local.parked = 1
      OR (local.kind <> 'folder' AND (local.stamp <> synced.stamp OR local.manifest IS NOT synced.manifest
        OR local.target IS NOT synced.target OR local.executable <> synced.executable)) THEN 'not-uploaded'
    WHEN remote.parent <> synced.parent OR remote.name <> synced.name OR remote.version IS NOT synced.version
      OR remote.manifest IS NOT synced.manifest OR remote.target IS NOT synced.target THEN 'coming'
  END AS trouble
FROM whole LEFT JOIN local USING (node) LEFT JOIN remote ON remote.node = whole.node LEFT JOIN synced ON synced.node = whole.node
WHERE local.node IS NOT NULL OR synced.node IS NOT NULL OR remote.live = 1`;

const COUNTS = `
WITH RECURSIVE tree (top, node, kind, size, depth) AS (
  SELECT node, node, kind, 0, 0 FROM remote WHERE parent = ? AND live = 1 AND kind = 'folder'
  UNION ALL
  SELECT tree.top, child.node, child.kind, child.size, tree.depth + 1
    FROM tree CROSS JOIN remote AS child ON child.parent = tree.node WHERE child.live = 1 AND tree.kind = 'folder' AND tree.depth < 1024)
SELECT top AS node, sum(kind <> 'folder') AS files, sum(CASE WHEN kind <> 'folder' THEN size ELSE 0 END) AS bytes,
  max(kind = 'folder' AND depth = 1) AS folders
FROM tree GROUP BY top`;

const HERE = `
WITH RECURSIVE tree (node, path, kind, size, condition) AS (
  SELECT node, ? || name, kind, size, condition FROM local WHERE parent = ? AND parked = 0
  UNION ALL
  SELECT child.node, tree.path || '/' || child.name, child.kind, child.size, child.condition
    FROM tree CROSS JOIN local AS child ON child.parent = tree.node WHERE child.parked = 0 AND tree.kind = 'folder')
SELECT node, path, kind, size, condition FROM tree`;

/** What the server has below a folder and this disk has not, with the names above it. */
const ONLY_THERE = `
WITH RECURSIVE tree (node, path, kind, size, missing) AS (
  SELECT remote.node, ? || remote.name, remote.kind, remote.size, local.node IS NULL
    FROM remote LEFT JOIN local USING (node) WHERE remote.parent = ? AND remote.live = 1
      AND remote.node NOT IN (SELECT node FROM online)
  UNION ALL
  SELECT child.node, tree.path || '/' || child.name, child.kind, child.size, local.node IS NULL
    FROM tree CROSS JOIN remote AS child ON child.parent = tree.node LEFT JOIN local ON local.node = child.node
    WHERE child.live = 1 AND tree.kind = 'folder' AND child.node NOT IN (SELECT node FROM online))
SELECT node, path, kind, size, 'excluded' AS condition FROM tree WHERE missing = 1`;

type RawPathRow = Omit<PathRow, 'node'> & { node: string };

export class SelectionQueries {
  private readonly sql;

  constructor(db: Db) {
    this.sql = {
      below: db.prepare<[string, string, string], BelowRow>(BELOW),
      counts: db.prepare<[string], { node: string; files: number; bytes: number; folders: number }>(COUNTS),
      here: db.prepare<[string, string], RawPathRow>(HERE),
      onlyThere: db.prepare<[string, string], RawPathRow>(ONLY_THERE),
    };
  }

  /** The folder itself and everything below it, wherever it is known. */
  below(folder: NodeId): readonly NodeBelow[] {
    return this.sql.below
      .all(folder, folder, folder)
      .map((row) => ({ ...row, node: parseNodeId(row.node), here: row.here === 1 }));
  }

  /** Of each folder directly in one on the server: what is below it there. */
  counts(folder: NodeId): ReadonlyMap<NodeId, Omit<FolderCounts, 'node' | 'name'>> {
    return new Map(
      this.sql.counts
        .all(folder)
        .map(({ node, files, bytes, folders }) => [
          parseNodeId(node),
          { files, bytes, hasFolders: folders === 1 },
        ]),
    );
  }

  /** What stands here below a folder, with its path; `prefix` is the folder's own, with a slash, or ''. */
  *here(folder: NodeId, prefix: string): Generator<PathRow> {
    for (const row of this.sql.here.iterate(prefix, folder)) yield { ...row, node: parseNodeId(row.node) };
  }

  *onlyThere(folder: NodeId, prefix: string): Generator<PathRow> {
    for (const row of this.sql.onlyThere.iterate(prefix, folder))
      yield { ...row, node: parseNodeId(row.node) };
  }
}
