/** A namespace with nothing in it but its root folder, and a fresh epoch. */
import type { NamespaceId, TenantId, UserId } from '../../../src/protocol/ids.ts';
import type { WriteTx } from '../metadata-store.ts';
import type { RuleEffects } from './context.ts';
import { freshEpoch } from './epoch.ts';
import { firstHash } from './ledger.ts';

export async function addNamespace(
  tx: WriteTx,
  effects: RuleEffects,
  { id, tenant, owner }: { readonly id: NamespaceId; readonly tenant: TenantId; readonly owner: UserId },
): Promise<void> {
  const epoch = freshEpoch(effects);
  const hash = firstHash(effects.blake3, id, epoch);
  await tx.addNamespace({
    id,
    tenant,
    owner,
    epoch,
    headSeq: 0,
    headHash: hash,
    floorSeq: 0,
    floorAt: null,
    floorHash: hash,
    nodeCount: 1,
    createdAt: effects.now(),
  });
}
