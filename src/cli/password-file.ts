/** Passwords come from files only: on a command line everybody on the machine could read them. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LIMITS } from '../protocol/limits.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput } from './verbs.ts';

/** The whole file but for one line break at its end. */
export async function passwordFrom(input: VerbInput): Promise<string> {
  const path = resolve(input.io.cwd, input.options['password-file'] ?? '');
  const data = await readFile(path).catch((error: unknown) => {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'is not there'
        : 'cannot be read';
    throw new UsageError(`The password file ${path} ${why}.`);
  });
  const password = data.toString('utf8').replace(/\r?\n$/, '');
  if (password === '') throw new UsageError(`The password file ${path} is empty.`);
  if (Buffer.byteLength(password) > LIMITS.passwordBytes)
    throw new UsageError(`The password in ${path} is longer than ${LIMITS.passwordBytes} bytes.`);
  return password;
}
