/** The three trees in memory: a `TreeView` that tests fill by hand and that the model's devices live on. */
import { foldKey, nfcKey } from '../../src/core/names/fold.ts';
import type { LocalNode, RemoteHead, RemoteNode, SyncedNode } from '../../src/core/tree/nodes.ts';
import type { TreeView } from '../../src/core/tree/view.ts';
import type { Content } from '../../src/protocol/content.ts';
import {
  type NodeId,
  parseManifestId,
  parseNodeId,
  parseVersionId,
  ROOT_NODE,
  type VersionId,
} from '../../src/protocol/ids.ts';

/** A node id that reads as its label (up to six ASCII characters) when printed by `labelOf`. */
export function id(label: string): NodeId {
  if (label === '') return ROOT_NODE;
  let hex = '';
  for (const letter of label) hex += letter.charCodeAt(0).toString(16).padStart(2, '0');
  return parseNodeId(`11111111-1111-7111-8111-${hex.padStart(12, '0')}`);
}

export function labelOf(node: NodeId): string {
  const hex = node.startsWith('11111111') ? node.slice(24) : '';
  return (hex.match(/../g) ?? [])
    .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .join('')
    .replaceAll('\0', '');
}

/** Content of a file, as different from others as its token is. */
export function bytes(token: string): Content {
  let hex = '';
  for (const letter of token) hex += letter.charCodeAt(0).toString(16).padStart(2, '0');
  return {
    kind: 'file',
    manifest: parseManifestId(hex.padStart(64, '0')),
    size: token.length,
    executable: false,
  };
}

export function tokenOf(content: Content | null): string {
  if (content === null) return '';
  if (content.kind === 'symlink') return `-> ${content.target}`;
  const hex = content.manifest.replace(/^(?:00)+/, '');
  return (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
}

export function version(seq: number): VersionId {
  return parseVersionId(`000000000001.${seq}`);
}

interface Placed {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly name: string;
}

/** One tree: rows by id, and who hangs below whom. */
export class MemoryTree<Row extends Placed> {
  private readonly rows = new Map<NodeId, Row>();
  private readonly children = new Map<NodeId, Set<NodeId>>();

  get(node: NodeId): Row | null {
    return this.rows.get(node) ?? null;
  }

  put(row: Row): void {
    this.remove(row.node);
    this.rows.set(row.node, row);
    const siblings = this.children.get(row.parent);
    if (siblings) siblings.add(row.node);
    else this.children.set(row.parent, new Set([row.node]));
  }

  remove(node: NodeId): void {
    const row = this.rows.get(node);
    if (!row) return;
    this.rows.delete(node);
    this.children.get(row.parent)?.delete(node);
  }

  *childrenOf(parent: NodeId): Generator<Row> {
    for (const node of this.children.get(parent) ?? []) yield this.rows.get(node)!;
  }

  all(): Iterable<Row> {
    return this.rows.values();
  }

  get size(): number {
    return this.rows.size;
  }
}

const ROOT = { node: ROOT_NODE, parent: ROOT_NODE, name: '', kind: 'folder' } as const;
const ROOT_LOCAL: LocalNode = {
  ...ROOT,
  condition: 'seen',
  content: null,
  mtimeNs: 0n,
  size: 0,
  stamp: '',
  parked: false,
};
const ROOT_REMOTE: RemoteNode = {
  ...ROOT,
  live: true,
  entryRev: 0,
  entrySeq: 0,
  deadSeq: null,
  approved: false,
  head: null,
};
const ROOT_SYNCED: SyncedNode = { ...ROOT, entryRev: 0, version: null, content: null, stamp: '' };

export class MemoryTrees implements TreeView {
  readonly locals = new MemoryTree<LocalNode>();
  readonly remotes = new MemoryTree<RemoteNode>();
  readonly synceds = new MemoryTree<SyncedNode>();
  readonly successors = new Map<NodeId, NodeId>();
  readonly flying = new Set<NodeId>();
  readonly held = new Set<NodeId>();
  readonly approved = new Set<NodeId>();
  readonly deferred = new Set<NodeId>();
  readonly online = new Set<NodeId>();
  readonly leaving = new Set<NodeId>();
  /** `parent/name` of names that claims under way ask for. */
  readonly claimed = new Set<string>();
  readonly badNames = new Map<string, string>();
  foldsCase = false;
  handlesSymlinks = true;
  unionMerge = false;
  cursorSeq = 100;

  local(node: NodeId): LocalNode | null {
    return node === ROOT_NODE ? ROOT_LOCAL : this.locals.get(node);
  }

  remote(node: NodeId): RemoteNode | null {
    return node === ROOT_NODE ? ROOT_REMOTE : this.remotes.get(node);
  }

  synced(node: NodeId): SyncedNode | null {
    return node === ROOT_NODE ? ROOT_SYNCED : this.synceds.get(node);
  }

  localAt(parent: NodeId, name: string): LocalNode | null {
    const key = this.foldsCase ? foldKey : (text: string) => text;
    const wanted = key(name);
    for (const row of this.locals.childrenOf(parent)) if (!row.parked && key(row.name) === wanted) return row;
    return null;
  }

  localChildren(parent: NodeId): readonly LocalNode[] {
    return [...this.locals.childrenOf(parent)];
  }

  hasLocalChildren(parent: NodeId): boolean {
    return !this.locals.childrenOf(parent).next().done;
  }

  /** Rows may show several moments: of two live nodes under one name the one that came last stands there now. */
  remoteLiveAt(parent: NodeId, name: string): RemoteNode | null {
    const wanted = nfcKey(name);
    let found: RemoteNode | null = null;
    for (const row of this.remotes.childrenOf(parent)) {
      if (row.live && nfcKey(row.name) === wanted && (!found || row.entrySeq > found.entrySeq)) found = row;
    }
    return found;
  }

  remoteLiveChildren(parent: NodeId): readonly RemoteNode[] {
    return [...this.remotes.childrenOf(parent)].filter((row) => row.live);
  }

  *remoteLiveBelow(folder: NodeId): Generator<RemoteNode> {
    for (const row of this.remotes.childrenOf(folder)) {
      if (!row.live) continue;
      yield row;
      yield* this.remoteLiveBelow(row.node);
    }
  }

  /** Also while dropped moves make the synced tree bite its tail: each row once. */
  syncedBelow(folder: NodeId): Iterable<SyncedNode> {
    const found = new Set<SyncedNode>(this.synceds.childrenOf(folder));
    for (const row of found) for (const child of this.synceds.childrenOf(row.node)) found.add(child);
    return found;
  }

  successorOf(node: NodeId): NodeId | null {
    return this.successors.get(node) ?? null;
  }

  isClaimed(parent: NodeId, name: string): boolean {
    return this.claimed.has(`${parent}/${name}`);
  }

  hasClaimsIn(folder: NodeId): boolean {
    for (const slot of this.claimed) if (slot.startsWith(folder)) return true;
    return false;
  }

  inFlight(node: NodeId): boolean {
    return this.flying.has(node);
  }

  isHeld(node: NodeId): boolean {
    return this.held.has(node);
  }

  isApproved(node: NodeId): boolean {
    return this.approved.has(node);
  }

  get someStayOnline(): boolean {
    return this.online.size > 0;
  }

  staysOnline(folder: NodeId): boolean {
    return this.online.has(folder);
  }

  isLeaving(node: NodeId): boolean {
    return this.leaving.has(node);
  }

  isDeferred(node: NodeId): boolean {
    return this.deferred.has(node);
  }

  nameTrouble(name: string): string | null {
    return this.badNames.get(name) ?? null;
  }

  /** The local row gets another id; what is below it follows. */
  renameLocal(from: NodeId, to: NodeId): void {
    const row = this.locals.get(from);
    if (!row) return;
    const below = [...this.locals.childrenOf(from)];
    this.locals.remove(from);
    this.locals.put({ ...row, node: to });
    for (const child of below) this.locals.put({ ...child, parent: to });
  }

  /** Every node about which the trees may differ, as the engine's frontier finds them when it compares everything. */
  differing(): NodeId[] {
    const nodes = new Set<NodeId>();
    for (const row of this.locals.all()) if (differs(row, this.synceds.get(row.node))) nodes.add(row.node);
    for (const row of this.synceds.all()) {
      if (!this.locals.get(row.node) || !this.remotes.get(row.node)?.live) nodes.add(row.node);
    }
    for (const row of this.remotes.all()) if (isNews(row, this.synceds.get(row.node))) nodes.add(row.node);
    return [...nodes];
  }
}

function differs(local: LocalNode, synced: SyncedNode | null): boolean {
  if (!synced || local.parked || local.parent !== synced.parent || local.name !== synced.name) return true;
  return local.kind !== 'folder' && (local.content === null || local.stamp !== synced.stamp);
}

function isNews(remote: RemoteNode, synced: SyncedNode | null): boolean {
  if (!remote.live) return false;
  if (!synced || remote.parent !== synced.parent || remote.name !== synced.name) return true;
  return remote.entryRev !== synced.entryRev || (remote.head?.version ?? null) !== synced.version;
}

export type { LocalNode, RemoteHead, RemoteNode, SyncedNode };
