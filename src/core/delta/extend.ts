/** Narrowing the gaps between runs byte by byte, where the source chunks are at hand. */
import type { ChunkId } from '../../protocol/ids.ts';
import type { Run } from './run.ts';

type Sources = readonly (Uint8Array | null)[];

/** Sources tried for a common beginning or end; a chunk has one or two predecessors, not dozens. */
const ENDS_TRIED = 8;
/** Shortest stretch of equal bytes inside an overwritten gap that is worth two more parts. */
const LEAST_INNER = 64;
/** Runs that inner stretches may add to one gap: scattered edits stay far from the limit on parts. */
const MOST_INNER = 1024;

/**
 * Extends every run into the gaps beside it, tries the beginning and the end of the target against those of the
 * sources, and finds what is equal inside a gap that was overwritten in place.
 */
export function extendRuns(
  target: Uint8Array,
  runs: readonly Run[],
  ids: readonly ChunkId[],
  getSource: (id: ChunkId) => Uint8Array | null,
): Run[] {
  const needed = new Set(runs.map((run) => run.source));
  const bytes: Sources = ids.map((id, at) => (at < ENDS_TRIED || needed.has(at) ? getSource(id) : null));
  const extended = runs.map((run) => ({ ...run }));
  extended.forEach((run, at) => {
    const limit = extended[at + 1]?.start ?? target.length;
    run.end += equalForward(target, run.end, limit, bytes[run.source], run.offset + run.end - run.start);
  });
  extended.forEach((run, at) => {
    const limit = extended[at - 1]?.end ?? 0;
    const gained = equalBackward(target, run.start, limit, bytes[run.source], run.offset);
    run.start -= gained;
    run.offset -= gained;
  });
  return withInner(target, withEnds(target, extended, bytes), bytes);
}

/** A common beginning and a common end with some source, where no run reaches the target's own. */
function withEnds(target: Uint8Array, runs: readonly Run[], sources: Sources): Run[] {
  const ends = [...runs];
  const headLimit = ends[0]?.start ?? target.length;
  let head: Run = { source: 0, offset: 0, start: 0, end: 0 };
  for (let source = 0; source < Math.min(sources.length, ENDS_TRIED); source += 1) {
    const end = equalForward(target, 0, headLimit, sources[source], 0);
    if (end > head.end) head = { source, offset: 0, start: 0, end };
  }
  if (head.end > 0) ends.unshift(head);
  const tailLimit = ends.at(-1)?.end ?? 0;
  let tail: Run = { source: 0, offset: 0, start: target.length, end: target.length };
  for (let source = 0; source < Math.min(sources.length, ENDS_TRIED); source += 1) {
    const length = sources[source]?.length ?? 0;
    const gained = equalBackward(target, target.length, tailLimit, sources[source], length);
    const start = target.length - gained;
    if (start < tail.start) tail = { source, offset: length - gained, start, end: target.length };
  }
  if (tail.start < target.length) ends.push(tail);
  return ends;
}

/** Where the runs on both sides of a gap agree on how far target and source lie apart, the gap was overwritten. */
function withInner(target: Uint8Array, runs: readonly Run[], sources: Sources): Run[] {
  const all: Run[] = [];
  for (const run of runs) {
    const before = all.at(-1);
    const source = sources[run.source];
    if (
      source &&
      before?.source === run.source &&
      before.offset - before.start === run.offset - run.start &&
      run.start - before.end >= LEAST_INNER
    ) {
      all.push(...innerRuns(target, source, before, run));
    }
    all.push(run);
  }
  return all;
}

function innerRuns(target: Uint8Array, source: Uint8Array, before: Run, after: Run): Run[] {
  const shift = before.offset - before.start;
  const runs: Run[] = [];
  let start = before.end;
  for (let at = before.end; at <= after.start && runs.length < MOST_INNER; at += 1) {
    if (at < after.start && target[at] === source[at + shift]) continue;
    if (at - start >= LEAST_INNER) {
      runs.push({ source: before.source, offset: start + shift, start, end: at });
    }
    start = at + 1;
  }
  return runs;
}

/** How many bytes from target[from, limit) on equal source[at…]. */
function equalForward(
  target: Uint8Array,
  from: number,
  limit: number,
  source: Uint8Array | null | undefined,
  at: number,
): number {
  if (!source) return 0;
  const most = Math.min(limit - from, source.length - at);
  let count = 0;
  while (count < most && target[from + count] === source[at + count]) count += 1;
  return Math.max(0, count);
}

/** How many bytes before target[until], not below `limit`, equal those before source[at]. */
function equalBackward(
  target: Uint8Array,
  until: number,
  limit: number,
  source: Uint8Array | null | undefined,
  at: number,
): number {
  if (!source) return 0;
  const most = Math.min(until - limit, at);
  let count = 0;
  while (count < most && target[until - count - 1] === source[at - count - 1]) count += 1;
  return count;
}
