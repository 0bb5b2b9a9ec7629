/** Settling a conflict for everybody. Whatever is given up stays a version or a tombstone, so it can be undone. */
import type { ResolveClaim } from '../../../src/protocol/claims.ts';
import { sameContent } from '../../../src/protocol/content.ts';
import { ROOT_NODE, type VersionId } from '../../../src/protocol/ids.ts';
import type { ConflictRow, HeadRow, NodeRow } from '../rows.ts';
import { takeVersion } from './content.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { kill } from './delete.ts';
import { earlierOf } from './earlier.ts';
import { placeIn } from './names.ts';
import { liveFolder } from './revive.ts';
import type { Scope } from './scope.ts';
import { addVersion, withHead } from './versions.ts';

export async function resolve(scope: Scope, claim: ResolveClaim): Promise<Decision> {
  await earlierOf(scope, claim);
  const node = await scope.meant(claim.node);
  const open = await scope.tx.conflict(scope.ns, claim.conflict);
  const original = open === null ? null : await scope.tx.node(scope.ns, open.original);
  const copy = open === null ? null : await scope.tx.node(scope.ns, open.copy);
  if (open === null || original === null || copy === null) {
    return refused(claim.node, 'not-found', 'no such conflict');
  }
  if (open.status === 'resolved') {
    return { kind: 'adopted', node, version: null, rev: null };
  }
  if (isNewer(original, claim.seenOriginal) || isNewer(copy, claim.seenCopy)) {
    return dropped(node, 'newer-head');
  }
  const conflict: ConflictRow = { ...open, status: 'resolved', resolution: claim.keep };
  if (claim.keep === 'mine' && copy.live) {
    const refusal = await keepCopy(scope, claim, original, copy, conflict);
    if (refusal !== null) return { ...refusal, node };
  } else {
    await scope.tx.resolveConflict(scope.ns, open.id, claim.keep);
  }
  await settleCopy(scope, claim, original, copy, conflict);
  return committed(node);
}

function isNewer(node: NodeRow, seen: VersionId | null): boolean {
  return node.live && node.head !== seen;
}

/** The copy's content becomes a version of the original, which returns for it if it was deleted. */
async function keepCopy(
  scope: Scope,
  claim: ResolveClaim,
  original: NodeRow,
  copy: NodeRow,
  conflict: ConflictRow,
): Promise<Decision | null> {
  const [head, mine] = [await scope.headOf(original), await scope.headOf(copy)];
  if (head === null || mine === null) return refused(copy.id, 'bad-request', 'a folder has no content');
  const same = sameContent(head.version.content, mine.version.content);
  const taken = same ? null : await takeVersion(scope, copy.id, mine);
  if (taken !== null && taken.kind !== 'taken') return taken;
  await scope.tx.resolveConflict(scope.ns, conflict.id, claim.keep);
  const place = original.live ? null : await placeBack(scope, original, claim.editedAt);
  if (taken === null && place === null) return null;
  let made: HeadRow = head;
  if (taken !== null) {
    made = await addVersion(scope, original.id, taken, {
      number: head.version.number + 1,
      base: head.version.id,
      mtimeNs: mine.version.mtimeNs,
      editedAt: claim.editedAt,
    });
  }
  const headed = withHead(original, made);
  const node = place === null ? headed : scope.alive(headed, place);
  await scope.tx.updateNode(scope.ns, node);
  await scope.ledger.append({ cause: 'resolve', node, head: made, conflict });
  return null;
}

async function placeBack(scope: Scope, node: NodeRow, editedAt: number) {
  const folder = await liveFolder(scope, node.parent ?? ROOT_NODE, editedAt);
  const { name, nameKey } = await placeIn(scope, folder.id, node.name, node.id, editedAt);
  return { name, nameKey };
}

/** The copy goes, unless both stay; either way its event tells everybody that the conflict is settled. */
async function settleCopy(
  scope: Scope,
  claim: ResolveClaim,
  original: NodeRow,
  copy: NodeRow,
  conflict: ConflictRow,
): Promise<void> {
  if (claim.keep !== 'both' && copy.live) {
    const successor = claim.keep === 'mine' ? original.id : null;
    await kill(scope, copy, { cause: 'resolve', conflict, successor, approved: true });
    return;
  }
  await scope.ledger.append({
    cause: 'resolve',
    node: copy,
    head: await scope.headOf(copy),
    conflict,
  });
}
