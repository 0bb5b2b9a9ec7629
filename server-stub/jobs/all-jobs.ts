/** Every job of the server, in the order in which they are looked at. */
import type { ChunkStore } from '../chunks/chunk-store.ts';
import { collectionJob } from './collection-job.ts';
import type { Job } from './job.ts';
import { livedHoursJob } from './lived-hours-job.ts';
import { retentionJob } from './retention-job.ts';
import { sessionsJob } from './sessions-job.ts';

/** `monotonic`: milliseconds that never go back. */
export function allJobs(chunks: ChunkStore, monotonic: () => number): readonly Job[] {
  return [livedHoursJob(monotonic), sessionsJob, retentionJob, collectionJob(chunks)];
}
