/**
 * A create after a create whose answer was lost (RULES 5): what the first one made is this device's already, so the
 * second is an edit of it, and a move if the user renamed it meanwhile.
 */

import { nfcKey } from '../../../src/core/names/fold.ts';
import type { CreateClaim } from '../../../src/protocol/claims.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { NodeRow } from '../rows.ts';
import type { Decision } from './decision.ts';
import type { Earlier } from './earlier.ts';
import { editNode } from './edit.ts';
import { moveTo } from './move.ts';
import type { Scope } from './scope.ts';

/** `null`: no earlier create had an effect, or what it made is of another kind; this one stands for itself. */
export async function createAgain(
  scope: Scope,
  claim: CreateClaim,
  earlier: Earlier,
): Promise<Decision | null> {
  const { last } = earlier;
  if (last === null) return null;
  const node = await scope.tx.node(scope.ns, last.node);
  if (node === null || (node.kind === 'folder') !== (claim.content === null)) return null;
  await scope.bind(claim.node, node.id);
  const edited = await editAgain(scope, claim, node, earlier);
  if (edited.kind !== 'committed' && edited.kind !== 'adopted') return edited;
  const moved = await moveAgain(scope, claim, node.id, earlier);
  if (moved?.kind === 'committed' || moved?.kind === 'renamed') return moved;
  if (last.kind === 'renamed') return { ...last, node: node.id };
  return edited;
}

async function editAgain(
  scope: Scope,
  claim: CreateClaim,
  node: NodeRow,
  earlier: Earlier,
): Promise<Decision> {
  if (claim.content === null || node.head === null) {
    return { kind: 'adopted', node: node.id, version: null, rev: node.rev };
  }
  const base = earlier.newest(node.id) ?? node.head;
  const { content, mtimeNs, editedAt } = claim;
  return editNode(scope, node, { base, content, mtimeNs, editedAt, onStale: 'fork' }, earlier);
}

async function moveAgain(
  scope: Scope,
  claim: CreateClaim,
  id: NodeId,
  earlier: Earlier,
): Promise<Decision | null> {
  const node = await scope.tx.node(scope.ns, id);
  const parent = await scope.node(claim.parent);
  if (node === null || parent === null) return null;
  if (node.live) {
    if (node.parent === parent.id && node.name === claim.name) return null;
    // Somebody moved it since, or the name that the first one could not have is still taken.
    if (!earlier.madeRev(node.id, node.rev)) return null;
    if (earlier.last?.kind === 'renamed' && node.parent === parent.id) {
      const holder = await scope.tx.liveAt(scope.ns, parent.id, nfcKey(claim.name));
      if (holder !== null && holder.id !== node.id) return null;
    }
  }
  return moveTo(scope, node, parent, claim.name, claim.editedAt);
}
