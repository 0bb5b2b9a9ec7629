/** Bringing back on purpose: an old version as a new one on top, and what a delete took. */
import type { RestoreClaim, UndeleteClaim } from '../../../src/protocol/claims.ts';
import { sameContent } from '../../../src/protocol/content.ts';
import type { NodeRow } from '../rows.ts';
import { takeVersion } from './content.ts';
import { freeId, newNode } from './create.ts';
import { committed, type Decision, dropped, refused } from './decision.ts';
import { earlierOf } from './earlier.ts';
import { returnTo } from './edit.ts';
import { nameFault, placeIn } from './names.ts';
import { liveFolder, nearestLive } from './revive.ts';
import { folderOf, type Scope } from './scope.ts';
import { addVersion, withHead } from './versions.ts';

export async function restore(scope: Scope, claim: RestoreClaim): Promise<Decision> {
  const earlier = await earlierOf(scope, claim);
  const known = await scope.node(claim.node);
  const node = known ?? (await labelledInGrave(scope, claim));
  if (node === null) return refused(claim.node, 'unknown-node', 'no such node');
  const head = await scope.headOf(node);
  if (head === null) return refused(node.id, 'bad-request', 'a folder has no versions');
  if (claim.copy !== undefined) return restoreBeside(scope, claim, node, claim.copy);
  const seen = claim.base === node.head || earlier.madeVersion(node.id, node.head);
  if (!seen && (node.live || claim.base !== null)) return dropped(node.id, 'newer-head');
  const old = await scope.tx.head(scope.ns, claim.version);
  if (old === null || old.version.node !== node.id) {
    return refused(node.id, 'unknown-version', 'no such version of this file');
  }
  // What the trash let go of has no head that is kept: the labelled version goes on top of it, also with the same content.
  const same = known !== null && sameContent(old.version.content, head.version.content);
  if (same && node.live) {
    return { kind: 'adopted', node: node.id, version: head.version.id, rev: null };
  }
  const taken = same ? null : await takeVersion(scope, node.id, old);
  if (taken !== null && taken.kind !== 'taken') return taken;
  const folder = node.live ? null : await liveFolder(scope, folderOf(node), claim.editedAt);
  const place = folder === null ? null : await placeIn(scope, folder.id, node.name, node.id, claim.editedAt);
  const made =
    taken === null
      ? head
      : await addVersion(scope, node.id, taken, {
          number: head.version.number + 1,
          base: head.version.id,
          mtimeNs: old.version.mtimeNs,
          editedAt: claim.editedAt,
        });
  const restored = withHead(node, made);
  if (place !== null) return returnTo(scope, restored, made, 'restore', place);
  await scope.tx.updateNode(scope.ns, restored);
  await scope.ledger.append({ cause: 'restore', node: restored, head: made });
  return committed(node.id);
}

/**
 * A file that the trash let go of, of which this version has a label: it may return with that. Its other versions are
 * let go one by one from now on, for their bytes went with the trash, and the file will live.
 */
async function labelledInGrave(scope: Scope, { node: id, version }: RestoreClaim): Promise<NodeRow | null> {
  const { tx, ns } = scope;
  const node = await tx.node(ns, await scope.meant(id));
  if (node === null || (await tx.label(ns, version)) === null) return null;
  const versions = await tx.keptVersions(ns, node.id);
  if (!versions.some((each) => each.id === version)) return null;
  for (const each of versions.filter(({ isLabelled }) => !isLabelled)) {
    await tx.setDue(ns, each.id, 0);
    await tx.releaseVersion(ns, each.id, scope.now);
  }
  return node;
}

/** The version's content as a new file, whose first version points at the one it was taken from. No bytes move. */
async function restoreBeside(
  scope: Scope,
  claim: RestoreClaim,
  node: NodeRow,
  copy: NonNullable<RestoreClaim['copy']>,
): Promise<Decision> {
  const old = await scope.tx.head(scope.ns, claim.version);
  if (old === null || old.version.node !== node.id) {
    return refused(node.id, 'unknown-version', 'no such version of this file');
  }
  const fault = nameFault(copy.name);
  if (fault !== null) return refused(node.id, 'bad-name', fault);
  const folder = await nearestLive(scope, folderOf(node));
  const place = await placeIn(scope, folder.id, copy.name, null, claim.editedAt);
  if (place.holder !== null) return refused(node.id, 'unprocessable', `${copy.name} is there already`);
  const taken = await takeVersion(scope, node.id, old);
  if (taken.kind !== 'taken') return taken;
  const id = await freeId(scope, copy.node);
  const head = await addVersion(scope, id, taken, {
    number: 1,
    base: old.version.id,
    mtimeNs: old.version.mtimeNs,
    editedAt: claim.editedAt,
  });
  const made: NodeRow = { ...newNode(scope, id, folder.id, place, head), conflict: null };
  await scope.tx.addNode(scope.ns, made);
  scope.ledger.countNode();
  await scope.ledger.append({ cause: 'restore', node: made, head });
  return committed(id);
}

/** A tombstone and what died with it live again: at the old place, or in the nearest folder above it that lives. */
export async function undelete(scope: Scope, claim: UndeleteClaim): Promise<Decision> {
  await earlierOf(scope, claim);
  const node = await scope.node(claim.node);
  if (node === null) return refused(claim.node, 'unknown-node', 'no such node');
  if (node.live) return { kind: 'adopted', node: node.id, version: node.head, rev: node.rev };
  if (node.deadSeq !== null && (await scope.tx.isTrashReleased(scope.ns, node.deadSeq)))
    return refused(node.id, 'unknown-node', 'what was deleted with it is not kept any more');
  const folder = await nearestLive(scope, folderOf(node));
  const place = await placeIn(scope, folder.id, node.name, node.id, claim.editedAt);
  const batch = node.kind === 'folder' ? node.deadSeq : null;
  const alive = scope.alive(node, { parent: folder.id, name: place.name, nameKey: place.nameKey });
  await scope.tx.updateNode(scope.ns, alive);
  if (batch !== null) await scope.tx.reviveBelow(scope.ns, node.id, batch, scope.entryChange);
  await scope.ledger.append({
    cause: 'revive',
    node: alive,
    head: await scope.headOf(alive),
    subtree: batch === null ? null : 'revived',
    revivedBatch: batch,
  });
  return place.holder === null ? committed(node.id) : { kind: 'renamed', node: node.id, conflict: null };
}
