/** Names for versions: a version that has one is kept. */
import type { DeviceId, NamespaceId, VersionId } from '../../src/protocol/ids.ts';
import { labelText } from '../../src/protocol/retention.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';

export interface Labelling {
  readonly version: VersionId;
  /** null: the label goes. */
  readonly name: string | null;
}

/** null: done. Only what is promised can be named: of a version that was let go the bytes may be gone already. */
export async function setLabel(
  tx: WriteTx,
  by: { readonly namespace: NamespaceId; readonly device: DeviceId },
  { version, name }: Labelling,
  now: number,
): Promise<Refused | null> {
  const ns = by.namespace;
  const row = await tx.version(ns, version);
  const node = row === null ? null : await tx.node(ns, row.node);
  if (row === null || node === null) return refused('not-found', 'there is no such version');
  if (name === null) {
    await tx.removeLabel(ns, version);
    return null;
  }
  const text = labelText(name);
  if (text === null) return refused('bad-request', 'a label has letters, and stands on one line');
  const kept = (await tx.keptVersions(ns, node.id)).find((each) => each.id === version);
  const isBuried = node.deadSeq !== null && (await tx.isTrashReleased(ns, node.deadSeq));
  if (kept === undefined || (isBuried && !kept.isLabelled))
    return refused('unknown-version', 'it is not kept any more');
  await tx.setLabel(ns, { version, name: text, device: by.device, at: now });
  return null;
}
