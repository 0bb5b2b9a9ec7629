/**
 * Tells a chunk through chunks that the other side has. Sub-chunks of the target are looked up by digest; what is found
 * next to each other in one source becomes one copy. Then the gaps are narrowed: by the digests of the neighbouring
 * sub-chunks at their shifted place (that finds everything behind a few bytes put in front), and byte by byte where
 * the sources themselves are at hand.
 */
import type { ChunkId } from '../../protocol/ids.ts';
import type { Blake3 } from '../manifest/manifest.ts';
import { DELTA_LIMITS, type Delta, type DeltaPart } from './delta.ts';
import { extendRuns } from './extend.ts';
import type { Run } from './run.ts';
import type { SignatureIndex } from './signature-index.ts';
import { subChunkEnds } from './sub-chunks.ts';

/** A run with the entries it was found by. */
interface IndexedRun extends Run {
  firstEntry: number;
  lastEntry: number;
}

/** A copy has to save more than its own few bytes. */
const LEAST_COPY = 16;

export function makeDelta(
  target: Uint8Array,
  index: SignatureIndex,
  blake3: Blake3,
  sources?: (id: ChunkId) => Uint8Array | null,
): Delta {
  const found = findRuns(target, index, blake3);
  const aligned = alignGaps(target, found, index, blake3);
  const runs = sources === undefined ? aligned : extendRuns(target, aligned, index.sources, sources);
  return { parts: partsOf(target, runs, index.sources) };
}

function findRuns(target: Uint8Array, index: SignatureIndex, blake3: Blake3): IndexedRun[] {
  const runs: IndexedRun[] = [];
  if (index.entries === 0) return runs;
  let start = 0;
  let expected = -1;
  for (const end of subChunkEnds(target)) {
    const entry = index.find(blake3(target.subarray(start, end)), end - start, expected);
    const last = runs.at(-1);
    if (entry >= 0 && last !== undefined && entry === expected && continues(last, entry, index)) {
      last.end = end;
      last.lastEntry = entry;
    } else if (entry >= 0) {
      const place = { source: index.sourceOf(entry), offset: index.offsetOf(entry) };
      runs.push({ ...place, start, end, firstEntry: entry, lastEntry: entry });
    }
    expected = entry < 0 ? -1 : entry + 1;
    start = end;
  }
  return runs;
}

/** The next entry may already belong to the next source. */
function continues(run: Run, entry: number, index: SignatureIndex): boolean {
  return index.sourceOf(entry) === run.source && index.offsetOf(entry) === run.offset + (run.end - run.start);
}

/**
 * Around an insertion or a removal the cuts of target and source differ for a sub-chunk or two, although the bytes do
 * not: the sub-chunk that follows a run in its source may follow it in the target too, only cut otherwise.
 */
function alignGaps(
  target: Uint8Array,
  runs: IndexedRun[],
  index: SignatureIndex,
  blake3: Blake3,
): IndexedRun[] {
  const stands = (entry: number, source: number, start: number, end: number): boolean =>
    entry >= 0 &&
    entry < index.entries &&
    index.sourceOf(entry) === source &&
    index.has(entry, blake3(target.subarray(start, end)), end - start);
  runs.forEach((run, at) => {
    const limit = runs[at + 1]?.start ?? target.length;
    for (let entry = run.lastEntry + 1; entry < index.entries; entry += 1) {
      const end = run.end + index.lengthOf(entry);
      if (end > limit || !stands(entry, run.source, run.end, end)) break;
      run.end = end;
      run.lastEntry = entry;
    }
  });
  runs.forEach((run, at) => {
    const limit = runs[at - 1]?.end ?? 0;
    for (let entry = run.firstEntry - 1; entry >= 0; entry -= 1) {
      const start = run.start - index.lengthOf(entry);
      if (start < limit || !stands(entry, run.source, start, run.start)) break;
      run.offset -= run.start - start;
      run.start = start;
      run.firstEntry = entry;
    }
  });
  return runs;
}

/** Copies and literals in order, within the bounds every receiver enforces. */
function partsOf(target: Uint8Array, runs: readonly Run[], sources: readonly ChunkId[]): DeltaPart[] {
  const parts: DeltaPart[] = [];
  const used = new Set<number>();
  let done = 0;
  for (const run of runs) {
    if (run.end - run.start < LEAST_COPY) continue;
    // A copy may take two parts, and the rest of the target one more.
    if (parts.length + 3 > DELTA_LIMITS.parts) break;
    if (!used.has(run.source) && used.size >= DELTA_LIMITS.sources) continue;
    used.add(run.source);
    if (run.start > done) parts.push({ kind: 'literal', bytes: target.subarray(done, run.start) });
    const length = run.end - run.start;
    const last = parts.at(-1);
    const source = sources[run.source]!;
    if (last?.kind === 'copy' && last.source === source && last.offset + last.length === run.offset) {
      parts[parts.length - 1] = { ...last, length: last.length + length };
    } else {
      parts.push({ kind: 'copy', source, offset: run.offset, length });
    }
    done = run.end;
  }
  if (done < target.length) parts.push({ kind: 'literal', bytes: target.subarray(done) });
  return parts;
}
