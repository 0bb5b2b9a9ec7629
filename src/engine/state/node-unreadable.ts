/** Whether a disk lets a file be read at all: asked before what was read of it is believed to be damaged. */
import { closeSync, openSync, readSync } from 'node:fs';

const READ_BYTES = 1024 * 1024;

/** Why a file cannot be read through; null where it can be, or is not there. */
export function unreadable(path: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const into = Buffer.alloc(READ_BYTES);
    while (readSync(fd, into) > 0);
    return null;
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isAbsent ? null : error instanceof Error ? error.message : String(error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
