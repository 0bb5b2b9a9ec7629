/** Deletes: compare-and-swap on head and entry. What a folder takes with it: survivors.ts. */
import type { DeleteClaim } from '../../../src/protocol/claims.ts';
import { type NodeId, ROOT_NODE } from '../../../src/protocol/ids.ts';
import type { ConflictRow, NodeRow } from '../rows.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { type Earlier, earlierOf } from './earlier.ts';
import type { Scope } from './scope.ts';
import { fateOf } from './survivors.ts';

export async function remove(scope: Scope, claim: DeleteClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const node = await scope.node(claim.node);
  if (node === null) return refused(claim.node, 'unknown-node', 'no such node');
  if (node.id === ROOT_NODE) return refused(node.id, 'bad-request', 'the root cannot be deleted');
  const stale = staleDelete(node, claim, earlier);
  if (stale !== null) return dropped(node.id, stale);
  const successor = await knownSuccessor(scope, claim.successor);
  const { approved } = claim;
  const { survivors, dying } = await fateOf(scope, new Map([[node.id, claim]]));
  for (const root of dying) {
    await kill(scope, root, { approved, successor: root.id === node.id ? successor : null });
  }
  return committed(node.id, [...survivors]);
}

/** Why a delete comes too late; null if it does not. The head of a folder is none. */
export function staleDelete(
  node: NodeRow,
  claim: Pick<DeleteClaim, 'base' | 'baseEntryRev'>,
  earlier: Earlier,
): 'already-dead' | 'newer-head' | 'moved-elsewhere' | null {
  if (!node.live) return 'already-dead';
  if (node.kind !== 'folder' && node.head !== claim.base && !earlier.madeVersion(node.id, node.head)) {
    return 'newer-head';
  }
  if (node.rev !== claim.baseEntryRev && !earlier.madeRev(node.id, node.rev)) return 'moved-elsewhere';
  return null;
}

export async function knownSuccessor(scope: Scope, id: NodeId | null): Promise<NodeId | null> {
  return id === null ? null : ((await scope.node(id))?.id ?? null);
}

interface Death {
  readonly approved?: boolean;
  readonly successor?: NodeId | null;
  readonly cause?: 'delete' | 'resolve' | 'reopen';
  readonly conflict?: ConflictRow | null;
  readonly more?: boolean;
}

/** One tombstone, and one event, however much lives below. */
export async function kill(scope: Scope, node: NodeRow, death: Death): Promise<void> {
  const dead = scope.moved(node, {
    live: false,
    deadSeq: scope.ledger.next,
    successor: death.successor ?? null,
  });
  const isFolder = node.kind === 'folder';
  if (isFolder) await scope.tx.killBelow(scope.ns, node.id, scope.entryChange);
  await scope.tx.updateNode(scope.ns, dead);
  await scope.ledger.append({
    cause: death.cause ?? 'delete',
    node: dead,
    head: await scope.headOf(dead),
    subtree: isFolder ? 'dead' : null,
    approved: death.approved ?? false,
    conflict: death.conflict ?? null,
    more: death.more ?? false,
  });
}
