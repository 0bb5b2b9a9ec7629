/** Who is in what, and who was. */
import type { DeviceId, NamespaceId } from '../../src/protocol/ids.ts';
import type { Awaitable } from './metadata-store.ts';
import type { DepartureRow, MembershipRow, ShareRow } from './sharing-rows.ts';

export interface SharingReads {
  /** What this user is in or invited to, oldest first. */
  sharesOf(
    user: string,
  ): Awaitable<readonly { readonly share: ShareRow; readonly membership: MembershipRow }[]>;
  membership(ns: NamespaceId, user: string): Awaitable<MembershipRow | null>;
  /** Longest in first. */
  membersOf(ns: NamespaceId): Awaitable<readonly MembershipRow[]>;
  /** What this user is not in any more, the latest first. */
  departuresOf(user: string, limit: number): Awaitable<readonly DepartureRow[]>;
  /** Rows of this device for shared namespaces that are not revoked. */
  surfacesOf(device: DeviceId): Awaitable<readonly DeviceId[]>;
}

export interface SharingWrites {
  /** Its namespace is there already. */
  addShare(row: ShareRow): Awaitable<void>;
  setMembership(ns: NamespaceId, row: MembershipRow): Awaitable<void>;
  /** Written down for who is told of it, until they are in it again; null: there is nothing to tell. */
  removeMembership(
    ns: NamespaceId,
    user: string,
    departure: Pick<DepartureRow, 'by' | 'at'> | null,
  ): Awaitable<boolean>;
  /** Ends the devices of a user in one namespace; which. */
  revokeIn(ns: NamespaceId, user: string, at: number): Awaitable<readonly DeviceId[]>;
}
