/** The disk's words in those of the error table, and stamps compared. Pure. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { DiskFailure, Stamp } from '../environment/disk.ts';
import { codeOfTrouble } from '../local/disk-problems.ts';

export function codeOfDisk(failure: DiskFailure): ErrorCode {
  return codeOfTrouble(failure.trouble);
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
