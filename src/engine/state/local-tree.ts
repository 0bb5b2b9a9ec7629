/** The local tree in the state database: what was last observed on disk. Written by the scanner and by applied operations. */

import { foldKey } from '../../core/names/fold.ts';
import type { LocalCondition, LocalNode, Place } from '../../core/tree/nodes.ts';
import type { Content, NodeKind } from '../../protocol/content.ts';
import { type NodeId, parseManifestId, parseNodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { Db } from './database.ts';
import { RowCache } from './row-cache.ts';
import { encodeStamp } from './stamps.ts';

interface Row {
  node: string;
  kind: NodeKind;
  parent: string;
  name: string;
  condition: LocalCondition;
  file_id: string;
  stamp: string;
  size: number;
  mtime: string;
  executable: number;
  hashed: number;
  manifest: string | null;
  target: string | null;
  parked: number;
}

/** Stands for the name of a node whose name shows another object now, until it is found or known to be gone. */
const DISPLACED = '\u0000gone:';

export function isDisplaced(name: string): boolean {
  return name.startsWith(DISPLACED);
}

/** What a sighting may tell besides. */
interface Sighted {
  readonly condition?: LocalCondition;
  /** Bits per byte of the content's head; without it, what was told of the very content before stands. */
  readonly entropy?: number | null;
}

/** A local node with the identity of its disk object. */
export interface ObservedNode extends LocalNode {
  readonly fileId: string;
  readonly executable: boolean;
}

function toNode(row: Row): ObservedNode {
  return {
    node: parseNodeId(row.node),
    kind: row.kind,
    parent: parseNodeId(row.parent),
    name: row.name,
    condition: row.condition,
    fileId: row.file_id,
    stamp: row.stamp,
    size: row.size,
    mtimeNs: BigInt(row.mtime),
    executable: row.executable === 1,
    content: contentOf(row),
    parked: row.parked === 1,
  };
}

function contentOf(row: Row): Content | null {
  if (row.hashed === 0) return null;
  if (row.kind === 'symlink') return row.target === null ? null : { kind: 'symlink', target: row.target };
  if (row.kind === 'folder' || row.manifest === null) return null;
  return {
    kind: 'file',
    manifest: parseManifestId(row.manifest),
    size: row.size,
    executable: row.executable === 1,
  };
}

const COLUMNS =
  'node, kind, parent, name, file_id, condition, stamp, size, mtime, executable, hashed, manifest, target, parked';

function prepare(db: Db) {
  const get = (where: string) => db.prepare<string[], Row>(`SELECT ${COLUMNS} FROM local WHERE ${where}`);
  return {
    byNode: get('node = ?'),
    byPlace: get('parent = ? AND name = ? AND parked = 0'),
    byFold: get('parent = ? AND fold = ? AND parked = 0'),
    byFile: get('file_id = ?'),
    byManifest: get("manifest = ? AND size >= 262144 AND condition = 'seen' LIMIT 4"),
    children: get('parent = ?'),
    entropy: db.prepare<[string], { entropy: number | null }>('SELECT entropy FROM local WHERE node = ?'),
    anyChild: db.prepare<[string], { one: number }>(
      "SELECT 1 AS one FROM local WHERE parent = ? AND condition NOT IN ('excluded', 'leftover') LIMIT 1",
    ),
    anyParked: get('parked = 1'),
    hiddenFolders: db.prepare<[], { node: string; condition: LocalCondition }>(
      "SELECT node, condition FROM local WHERE kind = 'folder' AND condition IN ('unseen', 'excluded')",
    ),
    put: db.prepare(
      `INSERT INTO local (${COLUMNS}, fold, entropy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (node) DO UPDATE SET kind = excluded.kind, parent = excluded.parent, name = excluded.name, fold = excluded.fold,
         condition = excluded.condition, file_id = excluded.file_id, stamp = excluded.stamp, size = excluded.size,
         mtime = excluded.mtime, executable = excluded.executable, hashed = excluded.hashed, manifest = excluded.manifest,
         target = excluded.target, parked = excluded.parked,
         entropy = coalesce(excluded.entropy, iif(manifest = excluded.manifest, entropy, NULL))`,
    ),
    refresh: db.prepare(
      `UPDATE local SET condition = ?, stamp = ?, size = ?, mtime = ?, executable = ?, hashed = ?, manifest = ?, target = ?,
         entropy = coalesce(?, iif(manifest = ?, entropy, NULL)) WHERE node = ?`,
    ),
    place: db.prepare('UPDATE local SET parent = ?, name = ?, fold = ?, parked = 0 WHERE node = ?'),
    park: db.prepare("UPDATE local SET parked = 1, condition = 'seen', parent = ?, name = ? WHERE node = ?"),
    condition: db.prepare('UPDATE local SET condition = ? WHERE node = ?'),
    unhash: db.prepare('UPDATE local SET hashed = 0, manifest = NULL, target = NULL WHERE node = ?'),
    rename: db.prepare('UPDATE local SET node = ? WHERE node = ?'),
    adoptChildren: db.prepare('UPDATE local SET parent = ? WHERE parent = ?'),
    remove: db.prepare('DELETE FROM local WHERE node = ?'),
    below: db.prepare<[string], { node: string }>(
      `WITH RECURSIVE below (node) AS (SELECT node FROM local WHERE parent = ?
       UNION SELECT local.node FROM below CROSS JOIN local ON local.parent = below.node) SELECT node FROM below`,
    ),
  };
}

/** The same object at the same name: its indexes stay as they are. */
function isSameObject(old: ObservedNode, row: ObservedNode): boolean {
  return (
    old.kind === row.kind &&
    old.parent === row.parent &&
    old.name === row.name &&
    old.fileId === row.fileId &&
    !old.parked
  );
}

function isHidden(condition: LocalCondition): boolean {
  return condition === 'unseen' || condition === 'excluded';
}

export class LocalTree {
  private readonly sql: ReturnType<typeof prepare>;
  private readonly tell: (node: NodeId) => void;
  private readonly cache = new RowCache<ObservedNode>();
  /** Folders that are not observed: what is below them is not either. */
  private readonly hidden = new Map<NodeId, LocalCondition>();
  private readonly renames = new Map<NodeId, NodeId>();
  /** Hears when a node turns out to be another one. */
  onRename: (node: NodeId, to: NodeId) => void = () => undefined;
  /** Hears when a folder is observed again, by whatever: what belongs in it rested meanwhile, and nothing names it. */
  onShown: () => void = () => undefined;

  /** `changed` hears of every node whose row was written. */
  constructor(db: Db, changed: (node: NodeId) => void) {
    this.sql = prepare(db);
    this.tell = changed;
    this.readHidden();
  }

  private readHidden(): void {
    this.hidden.clear();
    for (const row of this.sql.hiddenFolders.all()) this.hidden.set(parseNodeId(row.node), row.condition);
  }

  private noteCondition(node: NodeId, kind: NodeKind, condition: LocalCondition): void {
    if (kind === 'folder' && isHidden(condition)) this.hidden.set(node, condition);
    else if (this.hidden.size > 0 && this.hidden.delete(node)) this.onShown();
  }

  /** Why nothing below this folder is observed: it, or one above it, is unseen or excluded. */
  hiddenAbove(folder: NodeId): LocalCondition | null {
    if (this.hidden.size === 0) return null;
    for (let at: NodeId | undefined = folder, steps = 0; at !== undefined && steps < 1024; steps += 1) {
      const condition = this.hidden.get(at);
      if (condition !== undefined) return condition;
      at = this.get(at)?.parent;
    }
    return null;
  }

  get(node: NodeId): ObservedNode | null {
    return this.cache.get(node, () => {
      const row = this.sql.byNode.get(node);
      return row ? toNode(row) : null;
    });
  }

  /** Rows were changed behind this object's back, or a transaction was undone. */
  forgetRows(): void {
    this.cache.clear();
    this.readHidden();
  }

  private changed(node: NodeId): void {
    this.cache.forget(node);
    this.tell(node);
  }

  at(parent: NodeId, name: string): ObservedNode | null {
    const row = this.sql.byPlace.get(parent, name);
    return row ? toNode(row) : null;
  }

  atFolded(parent: NodeId, name: string): ObservedNode | null {
    const row = this.sql.byFold.get(parent, foldKey(name));
    return row ? toNode(row) : null;
  }

  /** Bits per byte of the head of its content; null when unknown or too short to tell. */
  entropyOf(node: NodeId): number | null {
    return this.sql.entropy.get(node)?.entropy ?? null;
  }

  byFile(fileId: string): readonly ObservedNode[] {
    return this.sql.byFile.all(fileId).map(toNode);
  }

  withManifest(manifest: string): readonly ObservedNode[] {
    return this.sql.byManifest.all(manifest).map(toNode);
  }

  children(parent: NodeId): readonly ObservedNode[] {
    return this.sql.children.all(parent).map(toNode);
  }

  hasChildren(parent: NodeId): boolean {
    return this.sql.anyChild.get(parent) !== undefined;
  }

  below(folder: NodeId): readonly NodeId[] {
    return this.sql.below.all(folder).map((row) => parseNodeId(row.node));
  }

  parkedNodes(): readonly ObservedNode[] {
    return this.sql.anyParked.all().map(toNode);
  }

  /** Records a sighting: `content` null when the file has to be hashed. */
  put(
    node: NodeId,
    parent: NodeId,
    name: string,
    stamp: Stamp,
    content: Content | null,
    { condition = 'seen', entropy = null }: Sighted = {},
  ): void {
    const kind: NodeKind = stamp.kind === 'folder' ? 'folder' : stamp.kind === 'symlink' ? 'symlink' : 'file';
    const hashed = kind === 'folder' || content !== null;
    const row: ObservedNode = {
      node,
      kind,
      parent,
      name,
      condition,
      fileId: stamp.fileId,
      stamp: encodeStamp(stamp),
      size: stamp.size,
      mtimeNs: stamp.mtimeNs,
      // A disk without execute bits leaves them to the content that was agreed on.
      executable: content?.kind === 'file' ? content.executable : stamp.executable,
      content: kind === 'folder' ? null : content,
      parked: false,
    };
    const old = this.get(node);
    this.noteCondition(node, kind, condition);
    const manifest = content?.kind === 'file' ? content.manifest : null;
    const seen = [
      condition,
      row.stamp,
      row.size,
      String(row.mtimeNs),
      row.executable ? 1 : 0,
      hashed ? 1 : 0,
      manifest,
      content?.kind === 'symlink' ? content.target : null,
    ];
    if (old && isSameObject(old, row)) this.sql.refresh.run(...seen, entropy, manifest, node);
    else this.sql.put.run(node, kind, parent, name, stamp.fileId, ...seen, 0, foldKey(name), entropy);
    this.cache.set(node, row);
    this.tell(node);
  }

  move(node: NodeId, parent: NodeId, name: string): void {
    this.sql.place.run(parent, name, foldKey(name), node);
    this.changed(node);
  }

  /** Its row stays, out of the way. */
  displace(node: NodeId, parent: NodeId): void {
    this.move(node, parent, `${DISPLACED}${node}`);
  }

  /**
   * It stands nowhere from now on, and in no folder: `name` is what the object is called while it is parked. What a look at
   * it failed with before counts no more: it would wait for another look, and there is none while it is parked.
   */
  park(node: NodeId, name: string): void {
    const row = this.get(node);
    if (row) this.noteCondition(node, row.kind, 'seen');
    this.sql.park.run(ROOT_NODE, name, node);
    this.changed(node);
  }

  /** It is not parked (any more): it may stand where it came from, if nothing else does, and is looked for. */
  unpark(node: NodeId, from: Place | null): void {
    if (from && !this.at(from.parent, from.name)) this.move(node, from.parent, from.name);
    else this.displace(node, ROOT_NODE);
  }

  setCondition(node: NodeId, condition: LocalCondition): void {
    if (condition === 'unseen' && this.get(node)?.parked) return;
    this.sql.condition.run(condition, node);
    const row = this.get(node);
    if (row) this.noteCondition(node, row.kind, condition);
    this.changed(node);
  }

  unhash(node: NodeId): void {
    this.sql.unhash.run(node);
    this.changed(node);
  }

  /** What a node is called by now, for those who began to look at it under an id that is no more. */
  current(node: NodeId): NodeId {
    let at = node;
    for (let to = this.renames.get(at); to !== undefined && to !== node; to = this.renames.get(at)) at = to;
    return at;
  }

  /** Nobody looks at anything under an old id. */
  forgetRenames(): void {
    this.renames.clear();
  }

  /** The object turns out to be another node: children follow. */
  rename(node: NodeId, to: NodeId): void {
    this.renames.set(node, to);
    this.sql.rename.run(to, node);
    this.sql.adoptChildren.run(to, node);
    const condition = this.hidden.get(node);
    if (condition !== undefined) this.hidden.set(to, condition);
    this.hidden.delete(node);
    this.cache.clear();
    this.onRename(node, to);
    this.changed(node);
    this.changed(to);
  }

  /** Gone from the disk, with everything below. Returns what was removed, topmost first. */
  remove(node: NodeId): readonly NodeId[] {
    const gone = [node, ...this.below(node)];
    for (const each of gone) {
      this.sql.remove.run(each);
      this.hidden.delete(each);
      this.changed(each);
    }
    return gone;
  }
}
