/** Moves and renames: compare-and-swap on the entry. */
import type { MoveClaim } from '../../../src/protocol/claims.ts';
import { type NodeId, ROOT_NODE } from '../../../src/protocol/ids.ts';
import { LIMITS } from '../../../src/protocol/limits.ts';
import type { ConflictRow, NodeRow } from '../rows.ts';
import { nameClash } from './conflicts.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { earlierOf } from './earlier.ts';
import { nameFault, placeIn } from './names.ts';
import { depthOf, isWithin, liveFolder } from './revive.ts';
import type { Scope } from './scope.ts';

export async function move(scope: Scope, claim: MoveClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const node = await scope.node(claim.node);
  if (node === null) return refused(claim.node, 'unknown-node', 'no such node');
  if (node.id === ROOT_NODE) return refused(node.id, 'bad-request', 'the root stays where it is');
  const parent = await scope.node(claim.parent);
  if (parent === null || parent.kind !== 'folder') {
    return refused(node.id, 'unknown-parent', 'no such folder');
  }
  const fault = nameFault(claim.name);
  if (fault !== null) return refused(node.id, 'bad-name', fault);
  if (node.live) {
    if (node.parent === parent.id && node.name === claim.name) {
      return { kind: 'adopted', node: node.id, version: null, rev: node.rev };
    }
    const expected = node.rev === claim.baseEntryRev || earlier.madeRev(node.id, node.rev);
    if (!expected) return dropped(node.id, 'moved-elsewhere');
  }
  return moveTo(scope, node, parent, claim.name, claim.editedAt);
}

/** Puts a node into a folder under a name; a dead one returns there, with what died with it (RULES 11). */
export async function moveTo(
  scope: Scope,
  node: NodeRow,
  parent: NodeRow,
  name: string,
  editedAt: number,
): Promise<Decision> {
  if (await isWithin(scope, parent.id, node.id)) return dropped(node.id, 'cycle');
  if (node.kind === 'folder' && (await depthOf(scope, parent.id)) + 1 >= LIMITS.pathDepth) {
    return refused(node.id, 'bad-name', `more than ${LIMITS.pathDepth} folders deep`);
  }
  const { renamed, conflict } = await place(scope, node, parent.id, name, editedAt);
  if (!renamed) return committed(node.id);
  return { kind: 'renamed', node: node.id, conflict: conflict?.id ?? null };
}

export interface PlacedMove {
  /** The name was taken: it stands under an attributed one. */
  readonly renamed: boolean;
  readonly conflict: ConflictRow | null;
}

/**
 * Writes a move that nothing speaks against, after the return of the folders above if they are gone. `group`: it is part
 * of a rearrangement, which goes on after it or not.
 */
export async function place(
  scope: Scope,
  node: NodeRow,
  parent: NodeId,
  name: string,
  editedAt: number,
  group: { readonly more: boolean } | null = null,
): Promise<PlacedMove> {
  const folder = await liveFolder(scope, parent, editedAt, group !== null);
  const found = await placeIn(scope, folder.id, name, node.id, editedAt);
  const conflict = await nameClash(scope, found.holder, node, { parent: folder.id, name: found.name });
  const batch = await returningWith(scope, node);
  const moved = scope.alive(node, {
    parent: folder.id,
    name: found.name,
    nameKey: found.nameKey,
    conflict: conflict?.id ?? node.conflict,
  });
  await scope.tx.updateNode(scope.ns, moved);
  if (batch !== null) await scope.tx.reviveBelow(scope.ns, node.id, batch, scope.entryChange);
  await scope.ledger.append({
    cause: 'move',
    node: moved,
    head: await scope.headOf(moved),
    subtree: batch === null ? null : 'revived',
    revivedBatch: batch,
    conflict,
    more: group?.more ?? false,
  });
  return { renamed: found.holder !== null, conflict };
}

/** What died with a folder returns with it, as long as the trash keeps it: afterwards there are no bytes to return with. */
async function returningWith(scope: Scope, { kind, deadSeq }: NodeRow): Promise<number | null> {
  if (kind !== 'folder' || deadSeq === null) return null;
  return (await scope.tx.isTrashReleased(scope.ns, deadSeq)) ? null : deadSeq;
}
