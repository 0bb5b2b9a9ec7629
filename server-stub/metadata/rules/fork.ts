/** A stale edit that changes something: its bytes become a conflict copy beside the file that won. */
import { nfcKey } from '../../../src/core/names/fold.ts';
import type { HeadRow, NodeRow, VersionRow } from '../rows.ts';
import { openConflict, staleCause } from './conflicts.ts';
import { takeContent } from './content.ts';
import type { Decision } from './decision.ts';
import type { Edit } from './edit.ts';
import { copyName } from './names.ts';
import { folderOf, type Scope } from './scope.ts';
import { addVersion } from './versions.ts';

/** `node` is live. `base` is null if the claimed base is not in its line. */
export async function fork(
  scope: Scope,
  node: NodeRow,
  head: HeadRow,
  base: VersionRow | null,
  claim: Edit,
): Promise<Decision> {
  const taken = await takeContent(scope, node.id, claim.content);
  if (taken.kind !== 'taken') return taken;
  const parent = folderOf(node);
  const name = await copyName(scope, parent, node.name, base?.number ?? null, claim.editedAt);
  const id = scope.freshNode();
  // The copy's first version points at its ancestor, which is a version of the other node.
  const made = await addVersion(scope, id, taken, {
    number: 1,
    base: base?.id ?? null,
    mtimeNs: claim.mtimeNs,
    editedAt: claim.editedAt,
  });
  const conflict = await openConflict(scope, {
    cause: staleCause(scope.now, claim.editedAt, await supersededAt(scope, node, base)),
    original: node.id,
    copy: id,
    ancestor: base?.id ?? null,
    originalVersion: head.version.id,
    copyVersion: made.version.id,
    copyAt: { parent, name },
  });
  const { seq, device, at } = scope.entryChange;
  const copy: NodeRow = {
    id,
    kind: made.version.content.kind,
    parent,
    name,
    nameKey: nfcKey(name),
    live: true,
    rev: 1,
    entrySeq: seq,
    deadSeq: null,
    successor: null,
    head: made.version.id,
    headSeq: seq,
    conflict: conflict.id,
    entryDevice: device,
    entryAt: at,
  };
  await scope.tx.addNode(scope.ns, copy);
  scope.ledger.countNode();
  await scope.ledger.append({ cause: 'fork', node: copy, head: made, conflict });
  return { kind: 'forked', node: id, original: node.id, conflict: conflict.id };
}

async function supersededAt(scope: Scope, node: NodeRow, base: VersionRow | null): Promise<number | null> {
  if (base === null) return null;
  const since = await scope.tx.versionsAfter(scope.ns, node.id, base.number);
  return since[0]?.at ?? null;
}
