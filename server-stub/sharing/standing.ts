/** What somebody is where one of their devices speaks, asked for at the beginning of a request and again when it commits. */

import type { NamespaceId } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/shares.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { DeviceRow } from '../metadata/rows.ts';
import type { Caller } from '../metadata/rules/context.ts';
import { may } from './policy.ts';

/** null: nothing, or not any more. At home everybody is the owner. */
export async function roleIn(tx: ReadTx, { namespace }: DeviceRow, userName: string): Promise<Role | null> {
  if (namespace === null) return 'owner';
  const member = await tx.membership(namespace, userName);
  return member?.standing === 'member' ? member.role : null;
}

/** May this user look at what is in there: at home, and where they are in. */
export async function mayReadIn(
  tx: ReadTx,
  { user, userName }: Pick<Caller, 'user' | 'userName'>,
  ns: NamespaceId,
): Promise<boolean> {
  const member = await tx.membership(ns, userName);
  if (member !== null) return member.standing === 'member' && may(member.role, 'read');
  return (await tx.namespacesOf(user)).some(({ id }) => id === ns);
}

/** Thrown within a transaction, so that nothing of it counts: what was allowed when the request came is so no more. */
export class Withdrawn extends Error {
  readonly answer: Refused;

  constructor(answer: Refused) {
    super(answer.detail);
    this.name = 'Withdrawn';
    this.answer = answer;
  }
}

/** I16: asked in the very transaction that writes, since the request was let in before it began. */
export async function requireWriter(tx: ReadTx, { device: id, userName }: Caller): Promise<DeviceRow> {
  const device = await tx.device(id);
  const role = device === null || device.revokedAt !== null ? null : await roleIn(tx, device, userName);
  if (device === null || role === null)
    throw new Withdrawn(refused('signed-out', 'the device is not linked, or not any more'));
  if (!may(role, 'write'))
    throw new Withdrawn(refused('forbidden', 'you may look at this share, and not change it'));
  return device;
}
