/** Stamps as text: compared as a whole, taken apart only where the disk's answer has to be weighed (RULES 18). */
import type { Stamp } from '../environment/disk.ts';

export interface StampParts {
  readonly fileId: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly executable: boolean;
}

export function encodeStamp(stamp: Stamp): string {
  return `${stamp.fileId}|${stamp.size}|${stamp.mtimeNs}|${stamp.ctimeNs}|${stamp.executable ? 'x' : '-'}`;
}

export function decodeStamp(text: string): StampParts | null {
  const [fileId, size, mtime, ctime, mode] = text.split('|');
  if (
    fileId === undefined ||
    size === undefined ||
    mtime === undefined ||
    ctime === undefined ||
    mode === undefined
  )
    return null;
  return {
    fileId,
    size: Number(size),
    mtimeNs: BigInt(mtime),
    ctimeNs: BigInt(ctime),
    executable: mode === 'x',
  };
}

/** Then it is nowhere else: the object cannot be mistaken, and a folder has one name, a file as many as it has links. */
export function isOnlyName({ kind, trusted, links }: Stamp): boolean {
  return trusted && (kind === 'folder' || links === 1);
}

/** Same object, size and mtime: what is left to compare after an exchange, which changes ctimes by itself. */
export function sameBytesLikely(expected: string, found: Stamp): boolean {
  const parts = decodeStamp(expected);
  return (
    parts !== null &&
    parts.fileId === found.fileId &&
    parts.size === found.size &&
    parts.mtimeNs === found.mtimeNs
  );
}
