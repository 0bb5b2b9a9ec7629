/** Deliberate bugs in what history keeps and forgets: labels, holds, thinning, the journal's floor, tombstones. */
import { type Mutant, mutants } from './mutant.ts';

const FORGETTING = 'test/server/forgetting.test.ts';
const RETENTION = 'test/server/retention.test.ts';
const KEPT = 'test/server/kept.test.ts';

export const KEEPING_MUTANTS: readonly Mutant[] = mutants(
  {
    id: 'floor-passes-a-live-cursor',
    rules: ['RULES 26', 'DESIGN 7'],
    breaks: 'the journal is forgotten although a device that is not expired needs it',
    file: 'server-stub/retention/floor.ts',
    find: 'Math.min(head, aged ?? 0, ...needed)',
    replace: 'Math.min(head, aged ?? 0, ...needed.slice(needed.length))',
    hunt: { by: 'test', file: FORGETTING, name: 'the journal is kept for the slowest device' },
  },
  {
    id: 'a-device-of-an-older-history-needs-nothing',
    rules: ['RULES 25', 'RULES 26'],
    breaks: 'the position of a device in a history that is over counts in the one of today',
    file: 'server-stub/jobs/forgetting-job.ts',
    find: 'acked: acked?.epoch === row.epoch ? acked.seq : null,',
    replace: 'acked: acked?.epoch === row.epoch ? acked.seq : row.headSeq,',
    hunt: { by: 'test', file: FORGETTING, name: 'a device of an older history' },
  },
  {
    id: 'a-tombstone-goes-before-all-have-seen-it',
    rules: ['RULES 26', 'DESIGN 7'],
    breaks: 'a tombstone is forgotten as soon as the trash let go of it, whoever has not seen it',
    file: 'server-stub/jobs/forgetting-job.ts',
    find: 'const dead = await tx.lettableDead(namespace, floor, after',
    replace: 'const dead = await tx.lettableDead(namespace, floor + 1e9, after',
    hunt: { by: 'test', file: FORGETTING, name: 'a tombstone is forgotten when' },
  },
  {
    id: 'a-labelled-tombstone-is-forgotten',
    rules: ['DESIGN 7'],
    breaks: 'a deleted file of which a version has a label is forgotten with that version',
    file: 'server-stub/jobs/forgetting-job.ts',
    find: '(await tx.labelsOf(namespace, node)).length > 0 || ',
    replace: '',
    hunt: { by: 'test', file: FORGETTING, name: 'a tombstone is forgotten when' },
  },
  {
    id: 'moments-begin-at-the-floor-with-nothing',
    rules: ['RULES 16', 'DESIGN 6'],
    breaks: 'what stood at the floor of the journal is not what a moment is built on',
    file: 'server-stub/journal/floor-state.ts',
    find: 'for (const { node, ...place } of rows) then.put(node, place);',
    replace: '',
    hunt: { by: 'test', file: FORGETTING, name: 'moments after the floor' },
  },
  {
    id: 'a-labelled-version-is-thinned',
    rules: ['DESIGN 7', 'I8'],
    breaks: 'a label does not keep its version',
    file: 'server-stub/jobs/retention-job.ts',
    find: 'isLabelled || wanted.has(id) ? undefined',
    replace: 'wanted.has(id) ? undefined',
    also: [
      {
        file: 'server-stub/jobs/retention-job.ts',
        find: 'wanted.has(id) || (await tx.label(namespace, id)) !== null;',
        replace: 'wanted.has(id);',
      },
    ],
    hunt: { by: 'test', file: RETENTION, name: 'a label keeps its version' },
  },
  {
    id: 'a-head-is-thinned',
    rules: ['DESIGN 7', 'I8'],
    breaks: 'the newest version of a file counts as its own successor, and goes when it is old',
    file: 'server-stub/retention/thin.ts',
    find: 'if (newer !== null) {\n      const why = reasonToGo(version, newer, policy, now);',
    replace: '{\n      const why = reasonToGo(version, newer ?? version, policy, now);',
    hunt: { by: 'test', file: RETENTION, name: 'versions go in two steps' },
  },
  {
    id: 'the-ancestor-of-a-conflict-is-thinned',
    rules: ['DESIGN 7', 'I17'],
    breaks: 'of an open conflict both sides stay, and not what they were made from',
    file: 'server-stub/retention/what-is-kept.ts',
    find: '[each.ancestor, each.originalVersion, each.copyVersion].filter',
    replace: '[each.originalVersion, each.copyVersion].filter',
    hunt: { by: 'test', file: RETENTION, name: 'both sides and the ancestor of an open conflict' },
  },
  {
    id: 'a-hold-covers-the-folder-alone',
    rules: ['DESIGN 7'],
    breaks: 'what stands below a folder on hold goes all the same',
    file: 'server-stub/retention/holds.ts',
    find: 'at = row?.parent ?? null;',
    replace: 'at = row === null ? at : null;',
    hunt: { by: 'test', file: RETENTION, name: 'a held folder keeps every version' },
  },
  {
    id: 'a-folder-brings-back-what-has-no-bytes',
    rules: ['I8', 'DESIGN 7'],
    breaks: 'a folder that moves back takes along files that the trash let go of',
    file: 'server-stub/metadata/rules/move.ts',
    find: 'return (await scope.tx.isTrashReleased(scope.ns, deadSeq)) ? null : deadSeq;',
    replace: 'return deadSeq;',
    hunt: { by: 'test', file: RETENTION, name: 'a folder that returns after the trash' },
  },
  {
    id: 'history-promises-what-is-gone',
    rules: ['I8'],
    breaks: 'versions that were let go are told as if they could be had',
    file: 'server-stub/journal/past.ts',
    find: 'if (how === undefined) continue;',
    replace: '',
    also: [
      {
        file: 'server-stub/journal/past.ts',
        find: 'keeping.push(how);',
        replace: "keeping.push(how ?? { label: null, why: 'policy', until: null });",
      },
    ],
    hunt: { by: 'test', file: KEPT, name: 'every version says why it is kept' },
  },
);
