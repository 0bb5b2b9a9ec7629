/** Rot: one byte of a stored copy, changed on the disk below a store that knows nothing of it. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkPlace } from '../../server-stub/chunks/folder/chunk-place.ts';
import { segmentName } from '../../server-stub/chunks/folder/segment-files.ts';

/** `folder`: the one that holds `segments/` and `large/`. */
export async function flipAt(folder: string, place: ChunkPlace): Promise<void> {
  const path =
    place.kind === 'file'
      ? join(folder, 'large', place.path)
      : join(folder, 'segments', segmentName(place.segment));
  const at = (place.kind === 'file' ? 0 : place.offset) + 150;
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.of(byte[0]! ^ 1), 0, 1, at);
  await file.close();
}
