/**
 * Passwords at rest: scrypt with its parameters and a random salt beside the hash, so that the cost can be raised later.
 * The number of checks under way is bounded: each holds a core and 32 MiB.
 */
import { scrypt, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import { parserOf, record } from '../../src/protocol/schema.ts';

export interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Replaced in simulations, where a thread of the machine would be an effect. */
export type DeriveKey = (
  password: string,
  salt: Uint8Array,
  parameters: ScryptParameters,
) => Promise<Uint8Array>;

const KEY_BYTES = 32;
export const SALT_BYTES = 16;
const Hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$` });
const parseStored = parserOf(
  record({
    kind: Type.Literal('scrypt'),
    N: Type.Integer({ minimum: 2, maximum: 2 ** 22 }),
    r: Type.Integer({ minimum: 1, maximum: 64 }),
    p: Type.Integer({ minimum: 1, maximum: 64 }),
    salt: Hex(SALT_BYTES),
    hash: Hex(KEY_BYTES),
  }),
);

export const deriveWithScrypt: DeriveKey = (password, salt, { N, r, p }) =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (cause, key) => {
      if (cause === null) resolve(key);
      else reject(cause);
    });
  });

export async function hashPassword(
  derive: DeriveKey,
  password: string,
  salt: Uint8Array,
  cost: number,
): Promise<string> {
  const parameters = { N: cost, r: 8, p: 1 };
  const hash = await derive(normal(password), salt, parameters);
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return JSON.stringify({ kind: 'scrypt', ...parameters, salt: hex(salt), hash: hex(hash) });
}

/** `stored` null: there is no such user. It takes as long as a wrong password. */
export async function checkPassword(
  derive: DeriveKey,
  password: string,
  stored: string | null,
  cost: number,
): Promise<boolean> {
  const parsed = stored === null ? null : parseStored(JSON.parse(stored));
  if (parsed === null) {
    await derive(normal(password), Buffer.alloc(SALT_BYTES), { N: cost, r: 8, p: 1 });
    return false;
  }
  if (parsed.kind === 'invalid') throw new Error('a stored password hash is not readable');
  const { N, r, p, salt, hash } = parsed.value;
  const found = await derive(normal(password), Buffer.from(salt, 'hex'), { N, r, p });
  return timingSafeEqual(found, Buffer.from(hash, 'hex'));
}

/** The same password typed on another system may arrive in another normal form. */
function normal(password: string): string {
  return password.normalize('NFC');
}
