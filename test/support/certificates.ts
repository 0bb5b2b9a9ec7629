/** Certificates made on the spot, by the openssl of the system: an authority of one's own and what it issues. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
}

export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Authority {
  /** Its own certificate: what has to be trusted. */
  readonly caFile: string;
  /** `altNames` as openssl spells them; `days` below 0: it has expired already. */
  issue(name: string, altNames: string, days?: number): Issued;
}

export function newAuthority(folder: string): Authority {
  const [caFile, caKey] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    caKey,
    '-out',
    caFile,
    '-days',
    '2',
    '-subj',
    '/CN=of this test',
  );
  return {
    caFile,
    issue: (name, altNames, days = 1) => {
      const at = (end: string) => join(folder, `${name}.${end}`);
      openssl('req', ...KEY, '-keyout', at('key'), '-out', at('csr'), '-subj', '/CN=a server');
      writeFileSync(at('ext'), `subjectAltName=${altNames}\nbasicConstraints=critical,CA:FALSE\n`);
      const by = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-extfile', at('ext')];
      openssl('x509', '-req', '-in', at('csr'), ...by, '-days', String(days), '-out', at('pem'));
      return { certFile: at('pem'), keyFile: at('key') };
    },
  };
}

/** As openssl shows it. */
export function fingerprintOf(certFile: string): string {
  const said = openssl('x509', '-in', certFile, '-noout', '-fingerprint', '-sha256');
  return said.slice(said.indexOf('=') + 1).trim();
}
