/** Settling a conflict for everybody. Whatever is given up stays a version or a tombstone, so it can be undone. */

import { nfcKey } from '../../../src/core/names/fold.ts';
import type { ResolveClaim } from '../../../src/protocol/claims.ts';
import { sameContent } from '../../../src/protocol/content.ts';
import type { VersionId } from '../../../src/protocol/ids.ts';
import type { ConflictRow, HeadRow, NodeRow } from '../rows.ts';
import { conflictSides } from './conflicts.ts';
import { contentOf, type TakenContent, takeContent, takeVersion } from './content.ts';
import { committed, type Decision, dropped, type Refusal, refused } from './decision.ts';
import { kill } from './delete.ts';
import { earlierOf } from './earlier.ts';
import { nameFault, placeIn } from './names.ts';
import { liveFolder } from './revive.ts';
import { folderOf, type Scope } from './scope.ts';
import { addVersion, withHead } from './versions.ts';

export async function resolve(scope: Scope, claim: ResolveClaim): Promise<Decision> {
  await earlierOf(scope, claim);
  const node = await scope.meant(claim.node);
  const sides = await conflictSides(scope, claim.conflict);
  if (sides === null) return refused(claim.node, 'not-found', 'no such conflict');
  const { conflict: open, original, copy } = sides;
  if (open.status === 'resolved') {
    return { kind: 'adopted', node, version: null, rev: null };
  }
  if (isNewer(original, claim.seenOriginal) || isNewer(copy, claim.seenCopy)) {
    return dropped(node, 'newer-head');
  }
  const wanted = await wantedOf(scope, claim, original, copy);
  if (wanted.kind !== 'wanted') return { ...wanted, node };
  let conflict = settledBy(scope, claim, open, original, copy);
  const made = wanted.top === null ? null : await onTop(scope, claim, original, wanted.top);
  if (made !== null) {
    conflict = { ...conflict, settlement: { ...conflict.settlement, made: made.head.version.id } };
    await scope.tx.updateConflict(scope.ns, conflict);
    await scope.tx.updateNode(scope.ns, made.node);
    await scope.ledger.append({ cause: 'resolve', node: made.node, head: made.head, conflict });
  } else await scope.tx.updateConflict(scope.ns, conflict);
  await settleCopy(scope, claim, original, copy, conflict);
  return committed(node);
}

function isNewer(node: NodeRow, seen: VersionId | null): boolean {
  return node.live && node.head !== seen;
}

interface Settled extends ConflictRow {
  readonly settlement: NonNullable<ConflictRow['settlement']>;
}

/** The conflict as it is written down: with what undoing it needs. */
function settledBy(
  scope: Scope,
  claim: ResolveClaim,
  open: ConflictRow,
  original: NodeRow,
  copy: NodeRow,
): Settled {
  const renames = claim.keep === 'both' && copy.live ? (claim.copyName ?? null) : null;
  const side = ({ head, live, name }: NodeRow) => ({ head, live, name });
  return {
    ...open,
    status: 'resolved',
    resolution: claim.keep,
    settlement: {
      device: scope.caller.device,
      at: scope.now,
      original: side(original),
      copy: side(copy),
      made: null,
      copyName: renames,
    },
  };
}

/** What comes on top of the original: nothing, or a content that is not its own (null: its own, but it was deleted). */
type Wanted = {
  readonly kind: 'wanted';
  readonly top: { readonly taken: TakenContent | null; readonly mtimeNs: string } | null;
};

/** All that can speak against it is asked here, before anything is written. */
async function wantedOf(
  scope: Scope,
  claim: ResolveClaim,
  original: NodeRow,
  copy: NodeRow,
): Promise<Wanted | Refusal> {
  const nothing: Wanted = { kind: 'wanted', top: null };
  if ((claim.keep === 'merged') !== (claim.content !== undefined)) {
    return refused(copy.id, 'bad-request', 'a merge needs a content, and nothing else has one');
  }
  const { copyName } = claim;
  if (copyName !== undefined) return (await nameTrouble(scope, claim, copy, copyName)) ?? nothing;
  if (claim.keep === 'both' || claim.keep === 'theirs' || (claim.keep === 'mine' && !copy.live))
    return nothing;
  const [head, mine] = [await scope.headOf(original), await scope.headOf(copy)];
  if (head === null || mine === null) return refused(copy.id, 'bad-request', 'a folder has no content');
  const content = claim.content === undefined ? mine.version.content : contentOf(claim.content);
  if (content.kind !== original.kind) {
    return refused(
      copy.id,
      'unprocessable',
      'a link cannot take the place of a file, nor a file that of a link',
    );
  }
  const mtimeNs = claim.content === undefined ? mine.version.mtimeNs : `${claim.editedAt}000000`;
  if (sameContent(head.version.content, content)) {
    return original.live ? nothing : { kind: 'wanted', top: { taken: null, mtimeNs } };
  }
  const taken =
    claim.content === undefined
      ? await takeVersion(scope, copy.id, mine)
      : await takeContent(scope, original.id, claim.content);
  return taken.kind === 'taken' ? { kind: 'wanted', top: { taken, mtimeNs } } : taken;
}

async function nameTrouble(
  scope: Scope,
  claim: ResolveClaim,
  copy: NodeRow,
  name: string,
): Promise<Refusal | null> {
  if (claim.keep !== 'both') return refused(copy.id, 'bad-request', 'only a copy that stays has a name');
  const fault = nameFault(name);
  if (fault !== null) return refused(copy.id, 'bad-name', fault);
  const holder = await scope.tx.liveAt(scope.ns, folderOf(copy), nfcKey(name));
  if (holder === null || holder.id === copy.id) return null;
  return refused(copy.id, 'unprocessable', `${name} is there already`);
}

/** A version on top of the original, which returns for it if it was deleted. */
async function onTop(
  scope: Scope,
  claim: ResolveClaim,
  original: NodeRow,
  { taken, mtimeNs }: NonNullable<Wanted['top']>,
): Promise<{ readonly node: NodeRow; readonly head: HeadRow }> {
  const place = original.live ? null : await placeBack(scope, original, claim.editedAt);
  const head = await scope.headOf(original);
  if (head === null) throw new Error(`node ${original.id} has lost its head`);
  let made = head;
  if (taken !== null) {
    made = await addVersion(scope, original.id, taken, {
      number: head.version.number + 1,
      base: head.version.id,
      mtimeNs,
      editedAt: claim.editedAt,
    });
  }
  const headed = withHead(original, made);
  return { node: place === null ? headed : scope.alive(headed, place), head: made };
}

/** Room for a dead node where it stood, its folders live. */
export async function placeBack(scope: Scope, node: NodeRow, editedAt: number) {
  const folder = await liveFolder(scope, folderOf(node), editedAt);
  const { name, nameKey } = await placeIn(scope, folder.id, node.name, node.id, editedAt);
  return { name, nameKey };
}

/** The copy goes, unless both stay; either way its event tells everybody that the conflict is settled. */
async function settleCopy(
  scope: Scope,
  claim: ResolveClaim,
  original: NodeRow,
  copy: NodeRow,
  conflict: Settled,
): Promise<void> {
  if (claim.keep !== 'both' && copy.live) {
    const successor = claim.keep === 'mine' ? original.id : null;
    await kill(scope, copy, { cause: 'resolve', conflict, successor, approved: true });
    return;
  }
  const name = conflict.settlement.copyName;
  const node = name === null ? copy : scope.moved(copy, { name, nameKey: nfcKey(name) });
  if (name !== null) await scope.tx.updateNode(scope.ns, node);
  await scope.ledger.append({ cause: 'resolve', node, head: await scope.headOf(node), conflict });
}
