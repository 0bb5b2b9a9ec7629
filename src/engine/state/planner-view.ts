/** The state as the planner sees it. */
import { nameTroubles, type Platform } from '../../core/names/portability.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../../core/tree/nodes.ts';
import type { TreeView } from '../../core/tree/view.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { isDisplaced } from './local-tree.ts';
import type { State } from './state.ts';

/** What the disk of this device can hold. */
export interface DiskTraits {
  readonly platform: Platform;
  readonly foldsCase: boolean;
  readonly symlinks: boolean;
}

/** Facts of the executor that decide whether a node may be decided about. */
export interface OperationFacts {
  inFlight(node: NodeId): boolean;
  isDeferred(node: NodeId): boolean;
}

const ROOT_LOCAL: LocalNode = {
  node: ROOT_NODE,
  kind: 'folder',
  condition: 'seen',
  parent: ROOT_NODE,
  name: '',
  content: null,
  mtimeNs: 0n,
  size: 0,
  stamp: '',
  parked: false,
};
const ROOT_REMOTE: RemoteNode = {
  node: ROOT_NODE,
  kind: 'folder',
  parent: ROOT_NODE,
  name: '',
  live: true,
  entryRev: 0,
  entrySeq: 0,
  deadSeq: null,
  approved: false,
  head: null,
};
const ROOT_SYNCED: SyncedNode = {
  node: ROOT_NODE,
  kind: 'folder',
  parent: ROOT_NODE,
  name: '',
  entryRev: 0,
  version: null,
  content: null,
  stamp: '',
};

export class PlannerView implements TreeView {
  readonly foldsCase: boolean;
  readonly handlesSymlinks: boolean;
  private readonly state: State;
  private readonly traits: DiskTraits;
  private readonly operations: OperationFacts;
  private asOf = -1;
  private readonly places = new Map<string, LocalNode | null>();

  constructor(state: State, traits: DiskTraits, operations: OperationFacts) {
    this.state = state;
    this.traits = traits;
    this.operations = operations;
    this.foldsCase = traits.foldsCase;
    this.handlesSymlinks = traits.symlinks;
  }

  local(node: NodeId): LocalNode | null {
    if (node === ROOT_NODE) return ROOT_LOCAL;
    const row = this.state.local.get(node);
    const hidden = row?.condition === 'seen' ? this.state.local.hiddenAbove(row.parent) : null;
    return row && hidden !== null ? { ...row, condition: hidden } : row;
  }

  remote(node: NodeId): RemoteNode | null {
    return node === ROOT_NODE ? ROOT_REMOTE : this.state.remote.get(node);
  }

  synced(node: NodeId): SyncedNode | null {
    return node === ROOT_NODE ? ROOT_SYNCED : this.state.synced.get(node);
  }

  /** Remembered until any tree is written: planning one node asks for its name several times. */
  localAt(parent: NodeId, name: string): LocalNode | null {
    if (this.asOf !== this.state.frontier.writes) {
      this.asOf = this.state.frontier.writes;
      this.places.clear();
    }
    const slot = `${parent}/${name}`;
    const known = this.places.get(slot);
    if (known !== undefined) return known;
    const row = this.foldsCase ? this.state.local.atFolded(parent, name) : this.state.local.at(parent, name);
    this.places.set(slot, row);
    return row;
  }

  localChildren(parent: NodeId): readonly LocalNode[] {
    return this.state.local.children(parent);
  }

  hasLocalChildren(parent: NodeId): boolean {
    return this.state.local.hasChildren(parent);
  }

  remoteLiveAt(parent: NodeId, name: string): RemoteNode | null {
    return this.state.remote.liveAt(parent, name);
  }

  remoteLiveChildren(parent: NodeId): readonly RemoteNode[] {
    return this.state.remote.children(parent);
  }

  remoteLiveBelow(folder: NodeId): Iterable<RemoteNode> {
    return this.state.remote.liveBelow(folder);
  }

  syncedBelow(folder: NodeId): Iterable<SyncedNode> {
    return this.state.synced.below(folder);
  }

  successorOf(node: NodeId): NodeId | null {
    return this.state.successorOf(node);
  }

  isClaimed(parent: NodeId, name: string): boolean {
    return this.state.claims.names.has(parent, name);
  }

  hasClaimsIn(folder: NodeId): boolean {
    return this.state.claims.names.hasIn(folder);
  }

  inFlight(node: NodeId): boolean {
    return this.operations.inFlight(node);
  }

  isHeld(node: NodeId): boolean {
    return this.state.reviews.isHeld(node);
  }

  isApproved(node: NodeId): boolean {
    return this.state.reviews.isApproved(node, 'delete');
  }

  get someStayOnline(): boolean {
    return this.state.online.size > 0;
  }

  staysOnline(folder: NodeId): boolean {
    return this.state.online.has(folder);
  }

  isLeaving(node: NodeId): boolean {
    return this.state.online.isLeaving(node);
  }

  isDeferred(node: NodeId): boolean {
    if (this.operations.isDeferred(node)) return true;
    // Its name shows another object: where it went, or that it is gone, is known in a moment.
    return isDisplaced(this.local(node)?.name ?? '');
  }

  nameTrouble(name: string): string | null {
    return this.traits.platform === 'linux'
      ? null
      : (nameTroubles(name, this.traits.platform).find((each) => each.impossible)?.sentence ?? null);
  }

  get unionMerge(): boolean {
    return this.state.meta.get('union-merge') === 'yes';
  }

  get cursorSeq(): number {
    return this.state.meta.cursor()?.seq ?? 0;
  }
}
