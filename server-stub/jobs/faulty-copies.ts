/** Copies that do not read whole. */
import { type ChunkStore, parseChunkLocation, type ReadOutcome } from '../chunks/chunk-store.ts';
import type { Erasure, StoredCopy } from '../metadata/collection-rows.ts';

/** As many at once, and most of a step: rather a disk that is not there than chunks that rot. Nothing is set apart then. */
const SUSPICIOUS = 8;

/** Read at once. */
const BYTES = 8 * 1024 * 1024;

/** The first of them that fit into one step, at least one. */
export function withinBytes(found: readonly StoredCopy[]): readonly StoredCopy[] {
  let bytes = 0;
  const end = found.findIndex(({ size }, i) => {
    bytes += size;
    return i > 0 && bytes > BYTES;
  });
  return end === -1 ? found : found.slice(0, end);
}

export interface Fault<Copy extends Erasure> {
  readonly copy: Copy;
  readonly outcome: Exclude<ReadOutcome, { kind: 'ok' }>;
}

export function isSuspicious(faults: number, copies: number): boolean {
  return faults >= SUSPICIOUS && faults * 2 > copies;
}

/** Those that could not be read whole, twice: a copy that is just being erased or moved reads oddly once. */
export async function faultsOf<Copy extends Erasure>(
  chunks: ChunkStore,
  page: readonly Copy[],
): Promise<readonly Fault<Copy>[]> {
  const once = await readFaults(chunks, page);
  const suspects = once.map(({ copy }) => copy);
  return suspects.length === 0 ? [] : readFaults(chunks, suspects);
}

async function readFaults<Copy extends Erasure>(
  chunks: ChunkStore,
  copies: readonly Copy[],
): Promise<readonly Fault<Copy>[]> {
  const stored = copies.map((copy) => ({ ...copy, location: parseChunkLocation(copy.location) }));
  const outcomes = await chunks.get(stored);
  return copies.flatMap((copy, i): readonly Fault<Copy>[] => {
    const outcome = outcomes[i];
    return outcome === undefined || outcome.kind === 'ok' ? [] : [{ copy, outcome }];
  });
}
