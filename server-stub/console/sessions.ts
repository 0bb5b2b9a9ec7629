/** Who is signed in. In memory: whoever restarts the server signs everybody out. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { UserId } from '../../src/protocol/ids.ts';
import type { UserRow } from '../metadata/rows.ts';

const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 12 * 3_600_000;
const MOST = 200;
const SECRET_BYTES = 32;

export interface Session {
  readonly user: UserId;
  readonly name: string;
  /** As it was: whoever changes the password ends every session. */
  readonly passwordHash: string;
  /** What every form of this session carries. */
  readonly formSecret: string;
  readonly began: number;
  seen: number;
}

const keyOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

export class Sessions {
  readonly #monotonic: () => number;
  readonly #bytes: (count: number) => Uint8Array;
  /** By a hash of the cookie: what is in memory opens nothing. */
  readonly #sessions = new Map<string, Session>();

  constructor(monotonic: () => number, bytes: (count: number) => Uint8Array) {
    this.#monotonic = monotonic;
    this.#bytes = bytes;
  }

  /** The secret for the cookie. */
  begin({ id, name, passwordHash }: UserRow): string {
    const now = this.#monotonic();
    const secret = this.#secret();
    this.#sessions.set(keyOf(secret), {
      user: id,
      name,
      passwordHash,
      formSecret: this.#secret(),
      began: now,
      seen: now,
    });
    for (const [key] of this.#sessions) {
      if (this.#sessions.size <= MOST) break;
      this.#sessions.delete(key);
    }
    return secret;
  }

  find(secret: string | null): Session | null {
    const key = secret === null ? '' : keyOf(secret);
    const session = this.#sessions.get(key);
    if (session === undefined) return null;
    const now = this.#monotonic();
    if (now - session.seen > IDLE_MS || now - session.began > LONGEST_MS) {
      this.#sessions.delete(key);
      return null;
    }
    session.seen = now;
    return session;
  }

  end(secret: string | null): void {
    if (secret !== null) this.#sessions.delete(keyOf(secret));
  }

  #secret(): string {
    return Buffer.from(this.#bytes(SECRET_BYTES)).toString('base64url');
  }
}

/** Compared without telling how much of it is right. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(keyOf(a)), Buffer.from(keyOf(b)));
}
