import { assertNever } from '../../../src/protocol/assert-never.ts';
import { type ChunkLocation, parseChunkLocation } from '../chunk-store.ts';

/** What a location of the folder store says: which record of which segment, or which file. */
export type ChunkPlace =
  | { readonly kind: 'segment'; readonly segment: number; readonly offset: number; readonly length: number }
  | { readonly kind: 'file'; readonly path: string; readonly length: number };

const SEGMENT = /^s\/(\d{1,15})\/(\d{1,15})\/(\d{1,10})$/;
const FILE = /^f\/(\d{6,15}-[a-z0-9]{1,4}\/[0-9a-f]{16}-[0-9a-f]{16})\/(\d{1,10})$/;

export function locationOf(place: ChunkPlace): ChunkLocation {
  switch (place.kind) {
    case 'segment':
      return parseChunkLocation(`s/${place.segment}/${place.offset}/${place.length}`);
    case 'file':
      return parseChunkLocation(`f/${place.path}/${place.length}`);
    default:
      return assertNever(place, 'place');
  }
}

/** `null`: not a location of this store. A path in it cannot leave the store's folder. */
export function placeOf(location: ChunkLocation): ChunkPlace | null {
  const segment = SEGMENT.exec(location);
  if (segment !== null) {
    return {
      kind: 'segment',
      segment: Number(segment[1]),
      offset: Number(segment[2]),
      length: Number(segment[3]),
    };
  }
  const file = FILE.exec(location);
  return file === null ? null : { kind: 'file', path: file[1]!, length: Number(file[2]) };
}
