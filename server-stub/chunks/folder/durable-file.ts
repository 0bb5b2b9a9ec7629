/** Small writes that must be whole after a power cut. */
import { type FileHandle, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The code of a system error (`ENOENT`), or `null` for anything else. */
export function systemCode(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
}

/** Writes all of several buffers from `position` on; a short write is continued. */
export async function writeFully(
  file: FileHandle,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let rest = buffers.filter((buffer) => buffer.length > 0);
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    let skip = bytesWritten;
    rest = rest.flatMap((buffer) => {
      const cut = Math.min(skip, buffer.length);
      skip -= cut;
      return cut === buffer.length ? [] : [buffer.subarray(cut)];
    });
  }
}

/** Fills the buffer from `position`; answers how much there was. */
export async function readFully(file: FileHandle, into: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Makes names in a folder durable. Windows cannot open folders; its file systems journal names by themselves. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Always the same: what a kill leaves there is overwritten by the next writer, or dropped, and never adds up. */
function stagedFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.new`);
}

/** What a kill left of a replacement that was never made. */
export async function dropUnfinished(path: string): Promise<void> {
  await rm(stagedFor(path), { force: true });
}

/**
 * Replaces a file as one step: a reader sees the old or the new content, also after a power cut. One writer at a time.
 */
export async function replaceFile(path: string, content: string, mode = 0o600): Promise<void> {
  const staged = stagedFor(path);
  try {
    await writeDurably(staged, content, mode);
    await rename(staged, path);
  } catch (cause) {
    await unlink(staged).catch(() => {});
    throw cause;
  }
  await flushFolder(dirname(path));
}

async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
