/** Every job of the server, in the order in which they are looked at. */
import type { ChunkSites } from '../chunks/sites.ts';
import type { ServerLimits } from '../server-limits.ts';
import { collectionJob } from './collection-job.ts';
import { compactionJob } from './compaction-job.ts';
import { coolingJob } from './cooling-job.ts';
import { forgettingJob } from './forgetting-job.ts';
import type { Job } from './job.ts';
import { lineageJob } from './lineage-job.ts';
import { livedHoursJob } from './lived-hours-job.ts';
import { orphansJob } from './orphans-job.ts';
import { replicationJob } from './replication-job.ts';
import { retentionJob } from './retention-job.ts';
import { scrubJob } from './scrub-job.ts';
import { sessionsJob } from './sessions-job.ts';
import { thawingJob } from './thawing-job.ts';

export interface JobsParts {
  readonly chunks: ChunkSites;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  readonly limits: ServerLimits;
  readonly thawDelayMs: number;
}

export function allJobs({ chunks, monotonic, limits, thawDelayMs }: JobsParts): readonly Job[] {
  const { waits } = limits;
  return [
    livedHoursJob(monotonic, waits),
    sessionsJob,
    lineageJob,
    retentionJob(limits),
    forgettingJob(limits),
    collectionJob(chunks, waits),
    compactionJob(chunks, waits),
    orphansJob(chunks, waits),
    scrubJob(chunks, waits),
    ...(chunks.at('cold') === null
      ? []
      : [coolingJob(chunks, waits), thawingJob(chunks, waits, thawDelayMs)]),
    ...(chunks.at('replica') === null ? [] : [replicationJob(chunks, waits)]),
  ];
}
