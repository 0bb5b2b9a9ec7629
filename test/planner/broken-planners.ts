/** Planners that are wrong on purpose: proof that worlds and checks find what they are there to find. */
import { decide } from '../../src/core/planner/decide.ts';
import type { ClaimIntent } from '../../src/core/planner/intents.ts';
import { type Plan, plan } from '../../src/core/planner/plan.ts';
import type { TreeView } from '../../src/core/tree/view.ts';
import type { Planner } from './model-device.ts';
import type { Scheme } from './model-scheme.ts';
import { play } from './scenario.ts';

type Breaks = (planned: Plan, view: TreeView) => Plan;

function broken(breaks: Breaks): Planner {
  return { decide, plan: (view, nodes) => breaks(plan(view, nodes), view) };
}

function withClaims(planned: Plan, change: (claim: ClaimIntent) => readonly ClaimIntent[]): Plan {
  return { ...planned, claims: planned.claims.flatMap(change) };
}

export const BROKEN = {
  'never sends an edit': broken((planned) =>
    withClaims(planned, (claim) => (claim.kind === 'edit' ? [] : [claim])),
  ),
  'never sends a deletion': broken((planned) =>
    withClaims(planned, (claim) => (claim.kind === 'delete' ? [] : [claim])),
  ),
  'deletes folders with what it never saw in them': broken((planned) =>
    withClaims(planned, (claim) =>
      claim.kind === 'delete' ? [{ ...claim, observedSeq: Number.MAX_SAFE_INTEGER, unapplied: [] }] : [claim],
    ),
  ),
  'never gives up a move that came second': broken((planned) => ({
    ...planned,
    trees: planned.trees.filter(({ kind }) => kind !== 'drop-move'),
  })),
  'hides every file that is to move': broken((planned) => ({
    ...planned,
    structure: planned.structure.map((each) =>
      each.kind === 'move-here' ? { ...each, kind: 'park' } : each,
    ),
  })),
  'fetches what is only touched': broken((planned, view) => ({
    ...planned,
    contents: planned.contents.map((each) =>
      each.kind === 'hash' && view.remote(each.node)?.live ? { ...each, kind: 'fetch' } : each,
    ),
  })),
  'leaves folders that others deleted': broken((planned) => ({
    ...planned,
    structure: planned.structure.filter(({ kind }) => kind !== 'remove-folder'),
  })),
  'tells of moves one by one, in any order': broken((planned) =>
    withClaims(planned, (claim) => (claim.kind === 'rearrange' ? claim.steps : [claim])),
  ),
} satisfies Readonly<Record<string, Planner>>;

/** What a scenario of such a planner is played with. */
export function playUnseenDeletions(scheme: Scheme): void {
  play(scheme, { planner: BROKEN['deletes folders with what it never saw in them'] });
}
