/** Is this the password of that user? Attempts are limited, and a user who does not exist takes as long as a wrong password. */
import type { UserId } from '../../src/protocol/ids.ts';
import type { ServerRandom } from '../exchange.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { UserRow } from '../metadata/rows.ts';
import type { ServerLimits } from '../server-limits.ts';
import { checkPassword, type DeriveKey, hashPassword, SALT_BYTES } from './passwords.ts';
import { type Refused, refused } from './refused.ts';
import { TokenBuckets } from './token-bucket.ts';
import { normalUserName } from './users.ts';

export interface SignInParts {
  readonly store: MetadataStore;
  readonly monotonic: () => number;
  readonly derive: DeriveKey;
  readonly random: ServerRandom;
  readonly limits: Pick<ServerLimits, 'login' | 'loginAddress' | 'passwordChecks' | 'scryptCost'>;
}

export class SignIn {
  readonly #parts: SignInParts;
  readonly #logins: TokenBuckets;
  readonly #loginAddresses: TokenBuckets;
  #checks = 0;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#logins = new TokenBuckets(parts.limits.login, parts.monotonic);
    this.#loginAddresses = new TokenBuckets(parts.limits.loginAddress, parts.monotonic);
  }

  /** The user whose password it is. */
  async check(typedName: string, password: string, remote: string): Promise<UserRow | Refused> {
    const { store, derive, limits } = this.#parts;
    const name = normalUserName(typedName);
    const key = JSON.stringify([name, remote]);
    const wait = Math.max(this.#loginAddresses.take(remote), this.#logins.take(key));
    if (wait > 0) return refused('too-many-requests', 'too many attempts to sign in', wait);
    return this.stretching(async () => {
      const user = await store.read(async (tx) => tx.userByName(name));
      const right = await checkPassword(derive, password, user?.passwordHash ?? null, limits.scryptCost);
      if (!right || user === null) return refused('wrong-password', 'the user name or the password is wrong');
      this.#logins.giveBack(key);
      this.#loginAddresses.giveBack(remote);
      return user;
    });
  }

  /** The administrator whose password it is; who is none is answered as if the password was wrong. */
  async administrator(name: string, password: string, remote: string): Promise<UserRow | Refused> {
    const user = await this.check(name, password, remote);
    if ('kind' in user || (await this.isAdministrator(user.id))) return user;
    return refused('wrong-password', 'the user name or the password is wrong');
  }

  /** To be asked again with every request of a session: the right may have been withdrawn since. */
  isAdministrator(user: UserId): Promise<boolean> {
    return this.#parts.store.read(async (tx) => tx.isAdministrator(user));
  }

  /** How a new password is kept. */
  hash(password: string): Promise<string | Refused> {
    const { derive, limits, random } = this.#parts;
    const salt = random.bytes(SALT_BYTES);
    return this.stretching(() => hashPassword(derive, password, salt, limits.scryptCost));
  }

  /** Work with a password holds a core and 32 MiB for a while: only so much of it at a time. */
  async stretching<T>(work: () => Promise<T>): Promise<T | Refused> {
    if (this.#checks >= this.#parts.limits.passwordChecks)
      return refused('too-many-requests', 'too many attempts to sign in', 1);
    this.#checks += 1;
    try {
      return await work();
    } finally {
      this.#checks -= 1;
    }
  }
}
