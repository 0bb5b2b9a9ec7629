/** The server's own certificate and key: read, checked against each other, and told in a form that people can compare. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { reason } from './data-folder.ts';
import { Refusal } from './refusal.ts';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Certificate {
  /** The chain and its key, in PEM. */
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the first certificate, as every other program shows it. */
  readonly fingerprint: string;
  /** Wall milliseconds. */
  readonly validTo: number;
}

/** Everybody else on the computer: a key that they can read is no secret. */
const OTHERS = 0o007;

/** Throws a Refusal, with one sentence, where these cannot be used. */
export async function readCertificate({ certFile, keyFile }: TlsFiles): Promise<Certificate> {
  const cert = await readPem(certFile, 'certificate');
  const key = await readPem(keyFile, 'key');
  if (process.platform !== 'win32' && ((await stat(keyFile)).mode & OTHERS) !== 0)
    throw new Refusal(
      `The key ${keyFile} can be read by everybody on this computer: take that away with "chmod o= ${keyFile}".`,
    );
  const first = parsed(`${certFile} holds no certificate in PEM`, () => new X509Certificate(cert));
  const secret = parsed(`${keyFile} holds no private key in PEM`, () => createPrivateKey(key));
  if (!first.checkPrivateKey(secret))
    throw new Refusal(`The key ${keyFile} does not belong to the certificate ${certFile}.`);
  parsed(`The certificate ${certFile} and its key cannot be used`, () => createSecureContext({ cert, key }));
  return { cert, key, fingerprint: first.fingerprint256, validTo: first.validToDate.getTime() };
}

async function readPem(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Refusal(`The ${what} ${path} cannot be read (${reason(cause)}).`);
  }
}

function parsed<T>(complaint: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new Refusal(`${complaint} (${reason(cause)}).`);
  }
}
