/** Certificates of an authority that the system does not know: of whoever runs a server with a certificate of their own. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { certificatesIn, pemOf } from '../engine/remote/node-certificates.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput } from './verbs.ts';

/** What `--ca` names, as text; null: it was not given. */
export async function caFrom(input: VerbInput): Promise<string | null> {
  const typed = input.options['ca'];
  if (typed === undefined) return null;
  const file = resolve(input.io.cwd, typed);
  const bytes = await readFile(file).catch(() => {
    throw new UsageError(`The certificate file ${file} cannot be read.`);
  });
  const certificates = certificatesIn(bytes);
  if (certificates === null) throw new UsageError(`${file} holds no certificates.`);
  return pemOf(certificates);
}
