/** Certificates of an authority that the system does not know: of whoever runs a server with a certificate of their own. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isCertificates } from '../engine/remote/node-trust.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput } from './verbs.ts';

const MOST_BYTES = 1024 * 1024;

/** What `--ca` names, as text; null: it was not given. */
export async function caFrom(input: VerbInput): Promise<string | null> {
  const typed = input.options['ca'];
  if (typed === undefined) return null;
  const file = resolve(input.io.cwd, typed);
  const pem = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The certificate file ${file} cannot be read.`);
  });
  if (pem.length > MOST_BYTES || !isCertificates(pem))
    throw new UsageError(`${file} holds no certificates in PEM.`);
  return pem;
}
