/** Upload sessions that nobody came back to, and their pins. */
import type { Job } from './job.ts';

export const sessionsJob: Job = {
  name: 'sessions',
  everyMs: 10 * 60 * 1000,
  step: async ({ write, now, isOn }) => {
    if (await isOn('quarantine-sessions')) return { kind: 'done', said: 'none expires: switched off' };
    const expired = await write(async (tx) => tx.expireSessions(now()));
    return { kind: 'done', said: `${expired} upload sessions expired` };
  },
};
