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

export function mutantsOfRule(rule: number): readonly string[] {
  return MUTANTS.filter((each) => each.rules.includes(`RULES ${rule}`)).map((each) => each.id);
}
