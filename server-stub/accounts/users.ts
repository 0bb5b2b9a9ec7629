import { parseTenantId, parseUserId, type TenantId, type UserId, uuidV7 } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import type { ServerClock, ServerRandom } from '../exchange.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { type DeriveKey, hashPassword, SALT_BYTES } from './passwords.ts';
import { isOpen } from './sign-up-codes.ts';

export interface NewUserParts {
  readonly store: MetadataStore;
  readonly clock: Pick<ServerClock, 'now'>;
  readonly random: Pick<ServerRandom, 'bytes'>;
  readonly derive: DeriveKey;
  readonly scryptCost: number;
}

export type NewUser =
  | { readonly kind: 'added'; readonly user: UserId; readonly tenant: TenantId }
  | {
      readonly kind: 'not-added';
      readonly because: 'name' | 'password' | 'taken' | 'code';
      readonly why: string;
    };

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

/** What is wrong with a user's name, in its one spelling; null: nothing. */
export function nameFault(name: string): string | null {
  if (name === '') return 'A user needs a name.';
  if (Buffer.byteLength(name) > LIMITS.userNameBytes)
    return `A user name has at most ${LIMITS.userNameBytes} bytes.`;
  if (UNPRINTABLE.test(name)) return 'A user name consists of letters, digits and other visible characters.';
  return null;
}

function notAdded(because: Extract<NewUser, { kind: 'not-added' }>['because'], why: string): NewUser {
  return { kind: 'not-added', because, why };
}

/**
 * Adds a user with a tenant of their own: nothing of one user is visible to another. `code`: the hash of one that is
 * used up by it; without a code that can be used nobody is added.
 */
export async function addUserTo(
  parts: NewUserParts,
  rawName: string,
  password: string,
  code: string | null = null,
): Promise<NewUser> {
  const name = normalUserName(rawName);
  const fault = nameFault(name);
  if (fault !== null) return notAdded('name', fault);
  if (password === '') return notAdded('password', 'A user needs a password.');
  if (password.length > LIMITS.passwordBytes)
    return notAdded('password', `A password has at most ${LIMITS.passwordBytes} characters.`);
  const { store, clock, random } = parts;
  const passwordHash = await hashPassword(parts.derive, password, random.bytes(SALT_BYTES), parts.scryptCost);
  const newId = () => uuidV7(clock.now(), random.bytes(10));
  return store.write(async (tx): Promise<NewUser> => {
    if (code !== null && !isOpen(await tx.signUpCode(code), clock.now()))
      return notAdded('code', 'The code was used before, or it is too old.');
    if ((await tx.userByName(name)) !== null) return notAdded('taken', `There is a user "${name}" already.`);
    const user = parseUserId(newId());
    const tenant = parseTenantId(newId());
    await tx.addUser({ id: user, tenant, name, passwordHash, createdAt: clock.now() });
    if (code !== null) await tx.spendSignUpCode(code, user, clock.now());
    return { kind: 'added', user, tenant };
  });
}
