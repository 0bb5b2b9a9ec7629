/** Moves and renames: compare-and-swap on the entry. */
import type { MoveClaim } from '../../../src/protocol/claims.ts';
import { ROOT_NODE } from '../../../src/protocol/ids.ts';
import { LIMITS } from '../../../src/protocol/limits.ts';
import type { NodeRow } from '../rows.ts';
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
  const folder = await liveFolder(scope, parent.id, editedAt);
  const place = await placeIn(scope, folder.id, name, node.id, editedAt);
  const conflict = await nameClash(scope, place.holder, node);
  const batch = node.kind === 'folder' ? node.deadSeq : null;
  const moved = scope.alive(node, {
    parent: folder.id,
    name: place.name,
    nameKey: place.nameKey,
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
  });
  if (place.holder === null) return committed(node.id);
  return { kind: 'renamed', node: node.id, conflict: conflict?.id ?? null };
}
