/** Edits: compare-and-swap on the head. */
import type { EditClaim } from '../../../src/protocol/claims.ts';
import { contentKey, sameContent } from '../../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE, type VersionId } from '../../../src/protocol/ids.ts';
import type { HeadRow, NodeRow, VersionRow } from '../rows.ts';
import { nameClash } from './conflicts.ts';
import { contentOf, takeContent } from './content.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { type Earlier, earlierOf } from './earlier.ts';
import { fork } from './fork.ts';
import { placeIn } from './names.ts';
import { liveFolder } from './revive.ts';
import { folderOf, type Scope } from './scope.ts';
import { addVersion, withHead } from './versions.ts';

export type Edit = Pick<EditClaim, 'base' | 'content' | 'mtimeNs' | 'onStale' | 'editedAt'>;

export async function edit(scope: Scope, claim: EditClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const node = await scope.node(claim.node);
  if (node === null) return refused(claim.node, 'unknown-node', 'no such node');
  // An attempt before this one became a conflict copy: what was saved since is an edit of that copy (RULES 6).
  const { forked } = earlier;
  if (forked === null || forked.original !== node.id) return editNode(scope, node, claim, earlier);
  const copy = await scope.node(forked.node);
  if (copy === null) return editNode(scope, node, claim, earlier);
  const decision = await editNode(scope, copy, claim, earlier);
  if (decision.kind === 'forked') return { ...decision, original: node.id };
  if (decision.kind !== 'committed' && decision.kind !== 'adopted') return decision;
  return { kind: 'forked', node: copy.id, original: node.id, conflict: forked.conflict };
}

/** One edit of one node, whoever asked for it. */
export async function editNode(
  scope: Scope,
  node: NodeRow,
  claim: Edit,
  earlier: Earlier,
): Promise<Decision> {
  const head = await scope.headOf(node);
  if (node.id === ROOT_NODE || head === null) {
    return refused(node.id, 'bad-request', 'a folder has no content');
  }
  const base = await earlier.base(scope, node.id, claim.base);
  if (!node.live) return editDead(scope, node, head, base, claim);
  if (base?.id === head.version.id) return editHead(scope, node, head, claim);
  const adopted = await equalSince(scope, head.version, base, claim);
  if (adopted !== null) return adoptedAs(node.id, adopted);
  if (claim.onStale === 'reject') return dropped(node.id, 'newer-head');
  if (await scope.tx.isSwitchedOn('reject-late-edits'))
    return refused(node.id, 'late-edit', 'the operator lets no late edits in at the moment');
  return fork(scope, node, head, base, claim);
}

/** The base is the head: a new version unless it equals that one, also when it returns to older bytes (RULES 2). */
async function editHead(scope: Scope, node: NodeRow, head: HeadRow, claim: Edit): Promise<Decision> {
  if (sameContent(contentOf(claim.content), head.version.content)) return adoptedAs(node.id, head.version.id);
  const taken = await takeContent(scope, node.id, claim.content);
  if (taken.kind !== 'taken') return taken;
  const made = await addVersion(scope, node.id, taken, {
    number: head.version.number + 1,
    base: head.version.id,
    mtimeNs: claim.mtimeNs,
    editedAt: claim.editedAt,
  });
  const edited = withHead(node, made);
  await scope.tx.updateNode(scope.ns, edited);
  await scope.ledger.append({ cause: 'edit', node: edited, head: made });
  return committed(node.id);
}

/**
 * A version from the base on, up to the head, that has the claimed content: what equals its base is no edit, whatever came
 * after it. Without a known base only the head counts.
 */
async function equalSince(
  scope: Scope,
  head: VersionRow,
  base: VersionRow | null,
  claim: Edit,
): Promise<VersionId | null> {
  const wanted = contentKey(contentOf(claim.content));
  if (contentKey(head.content) === wanted) return head.id;
  if (base === null) return null;
  const since = await scope.tx.versionsAfter(scope.ns, head.node, base.number);
  return [base, ...since].findLast((version) => contentKey(version.content) === wanted)?.id ?? null;
}

function adoptedAs(node: NodeId, version: VersionId): Decision {
  return { kind: 'adopted', node, version, rev: null };
}

/**
 * An edit beats the delete: the same node returns where it was, the new version on top of the deleted head. What equals a
 * version from a stale base on is no edit (RULES 2): whoever deleted the node had it before them.
 */
async function editDead(
  scope: Scope,
  node: NodeRow,
  head: HeadRow,
  base: VersionRow | null,
  claim: Edit,
): Promise<Decision> {
  const isStale = base !== null && base.id !== head.version.id;
  const known = isStale ? await equalSince(scope, head.version, base, claim) : null;
  if (known !== null) return adoptedAs(node.id, known);
  const same = sameContent(contentOf(claim.content), head.version.content);
  const taken = same ? null : await takeContent(scope, node.id, claim.content);
  if (taken !== null && taken.kind !== 'taken') return taken;
  const folder = await liveFolder(scope, folderOf(node), claim.editedAt);
  const place = await placeIn(scope, folder.id, node.name, node.id, claim.editedAt);
  const made =
    taken === null
      ? head
      : await addVersion(scope, node.id, taken, {
          number: head.version.number + 1,
          base: head.version.id,
          mtimeNs: claim.mtimeNs,
          editedAt: claim.editedAt,
        });
  return returnTo(scope, withHead(node, made), made, taken === null ? 'revive' : 'edit', place);
}

/** Puts a dead file back at a place that was found for it. */
export async function returnTo(
  scope: Scope,
  node: NodeRow,
  head: HeadRow,
  cause: 'edit' | 'revive' | 'restore',
  place: Awaited<ReturnType<typeof placeIn>>,
): Promise<Decision> {
  const copyAt = { parent: folderOf(node), name: place.name };
  const conflict = await nameClash(scope, place.holder, node, copyAt);
  const alive = scope.alive(node, {
    name: place.name,
    nameKey: place.nameKey,
    conflict: conflict?.id ?? node.conflict,
  });
  await scope.tx.updateNode(scope.ns, alive);
  await scope.ledger.append({ cause, node: alive, head, conflict });
  if (place.holder === null) return committed(node.id);
  return { kind: 'renamed', node: node.id, conflict: conflict?.id ?? null };
}
