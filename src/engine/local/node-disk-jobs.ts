/** Cuts batches into jobs for the thread pool: large enough to be cheap, small enough to be no long hold of a thread. */
import type { StageCall } from './node-disk-calls.ts';

const STAGE_FILES_PER_JOB = 512;
const STAGE_BYTES_PER_JOB = 8 * 1024 * 1024;
const PATHS_PER_JOB = 1024;

/** How many of the items from `start` on go into one job. */
export type Slice<Item> = (items: readonly Item[], start: number) => number;

export const byCount: Slice<unknown> = (items, start) => Math.min(PATHS_PER_JOB, items.length - start);

/** By number and by bytes, at least one. */
export function byBytes(items: readonly StageCall[], start: number): number {
  let bytes = 0;
  let count = 0;
  while (start + count < items.length && count < STAGE_FILES_PER_JOB) {
    bytes += items[start + count]!.bytes.length;
    if (count > 0 && bytes > STAGE_BYTES_PER_JOB) break;
    count += 1;
  }
  return count;
}

/** Runs the slices with at most `inFlight` at a time and returns the outcomes in the order of the items. */
export async function inJobs<Item, Outcome>(
  items: readonly Item[],
  sliceAt: Slice<Item>,
  inFlight: number,
  job: (slice: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const first = sliceAt(items, 0);
  if (items.length === 0) return [];
  if (first >= items.length) return job(items);
  const outcomes: (readonly Outcome[])[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const start = next;
      const count = sliceAt(items, start);
      next += count;
      const place = outcomes.push([]) - 1;
      outcomes[place] = await job(items.slice(start, start + count));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return outcomes.flat();
}
