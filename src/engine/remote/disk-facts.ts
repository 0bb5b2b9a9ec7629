/** The disk's words in those of the error table, and stamps compared. Pure. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { DiskFailure, DiskTrouble, Stamp } from '../environment/disk.ts';

const CODES: Readonly<Record<DiskTrouble, ErrorCode>> = {
  gone: 'disk-error',
  taken: 'in-the-way',
  'not-empty': 'in-the-way',
  'not-folder': 'in-the-way',
  denied: 'no-access',
  full: 'disk-full',
  busy: 'file-busy',
  'name-too-long': 'name-held',
  'name-refused': 'name-held',
  'too-many-open': 'disk-error',
  'other-mount': 'other-mount',
  'input-output': 'disk-error',
};

export function codeOfDisk(failure: DiskFailure): ErrorCode {
  return CODES[failure.trouble];
}

/** Nothing that `lstat` tells has moved: these are the bytes that were looked at before. */
export function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.kind === b.kind &&
    a.fileId === b.fileId &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs
  );
}
