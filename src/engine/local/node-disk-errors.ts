/** Error numbers of the system, reduced to the few classes that decide what happens next. */
import { constants } from 'node:os';
import type { DiskFailure, DiskTrouble, RelPath } from '../environment/disk.ts';

/** Everything not named here is `input-output`: unknown, never absence. */
const TROUBLES: ReadonlyMap<string, DiskTrouble> = new Map<string, DiskTrouble>([
  ['ENOENT', 'gone'],
  ['ENODATA', 'gone'], // a range to copy that is not there any more
  ['EEXIST', 'taken'],
  ['EISDIR', 'taken'], // a folder stands where a file was meant
  ['ENOTEMPTY', 'not-empty'],
  ['ENOTDIR', 'not-folder'],
  ['ELOOP', 'not-folder'], // a symlink among the components
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EFBIG', 'full'], // larger than this file system's files can be
  ['EBUSY', 'busy'],
  ['ETXTBSY', 'busy'],
  ['EAGAIN', 'busy'], // it changed while it was looked at
  ['ENAMETOOLONG', 'name-too-long'],
  ['EINVAL', 'name-refused'],
  ['EILSEQ', 'name-refused'],
  ['EMFILE', 'too-many-open'],
  ['ENFILE', 'too-many-open'],
  ['EXDEV', 'other-mount'],
]);

const CODES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([code, number]) => [number, code]),
);

export function troubleOf(code: string): DiskTrouble {
  return TROUBLES.get(code) ?? 'input-output';
}

/** The errno's name; several names of one number (EAGAIN, EWOULDBLOCK) settle on one known to the table. */
export function codeOf(errno: number): string {
  if (errno === constants.errno.EAGAIN) return 'EAGAIN';
  if (errno === constants.errno.ENOTSUP) return 'ENOTSUP';
  return CODES.get(errno) ?? `E${errno}`;
}

export function failed(code: string, path: RelPath): DiskFailure {
  return { kind: 'failed', trouble: troubleOf(code), detail: `${code} ${path === '' ? '.' : path}` };
}

/** What Node throws carries a code; anything without one is a fault of the program and goes on. */
export function failedWith(error: unknown, path: RelPath): DiskFailure {
  return failed(errorCode(error), path);
}

export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

export function isFailure(value: { readonly kind: string }): value is DiskFailure {
  return value.kind === 'failed';
}
