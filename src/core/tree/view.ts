import type { NodeId } from '../../protocol/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from './nodes.ts';

/** Read access to the three trees as values of one moment. The planner sees nothing else. */
export interface TreeView {
  local(node: NodeId): LocalNode | null;
  remote(node: NodeId): RemoteNode | null;
  synced(node: NodeId): SyncedNode | null;

  /** Who stands at this name on disk; on a disk that folds case, also under a twin of it. */
  localAt(parent: NodeId, name: string): LocalNode | null;
  localChildren(parent: NodeId): readonly LocalNode[];
  /** Anything in it that is ours: neither left out by a rule nor left over. */
  hasLocalChildren(parent: NodeId): boolean;
  /** Live remote node under this name (NFC-equal). */
  remoteLiveAt(parent: NodeId, name: string): RemoteNode | null;
  remoteLiveChildren(parent: NodeId): readonly RemoteNode[];
  /** Live nodes below a remote folder, itself not included. */
  remoteLiveBelow(folder: NodeId): Iterable<RemoteNode>;
  /** Synced nodes below a folder of the synced tree, itself not included. */
  syncedBelow(folder: NodeId): Iterable<SyncedNode>;

  /** The node that took this one's place and content on disk (`mv a b`), if that is why it is gone. */
  successorOf(node: NodeId): NodeId | null;
  /** A claim under way asks for this name on the server: who gets it is not known yet. */
  isClaimed(parent: NodeId, name: string): boolean;
  /** Claims under way put something into this folder. */
  hasClaimsIn(folder: NodeId): boolean;
  /** An operation on this node is under way: nothing is decided about it now. */
  inFlight(node: NodeId): boolean;
  /** Held for the user's decision, such as a deletion to be sent or to be applied. */
  isHeld(node: NodeId): boolean;
  /** The user approved this deletion past the brake. */
  isApproved(node: NodeId): boolean;
  /** Is any folder kept off this disk by the user's choice? */
  readonly someStayOnline: boolean;
  /** This folder is, with everything below it. */
  staysOnline(folder: NodeId): boolean;
  /** Stands here, and is to leave for that choice. */
  isLeaving(node: NodeId): boolean;
  /** Cannot be done now for a reason already reported; tried again later. */
  isDeferred(node: NodeId): boolean;
  /** Why this disk cannot hold the name, or `null`. */
  nameTrouble(name: string): string | null;
  readonly foldsCase: boolean;
  readonly handlesSymlinks: boolean;
  /** During a union merge a content that was deleted at its path is asked about (RULES 12). */
  readonly unionMerge: boolean;
  /** Everything up to this seq is in the remote tree. */
  readonly cursorSeq: number;
}
