import { type ChunkId, toHex } from '../../protocol/ids.ts';
import type { Hashing } from '../environment/hashing.ts';

/** Whether these bytes are the chunk of this name. */
export function isChunk(hashing: Hashing, id: ChunkId, bytes: Uint8Array): boolean {
  return toHex(hashing.blake3(bytes)) === id;
}
