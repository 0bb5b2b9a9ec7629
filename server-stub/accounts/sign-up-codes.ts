/** Codes that let one person each make an account: short enough to be read out, too long to be guessed. */
import { createHash } from 'node:crypto';
import type { SignUpCodeRow } from '../metadata/people-rows.ts';

/** Thirty-two; of those that look alike only one. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz023456789';
const LENGTH = 20;
const GROUP = 5;
export const CODE_BYTES = LENGTH;

/** Of `CODE_BYTES` random bytes: 32 letters, so that every one is as likely. */
export function codeOf(bytes: Uint8Array): string {
  const letters = [...bytes].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
  return (letters.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-');
}

/** However it was typed: the hash it is kept as. */
export function codeHash(typed: string): string {
  const plain = typed.normalize('NFKC').toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0');
  return createHash('sha256').update(plain, 'utf8').digest('hex');
}

/** Whether somebody can still come in by it. */
export function isOpen(code: SignUpCodeRow | null, now: number): boolean {
  return code !== null && code.usedAt === null && now < code.expiresAt;
}
