/** Whom a TLS line trusts, and why it did not. */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Putting hundreds of certificates together takes a third of a second: once per process and set. */
const known = new Map<string, SecureContext>();

/** The authorities that come with Node, those of the system, and those in `ca` (PEM). */
export function trustOf(ca: string | null): SecureContext {
  const key = ca ?? '';
  const found = known.get(key);
  if (found !== undefined) return found;
  const all = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  const context = createSecureContext({ ca: [...all, ...(ca === null ? [] : [ca])] });
  known.set(key, context);
  return context;
}

const UNKNOWN = 'its certificate comes from nobody whom this computer trusts';
const WHY: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN,
  CERT_UNTRUSTED: UNKNOWN,
  CERT_REJECTED: UNKNOWN,
  INVALID_CA: UNKNOWN,
  INVALID_PURPOSE: UNKNOWN,
  CERT_SIGNATURE_FAILURE: UNKNOWN,
  CERT_CHAIN_TOO_LONG: UNKNOWN,
  PATH_LENGTH_EXCEEDED: UNKNOWN,
};

/** What is wrong with the certificate that ended a connection; null: it was not the certificate. */
export function certificateFault(error: unknown): string | null {
  if (error instanceof AggregateError) return certificateFault(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return WHY[error.code] ?? null;
}
