/** Making an account over the network, as far as the operator lets people do that. */

import type { SignUpAnswer, SignUpRequest } from '../../src/protocol/account-routes.ts';
import { passwordFault } from '../../src/protocol/new-password.ts';
import type { ServerClock, ServerRandom } from '../exchange.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { ServerLimits } from '../server-limits.ts';
import type { DeriveKey } from './passwords.ts';
import { type Refused, refused } from './refused.ts';
import type { SignIn } from './sign-in.ts';
import { codeHash, isOpen } from './sign-up-codes.ts';
import { TokenBuckets } from './token-bucket.ts';
import { addUserTo, nameFault, normalUserName } from './users.ts';

/** `invite`: who has a code of the operator's. */
export const SIGN_UP_RULES = ['closed', 'invite', 'open'] as const;
export type SignUpRule = (typeof SIGN_UP_RULES)[number];

export interface SignUpParts {
  readonly store: MetadataStore;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly derive: DeriveKey;
  readonly limits: Pick<ServerLimits, 'signUp' | 'scryptCost'>;
  readonly rule: SignUpRule;
}

const NO_CODE = refused('sign-up-code', 'this server waits for another code');

export class SignUp {
  readonly #parts: SignUpParts;
  readonly #signIn: SignIn;
  readonly #addresses: TokenBuckets;

  constructor(parts: SignUpParts, signIn: SignIn) {
    this.#parts = parts;
    this.#signIn = signIn;
    this.#addresses = new TokenBuckets(parts.limits.signUp, () => parts.clock.monotonic());
  }

  /**
   * Whether a name is taken is told last, to somebody whose request is good in all else, and to nobody where they could
   * not sign up anyway.
   */
  async signUp(request: SignUpRequest, remote: string): Promise<SignUpAnswer | Refused> {
    const { rule, store, clock } = this.#parts;
    if (rule === 'closed') return refused('sign-up-closed', 'nobody can sign up here');
    const wait = this.#addresses.take(remote);
    if (wait > 0) return refused('too-many-requests', 'too many attempts to sign up', wait);
    const hash = rule === 'invite' ? codeHash(request.code ?? '') : null;
    if (hash !== null) {
      const code = await store.read(async (tx) => tx.signUpCode(hash));
      if (!isOpen(code, clock.now())) return NO_CODE;
    }
    const name = normalUserName(request.user);
    const why = nameFault(name);
    if (why !== null) return refused('unprocessable', why);
    const fault = passwordFault(name, request.password);
    if (fault !== null) return refused('bad-password', fault);
    return this.#signIn.stretching(() => this.#add(name, request.password, hash));
  }

  async #add(name: string, password: string, hash: string | null): Promise<SignUpAnswer | Refused> {
    const { store, clock, random, derive, limits } = this.#parts;
    const parts = { store, clock, random, derive, scryptCost: limits.scryptCost };
    const added = await addUserTo(parts, name, password, hash);
    if (added.kind === 'added') return { user: name };
    switch (added.because) {
      case 'code':
        return NO_CODE;
      case 'taken':
        return refused('user-taken', 'there is a user of that name');
      default:
        return refused('unprocessable', added.why);
    }
  }
}
