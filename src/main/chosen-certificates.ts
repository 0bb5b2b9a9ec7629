/**
 * Certificates that the user chose to look at. Main keeps what was in the file when it was shown, and a page can only
 * name it: what is trusted in the end is what stood on the screen, also if the file is another one by then.
 */
import { createHash, type X509Certificate } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { certificatesIn, MOST_CERTIFICATE_BYTES, pemOf } from '../engine/remote/node-certificates.ts';
import type { CertificateShown, CertificatesChosen } from '../ipc/window.ts';

export interface ChosenCertificates {
  /** Reads it and shows it; trusts nothing. */
  look(file: string): Promise<CertificatesChosen>;
  /** What was shown under this name; null for null. Throws where nothing was. */
  pemOf(id: string | null): string | null;
}

/** At most one byte more than what is taken: a chosen file can be a disk image. */
async function bytesOf(path: string): Promise<Buffer | null> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  const file = isFile ? await open(path, 'r').catch(() => null) : null;
  if (file === null) return null;
  try {
    const buffer = Buffer.alloc(MOST_CERTIFICATE_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

function shownOf(certificate: X509Certificate, now: number): CertificateShown {
  const { subject, subjectAltName, fingerprint256: fingerprint } = certificate;
  const validUntil = Date.parse(certificate.validTo);
  const whose = subject || subjectAltName || '';
  return { subject: whose.split('\n').join(', '), fingerprint, validUntil, isOver: validUntil < now };
}

export function createChosenCertificates(now: () => number): ChosenCertificates {
  const known = new Map<string, string>();
  return {
    look: async (path) => {
      const file = basename(path);
      const bytes = await bytesOf(path);
      if (bytes === null) return { kind: 'unreadable', file };
      const certificates = certificatesIn(bytes);
      if (certificates === null) return { kind: 'no-certificate', file };
      const pem = pemOf(certificates);
      const id = createHash('sha256').update(pem).digest('hex');
      known.set(id, pem);
      return { kind: 'certificates', file, id, shown: certificates.map((each) => shownOf(each, now())) };
    },
    pemOf: (id) => {
      if (id === null) return null;
      const pem = known.get(id);
      if (pem === undefined) throw new Error('There are no chosen certificates of this name.');
      return pem;
    },
  };
}
