/**
 * Deletes: compare-and-swap on head and entry. A folder takes with it exactly what this device had seen of it
 * (RULES 10): what others changed since, or what never reached this disk, lives on with the folders above it.
 */
import type { DeleteClaim } from '../../../src/protocol/claims.ts';
import { type NodeId, ROOT_NODE } from '../../../src/protocol/ids.ts';
import type { ConflictRow, NodeRow } from '../rows.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { type Earlier, earlierOf } from './earlier.ts';
import type { Scope } from './scope.ts';

export async function remove(scope: Scope, claim: DeleteClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const node = await scope.node(claim.node);
  if (node === null) return refused(claim.node, 'unknown-node', 'no such node');
  if (node.id === ROOT_NODE) return refused(node.id, 'bad-request', 'the root cannot be deleted');
  const stale = staleDelete(node, claim, earlier);
  if (stale !== null) return dropped(node.id, stale);
  const successor = await knownSuccessor(scope, claim.successor);
  const { approved } = claim;
  if (node.kind !== 'folder') {
    await kill(scope, node, { approved, successor });
    return committed(node.id);
  }
  const surviving = await survivorsOf(scope, node.id, claim);
  if (surviving.size === 0) {
    await kill(scope, node, { approved, successor });
    return committed(node.id);
  }
  for (const root of await deadRoots(scope, surviving)) await kill(scope, root, { approved });
  return committed(node.id, [...surviving]);
}

type DeleteTarget = Pick<DeleteClaim, 'base' | 'baseEntryRev' | 'observedSeq' | 'unapplied' | 'successor'>;

/** Why a delete comes too late; null if it does not. The head of a folder is none. */
export function staleDelete(
  node: NodeRow,
  claim: DeleteTarget,
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
  readonly cause?: 'delete' | 'resolve';
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

/** What lives on: the unseen and the unapplied below, and every folder from there up to and including this one. */
export async function survivorsOf(
  scope: Scope,
  folder: NodeId,
  claim: DeleteTarget,
): Promise<ReadonlySet<NodeId>> {
  const surviving = new Set<NodeId>();
  const { device } = scope.caller;
  for (const id of await scope.tx.unseenBelow(scope.ns, folder, claim.observedSeq, device)) {
    await keepUpTo(scope, id, folder, surviving);
  }
  for (const id of claim.unapplied) {
    const node = await scope.node(id);
    if (node?.live && node.id !== folder) await keepUpTo(scope, node.id, folder, surviving);
  }
  return surviving;
}

/** Adds a node and the folders between, if it stands below `folder` at all. */
async function keepUpTo(scope: Scope, id: NodeId, folder: NodeId, surviving: Set<NodeId>): Promise<void> {
  const path: NodeId[] = [];
  for (let at: NodeId = id; ; ) {
    if (at === folder || surviving.has(at)) break;
    path.push(at);
    const parent: NodeId | null = (await scope.tx.node(scope.ns, at))?.parent ?? null;
    if (parent === null) return;
    at = parent;
  }
  surviving.add(folder);
  for (const node of path.reverse()) surviving.add(node);
}

/** The topmost nodes that die: children of surviving folders that do not survive themselves. */
async function deadRoots(scope: Scope, surviving: ReadonlySet<NodeId>): Promise<readonly NodeRow[]> {
  const roots: NodeRow[] = [];
  for (const id of surviving) {
    for (const child of await scope.tx.liveChildren(scope.ns, id)) {
      const node = surviving.has(child) ? null : await scope.tx.node(scope.ns, child);
      if (node !== null) roots.push(node);
    }
  }
  return roots;
}
