/** Room on the disk: a download never takes the last of it, which the user's own programs and our state need more. */
import type { Disk, DiskFailure } from '../environment/disk.ts';

const SPARED_BYTES = 16 * 1024 * 1024;

/** Null when this many more bytes may be staged. */
export async function lackOfRoom(disk: Disk, bytes: number): Promise<DiskFailure | null> {
  const free = await disk.freeBytes();
  if (free >= bytes + SPARED_BYTES) return null;
  return { kind: 'failed', trouble: 'full', detail: `${bytes} bytes to fetch, ${free} bytes free` };
}
