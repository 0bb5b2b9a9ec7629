/** Typed rows of what is shared, and with whom. */
import type { NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import type { Role, ShareKind } from '../../src/protocol/shares.ts';

/** A namespace that is nobody's personal one. */
export interface ShareRow {
  readonly namespace: NamespaceId;
  readonly kind: ShareKind;
  readonly name: string;
  readonly at: number;
}

/** Where a member has a share: a name in a folder of their own. */
export interface SharePlace {
  readonly parent: NodeId;
  readonly name: string;
}

export interface MembershipRow {
  /** By name: somebody may be invited before there is such a user. */
  readonly user: string;
  readonly role: Role;
  readonly standing: 'invited' | 'member';
  /** Name of who invited; null: who made it. */
  readonly by: string | null;
  readonly at: number;
  /** Null: not said yet. */
  readonly place: SharePlace | null;
}

/** Somebody who is not in any more, as they are told of it. */
export interface DepartureRow {
  readonly namespace: NamespaceId;
  /** Name of who took them out; their own where they left. */
  readonly by: string;
  readonly at: number;
}
