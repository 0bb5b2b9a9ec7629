/** Epochs and what devices acknowledge (RULES 25). */
import { type Epoch, type NamespaceId, parseEpoch, toHex } from '../../../src/protocol/ids.ts';
import type { Cursor } from '../../../src/protocol/journal.ts';
import type { WriteTx } from '../metadata-store.ts';
import type { Caller, RuleEffects } from './context.ts';

export function freshEpoch(effects: Pick<RuleEffects, 'randomBytes'>): Epoch {
  return parseEpoch(toHex(effects.randomBytes(6)));
}

/**
 * This namespace's history branched: a backup was restored. Seqs go on, version ids carry the new epoch, and every
 * cursor of the old one is answered with a resync. Only the namespace whose device proved it is concerned.
 */
export async function beginEpoch(
  tx: WriteTx,
  effects: Pick<RuleEffects, 'randomBytes'>,
  ns: NamespaceId,
): Promise<Epoch> {
  const epoch = freshEpoch(effects);
  await tx.setEpoch(ns, epoch);
  return epoch;
}

/** Records a verified cursor; within an epoch it never goes back. */
export async function acknowledge(
  tx: WriteTx,
  effects: Pick<RuleEffects, 'now'>,
  caller: Caller,
  cursor: Cursor,
): Promise<void> {
  const before = await tx.ackedCursor(caller.device, caller.namespace);
  if (before !== null && before.epoch === cursor.epoch && before.seq >= cursor.seq) return;
  const { epoch, seq } = cursor;
  await tx.setAckedCursor(caller.device, caller.namespace, { epoch, seq, at: effects.now() });
}
