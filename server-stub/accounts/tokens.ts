import { createHash } from 'node:crypto';

export const TOKEN_BYTES = 32;
const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;

export function tokenOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** How a token is kept: it is as random as a key, so a plain hash hides it, and a copied database opens nothing. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token, 'latin1').digest('hex');
}

/** The token of an Authorization header, if it has the form of ours. */
export function bearerToken(header: string | undefined): string | null {
  return BEARER.exec(header ?? '')?.[1] ?? null;
}
