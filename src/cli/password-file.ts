/** Secrets come from files only, or from standard input ("-"): on a command line everybody on the machine could read them. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LIMITS } from '../protocol/limits.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput } from './verbs.ts';

/** The whole file but for one line break at its end. */
export async function passwordFrom(input: VerbInput): Promise<string> {
  const { text: password, from } = await secretFrom(input, 'password-file', 'password');
  if (Buffer.byteLength(password) > LIMITS.passwordBytes)
    throw new UsageError(`The password in ${from} is longer than ${LIMITS.passwordBytes} bytes.`);
  return password;
}

/** What the file of an option holds; the words of a complaint never hold it. */
export async function secretFrom(
  input: VerbInput,
  option: string,
  what: string,
): Promise<{ readonly text: string; readonly from: string }> {
  const typed = input.options[option] ?? '';
  const from = typed === '-' ? 'standard input' : resolve(input.io.cwd, typed);
  const data = await (typed === '-' ? input.io.stdin() : readFile(from)).catch((error: unknown) => {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'is not there'
        : 'cannot be read';
    throw new UsageError(`The ${what} file ${from} ${why}.`);
  });
  const text = Buffer.from(data)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') throw new UsageError(`The ${what} file ${from} is empty.`);
  return { text, from };
}
