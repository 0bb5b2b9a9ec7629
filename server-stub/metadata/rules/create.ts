/** Creates: something stands on a disk that nobody else knows. */
import { nfcKey } from '../../../src/core/names/fold.ts';
import type { CreateClaim } from '../../../src/protocol/claims.ts';
import { sameContent } from '../../../src/protocol/content.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import { LIMITS } from '../../../src/protocol/limits.ts';
import type { HeadRow, NodeRow } from '../rows.ts';
import { nameClash } from './conflicts.ts';
import { contentOf, type TakenContent, takeContent } from './content.ts';
import { createAgain } from './create-again.ts';
import { linkAcross } from './crossing.ts';
import { committed, type Decision, refused } from './decision.ts';
import { earlierOf } from './earlier.ts';
import { nameFault, type Placed, placeIn } from './names.ts';
import { depthOf, liveFolder } from './revive.ts';
import type { Scope } from './scope.ts';
import { addVersion } from './versions.ts';
import { zombieAt } from './zombie.ts';

export async function create(scope: Scope, claim: CreateClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const parent = await scope.folder(claim.parent);
  if (parent === null || parent.kind !== 'folder') {
    return refused(claim.node, 'unknown-parent', 'no such folder');
  }
  const fault = nameFault(claim.name);
  if (fault !== null) return refused(claim.node, 'bad-name', fault);
  if (claim.content === null && (await depthOf(scope, parent.id)) + 1 >= LIMITS.pathDepth) {
    return refused(claim.node, 'bad-name', `more than ${LIMITS.pathDepth} folders deep`);
  }
  const again = await createAgain(scope, claim, earlier);
  if (again !== null) return again;
  const nameKey = nfcKey(claim.name);
  const holder = parent.live ? await scope.tx.liveAt(scope.ns, parent.id, nameKey) : null;
  if (holder !== null && (await isAlready(scope, claim, holder))) {
    await scope.bind(claim.node, holder.id);
    return { kind: 'adopted', node: holder.id, version: holder.head, rev: holder.rev };
  }
  if (claim.checkZombie && claim.content !== null) {
    const zombie = await zombieAt(scope, parent, claim.name, contentOf(claim.content));
    if (zombie !== null) return zombie;
  }
  const free = parent.live && holder === null;
  return createNew(scope, claim, parent, free ? { name: claim.name, nameKey, holder } : null);
}

/** True if the live node at the name is what this claim is about already: the same folder, or equal content. */
async function isAlready(scope: Scope, claim: CreateClaim, holder: NodeRow): Promise<boolean> {
  if (claim.content === null) return holder.kind === 'folder';
  const head = await scope.headOf(holder);
  return head !== null && sameContent(contentOf(claim.content), head.version.content);
}

/** `found`: the place, where it is known to be free already. */
async function createNew(
  scope: Scope,
  claim: CreateClaim,
  parent: NodeRow,
  found: Placed | null,
): Promise<Decision> {
  const taken = claim.content === null ? null : await takeContent(scope, claim.node, claim.content);
  if (taken !== null && taken.kind !== 'taken') return taken;
  const id = await freeId(scope, claim.node);
  const folder = parent.live ? parent : await liveFolder(scope, parent.id, claim.editedAt);
  const place = found ?? (await placeIn(scope, folder.id, claim.name, null, claim.editedAt));
  const head =
    taken === null
      ? null
      : await addVersion(scope, id, taken, {
          number: 1,
          base: null,
          mtimeNs: claim.mtimeNs,
          editedAt: claim.editedAt,
        });
  if (head !== null) await linkAcross(scope, claim.from, head.version);
  const conflict = await nameClash(
    scope,
    place.holder,
    { id, kind: kindOf(taken), head: head?.version.id ?? null },
    { parent: folder.id, name: place.name },
  );
  const node: NodeRow = { ...newNode(scope, id, folder.id, place, head), conflict: conflict?.id ?? null };
  await scope.tx.addNode(scope.ns, node);
  scope.ledger.countNode();
  await scope.ledger.append({ cause: 'create', node, head, conflict });
  if (place.holder === null) return committed(id);
  return { kind: 'renamed', node: id, conflict: conflict?.id ?? null };
}

/** A proposed id that is in use elsewhere behaves as a fresh one: nothing is told about the other node (RULES 7). */
export async function freeId(scope: Scope, proposed: NodeId): Promise<NodeId> {
  if (!(await scope.tx.idInUse(scope.caller.device, scope.ns, proposed))) return proposed;
  const id = scope.freshNode();
  await scope.bind(proposed, id);
  return id;
}

function kindOf(taken: TakenContent | null): NodeRow['kind'] {
  return taken === null ? 'folder' : taken.content.kind;
}

export function newNode(
  scope: Scope,
  id: NodeId,
  parent: NodeId,
  place: Placed,
  head: HeadRow | null,
): Omit<NodeRow, 'conflict'> {
  const { seq, device, at } = scope.entryChange;
  return {
    id,
    kind: head === null ? 'folder' : head.version.content.kind,
    parent,
    name: place.name,
    nameKey: place.nameKey,
    live: true,
    rev: 1,
    entrySeq: seq,
    deadSeq: null,
    successor: null,
    head: head?.version.id ?? null,
    headSeq: head === null ? 0 : seq,
    entryDevice: device,
    entryAt: at,
  };
}
