/** Which mutants stand for which rule, and why a rule has none. */
import { MUTANTS } from './all-mutants.ts';

/** The rules are numbered from 1. */
export const RULES = 29;

/** Rules that no wrong outcome of a simulated run can show, with where they are tested instead. */
export const RULES_ELSEWHERE: Readonly<Record<number, string>> = {
  21: 'how many flushes there are is a matter of time, not of outcome: `test/disk`; that they happen: mutants',
};

/** What a first model of the rules had to have removed to fail, row by row. */
export const MODEL_ROWS: Readonly<Record<string, readonly string[]>> = {
  'idempotency record': ['no-idempotency-record'],
  'CAS on finalize (last writer wins)': ['last-writer-wins'],
  'CAS on delete': ['stale-delete-is-taken'],
  'folder delete refuses unseen children': ['folder-delete-takes-the-unseen'],
  'local edit check before remote delete': ['trashed-save-is-not-put-back'],
  'local edit check before remote update': ['no-look-before-an-update', 'displaced-bytes-are-not-read'],
  'cycle check in the move transaction': ['moves-make-cycles'],
  'tombstone lineage (equality only)': ['tombstone-needs-the-very-version'],
  'monotone remote tree': ['remote-tree-is-not-monotone'],
  'no journal gaps (1 row in 33 skipped)': ['journal-row-is-skipped'],
  'unique device identity (clone)': ['a-clone-goes-on'],
  'temp hop for blocked names': ['names-in-the-way-get-no-hop'],
  'epoch handling on restore': ['a-silent-restore-is-not-noticed', 'a-new-epoch-is-no-merge'],
  'no id reuse after restore': ['versions-are-numbered-anew-after-a-restore'],
};

/** What the server does not have yet, and what has to be broken in it as soon as it has. */
export const NOT_YET: readonly string[] = [
  'garbage collection: without pins, without the grace of a day, without quarantine, without the second look, past an unreadable manifest; a chunk answered "exists" while it is quarantined (RULES 27)',
  'retention: a head, a labelled version or the ancestor of an open conflict is thinned away; tombstones younger than a cursor',
  'sharing: a commit is authorised when it is opened and not when it commits; a revoked member reads on; one tenant sees whether another has a chunk (RULES 28)',
];

export function mutantsOfRule(rule: number): readonly string[] {
  return MUTANTS.filter((each) => each.rules.includes(`RULES ${rule}`)).map((each) => each.id);
}
