/**
 * Durability by count (RULES 21): a flush waits for other programs' dirty data when it covers the whole file system,
 * and costs a round per file when it does not.
 */
import type { DiskOutcome, Done, RelPath } from '../environment/disk.ts';
import type { DiskCalls } from './node-disk-calls.ts';
import { isFailure } from './node-disk-errors.ts';

/** Up to here each file or folder is flushed on its own. */
const ONE_BY_ONE = 16;

/** What is gone is told as that, when all others are flushed: nothing is known of its bytes. */
export async function flushPaths(calls: DiskCalls, paths: readonly RelPath[]): Promise<DiskOutcome<Done>> {
  const distinct = [...new Set(paths)];
  if (distinct.length === 0) return { kind: 'done' };
  if (distinct.length > ONE_BY_ONE && calls.flushAll !== null) return calls.flushAll();
  const outcomes = await calls.flush(distinct);
  // What cannot be opened for a flush of its own can still be flushed with everything else.
  const unreadable = outcomes.some((outcome) => isFailure(outcome) && outcome.trouble === 'denied');
  if (unreadable && calls.flushAll !== null) return calls.flushAll();
  const failed = outcomes.filter(isFailure);
  return failed.find(({ trouble }) => trouble !== 'gone') ?? failed[0] ?? { kind: 'done' };
}
