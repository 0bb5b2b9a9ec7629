/** Deliberate bugs in second copies: written, owed, verified, erased, and brought back; DESIGN 7, I10. */
import { type Mutant, mutants } from './mutant.ts';

const RECLAIMING = 'test/server/reclaiming.test.ts';
const REPLICATION = 'test/server/replication.test.ts';

export const SECOND_COPY_MUTANTS: readonly Mutant[] = mutants(
  {
    id: 'erased-in-the-first-store-alone',
    rules: ['DESIGN 7'],
    breaks: 'what is erased in the first store stays in the second for ever',
    file: 'server-stub/jobs/collection-job.ts',
    find: '    await tx.dropReplica(chunk);\n',
    replace: '',
    hunt: { by: 'test', file: RECLAIMING, name: 'a chunk is erased in both stores by one decision' },
  },
  {
    id: 'a-failed-second-copy-counts-as-written',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'a second copy that could not be written is owed to nobody',
    file: 'server-stub/replication/replicas.ts',
    find: 'if ((await tx.replica(chunk)) === null) await tx.noteDebt(chunk, now);',
    replace: '',
    hunt: { by: 'test', file: RECLAIMING, name: 'a second copy that was not written is a debt' },
  },
  {
    id: 'erasing-does-not-ask-which-store-is-there',
    rules: ['DESIGN 7'],
    breaks: 'bytes are asked to go from a store that cannot be reached, and count as gone',
    file: 'server-stub/jobs/erase-copies.ts',
    find: 'for (const site of await chunks.reachable()) {',
    replace: "for (const site of ['hot', 'replica'] as const) {",
    hunt: { by: 'test', file: RECLAIMING, name: 'a chunk is erased in both stores by one decision' },
  },
  {
    id: 'an-empty-mount-point-is-filled',
    rules: ['DESIGN 7'],
    breaks: 'a folder without the mark of the second store is taken for it',
    file: 'server-stub/side-stores.ts',
    find: '(await markIn(folder, site)) === id;',
    replace: "(await markIn(folder, site)) !== '';",
    hunt: { by: 'test', file: REPLICATION, name: 'a second store that is not there holds up nobody' },
  },
  {
    id: 'rot-is-not-repaired-from-the-second-store',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'a damaged first copy waits for a device although the second copy is whole',
    file: 'server-stub/jobs/scrub-job.ts',
    find: 'await mendFromReplicas(context, chunks, damagedOf(faults));',
    replace: '',
    hunt: { by: 'test', file: REPLICATION, name: 'same-site: what was acknowledged has two copies' },
  },
  {
    id: 'second-copies-are-not-verified',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'rot in the second store is found when somebody needs it',
    file: 'server-stub/jobs/scrub-job.ts',
    find: 'await checkReplicas(context, chunks, page);',
    replace: '',
    hunt: { by: 'test', file: REPLICATION, name: 'same-site: what was acknowledged has two copies' },
  },
);
