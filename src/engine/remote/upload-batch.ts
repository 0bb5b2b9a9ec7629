/** What of a list of claims fits one request, and which chunks it is about. Pure. */
import type { Claim } from '../../protocol/claims.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { UploadItem, UploadSource } from './server.ts';

/** Below the limit by what the estimate may miss. */
const JSON_BYTES = LIMITS.jsonBytes * 0.75;
const CLAIM_BYTES = 700;
const STEP_BYTES = 400;
const ID_BYTES = 40;
const KEY_BYTES = 18;

/** Splits in order, since later claims may refer to nodes that earlier ones create. */
export function* batchesOf(items: readonly UploadItem[]): Generator<readonly UploadItem[]> {
  let batch: UploadItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = jsonSize(item.claim);
    if (batch.length > 0 && (batch.length >= LIMITS.claims || bytes + size > JSON_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** About as many bytes as the claim takes in JSON, rather more than less. */
function jsonSize(claim: Claim): number {
  let size = CLAIM_BYTES + claim.unanswered.length * KEY_BYTES;
  if (claim.op === 'create' || claim.op === 'edit' || claim.op === 'resolve') {
    const { content } = claim;
    if (content?.kind === 'file') size += content.encoded.length;
    if (content?.kind === 'symlink') size += content.target.length * 6;
  }
  if (claim.op === 'create' || claim.op === 'move') size += claim.name.length * 6;
  if (claim.op === 'delete') size += claim.unapplied.length * ID_BYTES;
  if (claim.op === 'rearrange') {
    for (const step of claim.steps) {
      size += STEP_BYTES + (step.op === 'move' ? step.name.length * 6 : step.unapplied.length * ID_BYTES);
    }
  }
  return size;
}

export function sourcesOf(items: readonly UploadItem[]): readonly UploadSource[] {
  return items.flatMap((item) => (item.source === null ? [] : [item.source]));
}

/** Bytes of the distinct chunks for which `counts` says so, or Infinity once they exceed `most`. */
export function distinctBytes(
  sources: readonly UploadSource[],
  counts: (source: UploadSource, id: ChunkId) => boolean,
  most: number,
): number {
  const seen = new Set<ChunkId>();
  let bytes = 0;
  for (const source of sources) {
    for (const chunk of source.manifest.chunks) {
      if (seen.has(chunk.id) || !counts(source, chunk.id)) continue;
      seen.add(chunk.id);
      bytes += chunk.size;
      if (bytes > most) return Number.POSITIVE_INFINITY;
    }
  }
  return bytes;
}
