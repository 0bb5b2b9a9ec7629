/** Requests that reach the server more than once, or late. */
import { delayed, twice } from './faults.ts';
import { CALLS, lineOf, type NetworkCase } from './network-case.ts';

const TWICE: readonly NetworkCase[] = CALLS.flatMap(({ path, whose }) =>
  (['first', 'second'] as const).flatMap((heard) =>
    (['at once', 'afterwards'] as const).map((when) => ({
      name: `${whose}: every ${path} reaches the server twice (${when}), and the ${heard} answer is heard`,
      run: async (rig) => {
        const rule = lineOf(rig, whose).arm({ routes: [path], fault: twice(heard, when) });
        await rig.work();
        await rig.struck(rule);
        await rig.settled();
      },
    })),
  ),
);

const LATE: readonly NetworkCase[] = ['/v1/commit', '/v1/finalize', '/v1/chunks', '/v1/sessions'].map(
  (path) => ({
    name: `writer: ${path} comes late, after it was sent again and the file was edited further`,
    run: async (rig) => {
      const { fault, deliver } = delayed();
      const rule = rig.writerLine.arm({ routes: [path], times: 1, fault });
      await rig.work();
      await rig.struck(rule);
      await rig.settled();
      await rig.work();
      await deliver();
      await rig.settled();
      // The same request once more, when all of it is history.
      await deliver();
    },
  }),
);

export const REPLAYS: readonly NetworkCase[] = [...TWICE, ...LATE];
