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

/** What a function of one value gave, kept: millions of worlds use the same few labels. */
function kept<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}

function hexOf(text: string, length: number): string {
  let hex = '';
  for (const letter of text) hex += letter.charCodeAt(0).toString(16).padStart(2, '0');
  return hex.padStart(length, '0');
}

/** A node id that reads as its label (up to six ASCII characters) when printed by `labelOf`. */
export const id = kept(
  (label: string): NodeId =>
    label === '' ? ROOT_NODE : parseNodeId(`11111111-1111-7111-8111-${hexOf(label, 12)}`),
);

export const labelOf = kept((node: NodeId): string => {
  const hex = node.startsWith('11111111') ? node.slice(24) : '';
  return (hex.match(/../g) ?? [])
    .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .join('')
    .replaceAll('\0', '');
});

/** Content of a file, as different from others as its token is. */
export const bytes = kept(
  (token: string): Content => ({
    kind: 'file',
    manifest: parseManifestId(hexOf(token, 64)),
    size: token.length,
    executable: false,
  }),
);

export function tokenOf(content: Content | null): string {
  if (content === null) return '';
  if (content.kind === 'symlink') return `-> ${content.target}`;
  const hex = content.manifest.replace(/^(?:00)+/, '');
  return (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
}

export const version = kept((seq: number): VersionId => parseVersionId(`000000000001.${seq}`));

interface Placed {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly name: string;
}

const NONE: ReadonlyMap<NodeId, never> = new Map<NodeId, never>();

/** One tree: rows by id, and who hangs below whom. */
export class MemoryTree<Row extends Placed> {
  private readonly rows = new Map<NodeId, Row>();
  private readonly children = new Map<NodeId, Map<NodeId, Row>>();

  get(node: NodeId): Row | null {
    return this.rows.get(node) ?? null;
  }

  put(row: Row): void {
    const old = this.rows.get(row.node);
    if (old && old.parent !== row.parent) this.children.get(old.parent)?.delete(row.node);
    this.rows.set(row.node, row);
    const siblings = this.children.get(row.parent);
    if (siblings) siblings.set(row.node, row);
    else this.children.set(row.parent, new Map([[row.node, row]]));
  }

  remove(node: NodeId): void {
    const row = this.rows.get(node);
    if (!row) return;
    this.rows.delete(node);
    this.children.get(row.parent)?.delete(node);
  }

  clear(): void {
    this.rows.clear();
    this.children.clear();
  }

  childrenOf(parent: NodeId): Iterable<Row> {
    return (this.children.get(parent) ?? NONE).values();
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

  /** Are some rows unseen or excluded? What is below such a folder is so too. */
  hides = false;

  local(node: NodeId): LocalNode | null {
    if (node === ROOT_NODE) return ROOT_LOCAL;
    const row = this.locals.get(node);
    if (!this.hides || row?.condition !== 'seen') return row;
    const condition = this.hiddenAbove(row.parent);
    return condition === null ? row : { ...row, condition };
  }

  private hiddenAbove(folder: NodeId): 'unseen' | 'excluded' | null {
    for (let at = folder; at !== ROOT_NODE; ) {
      const row = this.locals.get(at);
      if (!row) return null;
      if (row.condition === 'unseen' || row.condition === 'excluded') return row.condition;
      at = row.parent;
    }
    return null;
  }

  remote(node: NodeId): RemoteNode | null {
    return node === ROOT_NODE ? ROOT_REMOTE : this.remotes.get(node);
  }

  synced(node: NodeId): SyncedNode | null {
    return node === ROOT_NODE ? ROOT_SYNCED : this.synceds.get(node);
  }

  localAt(parent: NodeId, name: string): LocalNode | null {
    if (!this.foldsCase) {
      for (const row of this.locals.childrenOf(parent)) if (row.name === name && !row.parked) return row;
      return null;
    }
    const wanted = foldKey(name);
    for (const row of this.locals.childrenOf(parent))
      if (!row.parked && foldKey(row.name) === wanted) return row;
    return null;
  }

  localChildren(parent: NodeId): readonly LocalNode[] {
    return [...this.locals.childrenOf(parent)];
  }

  hasLocalChildren(parent: NodeId): boolean {
    for (const { condition } of this.locals.childrenOf(parent))
      if (condition !== 'excluded' && condition !== 'leftover') return true;
    return false;
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
    const live: RemoteNode[] = [];
    for (const row of this.remotes.childrenOf(parent)) if (row.live) live.push(row);
    return live;
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
