/**
 * Counts the hours that the server lives. Whatever waits before something is let go or erased waits in these: a wall
 * clock set ahead by a year adds one hour, a process started again and again adds none.
 */
import type { Waits } from '../server-limits.ts';
import type { Job } from './job.ts';

/** Timers wake a little early or late. */
const NEARLY = 0.95;

export function livedHoursJob(monotonic: () => number, { hourMs }: Pick<Waits, 'hourMs'>): Job {
  const nearly = NEARLY * hourMs;
  let counted: number | null = null;
  return {
    name: 'lived-hours',
    everyMs: hourMs,
    step: async ({ write, now }) => {
      // In this process the steady clock says whether an hour has passed; across processes only the wall clock can.
      const isEarly = counted !== null && monotonic() - counted < nearly;
      const hours = await write(async (tx) => {
        const last = await tx.livedHours();
        const passed = last === null ? hourMs : now() - last.at;
        const next = (last?.hours ?? 0) + (isEarly || (passed >= 0 && passed < nearly) ? 0 : 1);
        if (next !== last?.hours) await tx.setLivedHours({ hours: next, at: now() });
        return next;
      });
      if (!isEarly) counted = monotonic();
      return { kind: 'done', said: `${hours} hours lived` };
    },
  };
}
