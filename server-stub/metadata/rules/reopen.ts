/** Undoing a settlement: both sides stand as they did before it, as new versions, and the conflict is open again. */
import { nfcKey } from '../../../src/core/names/fold.ts';
import type { ReopenClaim } from '../../../src/protocol/claims.ts';
import type { ConflictRow, HeadRow, NodeRow } from '../rows.ts';
import type { Settlement } from '../settlement.ts';
import { conflictSides } from './conflicts.ts';
import { type TakenContent, takeVersion } from './content.ts';
import { committed, type Decision, dropped, type Refusal, refused } from './decision.ts';
import { kill } from './delete.ts';
import { earlierOf } from './earlier.ts';
import { placeBack } from './resolve.ts';
import { folderOf, type Scope } from './scope.ts';
import { addVersion, withHead } from './versions.ts';

export async function reopen(scope: Scope, claim: ReopenClaim): Promise<Decision> {
  await earlierOf(scope, claim);
  const node = await scope.meant(claim.node);
  const sides = await conflictSides(scope, claim.conflict);
  if (sides === null) return refused(claim.node, 'not-found', 'no such conflict');
  const { conflict: settled, original, copy } = sides;
  if (settled.status === 'open') return { kind: 'adopted', node, version: null, rev: null };
  const { settlement } = settled;
  if (settlement === null) {
    return refused(node, 'unprocessable', 'how it was settled was not written down, so it cannot be undone');
  }
  // The content from before would come over what somebody made since.
  if (settlement.made !== null && original.head !== settlement.made) return dropped(node, 'newer-head');
  const before = await contentBefore(scope, original, settlement);
  if (before !== null && before.kind !== 'taken') return { ...before, node };
  const conflict: ConflictRow = { ...settled, status: 'open', resolution: null, settlement: null };
  await scope.tx.updateConflict(scope.ns, conflict);
  await originalBack(scope, claim, original, { settlement, before, conflict });
  await copyBack(scope, claim, copy, settlement, conflict);
  return committed(node);
}

/** What comes on top again; null where settling changed nothing about the content. */
async function contentBefore(
  scope: Scope,
  original: NodeRow,
  { made, original: { head } }: Settlement,
): Promise<TakenContent | Refusal | null> {
  if (made === null || head === null || made === head) return null;
  const old = await scope.tx.head(scope.ns, head);
  if (old === null) return refused(original.id, 'unknown-version', 'its version from before is not kept');
  return takeVersion(scope, original.id, old);
}

interface Back {
  readonly settlement: Settlement;
  readonly before: TakenContent | null;
  readonly conflict: ConflictRow;
}

async function originalBack(
  scope: Scope,
  claim: ReopenClaim,
  original: NodeRow,
  { settlement, before, conflict }: Back,
): Promise<void> {
  const returns = settlement.original.live && !original.live;
  let node = original;
  if (before !== null || returns) {
    const place = returns ? await placeBack(scope, original, claim.editedAt) : null;
    const head = await scope.headOf(original);
    const made =
      before === null || head === null ? head : await newHead(scope, claim, original, head, before);
    const headed = made === null ? original : withHead(original, made);
    node = place === null ? headed : scope.alive(headed, place);
    await scope.tx.updateNode(scope.ns, node);
    await scope.ledger.append({ cause: 'reopen', node, head: made, conflict });
  }
  // It had been deleted, and came back only because the conflict was settled so.
  const goes = !settlement.original.live && settlement.made !== null && node.live;
  if (goes) await kill(scope, node, { cause: 'reopen', conflict, approved: true });
}

async function newHead(
  scope: Scope,
  claim: ReopenClaim,
  node: NodeRow,
  head: HeadRow,
  taken: TakenContent,
): Promise<HeadRow> {
  return addVersion(scope, node.id, taken, {
    number: head.version.number + 1,
    base: head.version.id,
    mtimeNs: head.version.mtimeNs,
    editedAt: claim.editedAt,
  });
}

/** The copy returns, or gets back its name; its event tells everybody that the conflict is open. */
async function copyBack(
  scope: Scope,
  claim: ReopenClaim,
  copy: NodeRow,
  settlement: Settlement,
  conflict: ConflictRow,
): Promise<void> {
  let node = copy;
  if (settlement.copy.live && !copy.live) {
    node = scope.alive(copy, await placeBack(scope, copy, claim.editedAt));
  } else if (copy.live && settlement.copyName !== null && copy.name === settlement.copyName) {
    const { name } = settlement.copy;
    const holder = await scope.tx.liveAt(scope.ns, folderOf(copy), nfcKey(name));
    if (holder === null || holder.id === copy.id) node = scope.moved(copy, { name, nameKey: nfcKey(name) });
  }
  if (node !== copy) await scope.tx.updateNode(scope.ns, node);
  await scope.ledger.append({ cause: 'reopen', node, head: await scope.headOf(node), conflict });
}
