/** Deliberate bugs in what takes bytes away: the collection, its waits and its second looks; RULES 27, I10, DESIGN 7. */
import { type Mutant, mutants } from './mutant.ts';

const COLLECTION = 'test/server/collection.test.ts';
const JOB = 'server-stub/jobs/collection-job.ts';

export const RECLAIMING_MUTANTS: readonly Mutant[] = mutants(
  {
    id: 'pins-are-not-asked',
    rules: ['RULES 27', 'I10'],
    breaks: 'what an upload session pins counts as idle',
    file: 'server-stub/metadata/sqlite-collection.ts',
    find: '\n      AND NOT EXISTS (SELECT 1 FROM pins p WHERE p.tenant = c.tenant AND p.chunk = c.id)',
    replace: '',
    also: [
      {
        file: 'server-stub/metadata/sqlite-claims.ts',
        find: 'const wanted = db.sql(WANTED);',
        replace: "const wanted = db.sql(WANTED.replace('AND id = ?', 'AND id = ? AND 0'));",
      },
    ],
    hunt: { by: 'test', file: COLLECTION, name: 'while a session pins a chunk it is not idle' },
  },
  {
    id: 'idle-chunks-get-no-grace',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'a chunk is quarantined by the round after the one that found it idle',
    file: JOB,
    find: 'if (hour - idleHour < waits.idleHours) return;',
    replace: '',
    hunt: { by: 'test', file: COLLECTION, name: 'what nothing wants stays for its day' },
  },
  {
    id: 'there-is-no-quarantine',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'what is quarantined is erased by the next round',
    file: JOB,
    find: 'hour - quarantineHour >= waits.quarantineHours &&',
    replace: '',
    hunt: { by: 'test', file: COLLECTION, name: 'what nothing wants stays for its day' },
  },
  {
    id: 'collection-does-not-look-twice',
    rules: ['RULES 27', 'I10'],
    breaks: 'what is asked for between the marks and the sweep is erased all the same',
    file: 'server-stub/metadata/sqlite-collection.ts',
    find: 'c.wanted_round < g.round AND c.marked_round < g.round',
    replace: 'c.marked_round < g.round',
    also: [
      {
        file: 'server-stub/metadata/sqlite-chunks.ts',
        find: 'SET wanted_round = ${ROUND}, idle_hour = NULL,\n  quarantined_at = NULL, quarantine_hour = NULL WHERE',
        replace: 'SET wanted_round = ${ROUND} WHERE',
      },
    ],
    hunt: { by: 'test', file: COLLECTION, name: 'what is asked for while a round is under way' },
  },
  {
    id: 'collection-passes-what-it-cannot-read',
    rules: ['DESIGN 7', 'I10'],
    breaks: 'a manifest that cannot be read wants nothing',
    file: JOB,
    find: '// Nobody knows what it wants: nothing at all may go until it is mended.',
    replace: "if (manifest.why !== '') continue;",
    hunt: { by: 'test', file: COLLECTION, name: 'a manifest that cannot be read stops the collection' },
  },
  {
    id: 'quarantine-is-no-answer-to-a-commit',
    rules: ['RULES 27'],
    breaks: 'a chunk in quarantine is answered as being there, and stays in quarantine',
    file: 'server-stub/metadata/sqlite-chunks.ts',
    find: 'idle_hour = NULL,\n  quarantined_at = NULL, quarantine_hour = NULL WHERE',
    replace: 'idle_hour = idle_hour WHERE',
    hunt: { by: 'test', file: COLLECTION, name: 'a commit that names a chunk in quarantine' },
  },
);
