/** What somebody is where one of their devices speaks, asked for at the beginning of a request and again when it commits. */

import type { NamespaceId } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/shares.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { DeviceRow } from '../metadata/rows.ts';
import type { Caller } from '../metadata/rules/context.ts';
import { may, type Right } from './policy.ts';

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

const NOT_LINKED = refused('signed-out', 'the device is not linked, or not any more');

/** What somebody hears whose role does not reach that far. */
export function notAllowed(right: Right): Refused {
  return refused(
    'forbidden',
    right === 'manage'
      ? 'only an owner of this share may do that'
      : 'you may look at this share, and not change it',
  );
}

/** I16: asked in the very transaction that writes, since the request was let in before it began. */
export async function deviceWith(
  tx: ReadTx,
  { device: id, userName }: Pick<Caller, 'device' | 'userName'>,
  right: Right,
): Promise<DeviceRow | Refused> {
  const device = await tx.device(id);
  const role = device === null || device.revokedAt !== null ? null : await roleIn(tx, device, userName);
  if (device === null || role === null) return NOT_LINKED;
  return may(role, right) ? device : notAllowed(right);
}

/** The same for a commit: throws, so that nothing of what was written before it counts. */
export async function requireWriter(tx: ReadTx, caller: Caller): Promise<DeviceRow> {
  const device = await deviceWith(tx, caller, 'write');
  if ('kind' in device) throw new Withdrawn(device);
  return device;
}
