import { parseTenantId, parseUserId, type TenantId, type UserId, uuidV7 } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import type { ServerClock, ServerRandom } from '../exchange.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { type DeriveKey, hashPassword, SALT_BYTES } from './passwords.ts';

export interface NewUserParts {
  readonly store: MetadataStore;
  readonly clock: Pick<ServerClock, 'now'>;
  readonly random: Pick<ServerRandom, 'bytes'>;
  readonly derive: DeriveKey;
  readonly scryptCost: number;
}

export type NewUser =
  | { readonly kind: 'added'; readonly user: UserId; readonly tenant: TenantId }
  | { readonly kind: 'not-added'; readonly why: string };

/** What a name that people read must not contain. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name that people can read, and tell from none. */
export function isVisible(name: string): boolean {
  return name !== '' && !UNPRINTABLE.test(name);
}

/** One spelling per user, whatever keyboard it was typed on. */
export function normalUserName(name: string): string {
  return name.normalize('NFC').trim();
}

/** Adds a user with a tenant of their own: nothing of one user is visible to another. */
export async function addUserTo(parts: NewUserParts, rawName: string, password: string): Promise<NewUser> {
  const name = normalUserName(rawName);
  if (name === '') return { kind: 'not-added', why: 'A user needs a name.' };
  if (Buffer.byteLength(name) > LIMITS.userNameBytes)
    return { kind: 'not-added', why: `A user name has at most ${LIMITS.userNameBytes} bytes.` };
  if (UNPRINTABLE.test(name))
    return {
      kind: 'not-added',
      why: 'A user name consists of letters, digits and other visible characters.',
    };
  if (password === '') return { kind: 'not-added', why: 'A user needs a password.' };
  if (password.length > LIMITS.passwordBytes)
    return { kind: 'not-added', why: `A password has at most ${LIMITS.passwordBytes} characters.` };
  const { store, clock, random } = parts;
  const passwordHash = await hashPassword(parts.derive, password, random.bytes(SALT_BYTES), parts.scryptCost);
  const newId = () => uuidV7(clock.now(), random.bytes(10));
  return store.write(async (tx): Promise<NewUser> => {
    if ((await tx.userByName(name)) !== null)
      return { kind: 'not-added', why: `There is a user "${name}" already.` };
    const user = parseUserId(newId());
    const tenant = parseTenantId(newId());
    await tx.addUser({ id: user, tenant, name, passwordHash, createdAt: clock.now() });
    return { kind: 'added', user, tenant };
  });
}
