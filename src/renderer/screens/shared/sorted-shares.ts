/** Shares as they are listed, and what a role allows. Who may do what is decided by the server; this says it ahead. Pure. */
import { baseName } from '../../../core/names/path-parts.ts';
import type { MemberRow, ShareRow } from '../../../ipc/shares.ts';

export interface SortedShares {
  readonly invitations: readonly ShareRow[];
  readonly teams: readonly ShareRow[];
  /** Folders that this user made. */
  readonly byMe: readonly ShareRow[];
  readonly withMe: readonly ShareRow[];
}

export function sortedShares(shares: readonly ShareRow[]): SortedShares {
  const rows = shares.toSorted((a, b) => a.name.localeCompare(b.name) || a.at - b.at);
  const members = rows.filter((each) => each.standing === 'member');
  const folders = members.filter((each) => each.kind === 'folder');
  return {
    // The newest question first.
    invitations: rows.filter((each) => each.standing === 'invited').toSorted((a, b) => b.at - a.at),
    teams: members.filter((each) => each.kind === 'team'),
    byMe: folders.filter((each) => each.invitedBy === null),
    withMe: folders.filter((each) => each.invitedBy !== null),
  };
}

const RANK = { owner: 0, editor: 1, viewer: 2 } as const;

/** Who is in before who was asked, owners first. */
export function sortedMembers(members: readonly MemberRow[]): readonly MemberRow[] {
  const rank = ({ standing, role }: MemberRow) => (standing === 'member' ? 0 : 10) + RANK[role];
  return members.toSorted((a, b) => rank(a) - rank(b) || a.user.localeCompare(b.user));
}

/** Somebody has to own it: this one may neither go nor become less. */
export function isOnlyOwner(members: readonly MemberRow[], user: string): boolean {
  const owners = members.filter((each) => each.role === 'owner' && each.standing === 'member');
  return owners.length === 1 && owners[0]?.user === user;
}

/** A folder chosen on this computer as a path in the synced folder; null: it is not in it. */
export function pathBelow(root: string | null, chosen: string): string | null {
  if (root === null) return null;
  const normal = (path: string) => path.replaceAll('\\', '/').replace(/\/+$/, '');
  const [above, below] = [normal(root), normal(chosen)];
  return below.startsWith(`${above}/`) ? below.slice(above.length + 1) : null;
}

/** What a share of that folder is called unless somebody says otherwise. */
export function nameOfFolder(path: string): string {
  return baseName(path);
}
