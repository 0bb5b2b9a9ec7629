/** Every job of the server. */
import type { Job } from './job.ts';
import { sessionsJob } from './sessions-job.ts';

export function allJobs(): readonly Job[] {
  return [sessionsJob];
}
