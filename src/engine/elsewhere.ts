/** What an engine hears of the other namespaces on this device, where there are some. */
import type { Crossing } from '../protocol/crossings.ts';
import type { NamespaceId, NodeId } from '../protocol/ids.ts';

/** Whoever keeps the user's shares: what of them is known, and where another mark is told. */
export interface ShareNews {
  readonly mark: () => string | null;
  readonly heard: (mark: string) => void;
}

/** Where nobody looks after other namespaces. */
export const NO_CROSSINGS: CrossingWaits = {
  waitsFor: () => 'nothing',
  filesAcross: () => 0,
  look: () => Promise.resolve(),
  cameFrom: () => null,
  whereIs: (namespace) => ({ share: namespace, path: null }),
};

/** What is moved between this namespace and others on this device. */
export interface CrossingWaits {
  /**
   * The server does not have it there yet: its deletion here is not told. `role`: nor will it, as long as the user may only
   * look there; hears of it when that changes.
   */
  readonly waitsFor: (node: NodeId) => 'nothing' | 'upload' | 'role';
  /** How many files of this node and below it stand in another namespace now: they were moved, not deleted. */
  readonly filesAcross: (node: NodeId) => number;
  /** The others have looked at everything that had happened by now. */
  readonly look: () => Promise<void>;
  /** The version that this object was in another namespace. */
  readonly cameFrom: (fileId: string) => Crossing | null;
  /** Where a node of another namespace stands, as the user reads it; `share` null: in their own space. */
  readonly whereIs: (
    namespace: NamespaceId,
    node: NodeId,
  ) => { readonly share: NamespaceId | null; readonly path: string | null };
}
