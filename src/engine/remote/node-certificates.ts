/** Certificates out of a file that somebody gave: in PEM, any number of them, or a single one in DER. */
import { X509Certificate } from 'node:crypto';

/** What a file of certificates may have, and an account keeps. */
export const MOST_CERTIFICATE_BYTES = 1024 * 1024;

const ONE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
/** Of every DER that is longer than 127 bytes: a sequence, its length in two bytes. */
const DER = Buffer.from([0x30, 0x82]);

/** Null: there are none, or one of them cannot be read. What else stands there, such as a key, is left out. */
export function certificatesIn(bytes: Buffer): readonly X509Certificate[] | null {
  if (bytes.length > MOST_CERTIFICATE_BYTES) return null;
  const all = bytes.subarray(0, 2).equals(DER) ? [bytes] : (bytes.toString('latin1').match(ONE) ?? []);
  try {
    return all.length === 0 ? null : all.map((each) => new X509Certificate(each));
  } catch {
    return null;
  }
}

/** As TLS takes them, and an account keeps them. */
export function pemOf(certificates: readonly X509Certificate[]): string {
  return certificates.map(String).join('');
}
