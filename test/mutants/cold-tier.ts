/** Deliberate bugs in the cold store: the way there and back, what is said meanwhile, and what counts as stored; DESIGN 7. */
import { type Mutant, mutants } from './mutant.ts';

const COLD = 'test/server/cold.test.ts';
const JOBS = 'test/server/cold-jobs.test.ts';
const TOLD = 'old versions grow cold, say so when they are read';

export const COLD_TIER_MUTANTS: readonly Mutant[] = mutants(
  {
    id: 'hot-bytes-go-before-the-cold-copy-is-verified',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'a cold store that does not keep what it takes gets the only copy',
    file: 'server-stub/cold/move-verified.ts',
    find: "copied.filter((_, i) => back[i]?.kind === 'ok')",
    replace: 'copied.filter((_, i) => back[i] !== undefined)',
    hunt: { by: 'test', file: JOBS, name: 'a cold store that does not keep what it takes' },
  },
  {
    id: 'erasing-forgets-the-cold-store',
    rules: ['DESIGN 7'],
    breaks: 'what is dead stays in the cold store for ever',
    file: 'server-stub/jobs/erase-copies.ts',
    find: 'for (const site of await chunks.reachable()) {',
    replace: "for (const site of (await chunks.reachable()).filter((each) => each !== 'cold')) {",
    hunt: { by: 'test', file: JOBS, name: 'a cold chunk that no version needs any more' },
  },
  {
    id: 'a-cold-chunk-counts-as-missing',
    rules: ['DESIGN 7'],
    breaks: 'fsck and backups look for what is in the cold store in the first one',
    file: 'server-stub/backup/chunk-paths.ts',
    find: "  if (place === 'chunks') return",
    replace: "  if (place === 'chunks' || place === 'cold') return",
    hunt: { by: 'test', file: COLD, name: TOLD },
  },
  {
    id: 'a-head-leaves-its-chunks-cold',
    rules: ['DESIGN 7'],
    breaks: 'an old version that is put on top waits for the first device that asks',
    file: 'server-stub/metadata/rules/content.ts',
    find: 'await tx.askThaw({ tenant: caller.tenant, id }, effects.now());',
    replace: 'await tx.endThaw({ tenant: caller.tenant, id }); effects.now();',
    hunt: { by: 'test', file: COLD, name: TOLD },
  },
  {
    id: 'heads-grow-cold',
    rules: ['DESIGN 7'],
    breaks: 'what heads use goes to the cold store like anything else',
    file: 'server-stub/jobs/cooling-job.ts',
    find: '        await tx.setHot(each, hour);\n',
    replace: '',
    hunt: { by: 'test', file: COLD, name: TOLD },
  },
);
