/** How many steps of a plan are of which kind. Pure. */
import type { MomentPlan, MomentStep } from '../../../ipc/moment.ts';

export const STEP_KINDS = [
  'content',
  'return',
  'place',
  'remove',
] as const satisfies readonly MomentStep['kind'][];

/** The kinds that occur, in a fixed order; `atLeast` when the plan is longer than what was listed. */
export function stepCounts({ steps, total }: MomentPlan): {
  readonly atLeast: boolean;
  readonly counts: readonly { readonly kind: MomentStep['kind']; readonly count: number }[];
} {
  const counts = STEP_KINDS.map((kind) => ({
    kind,
    count: steps.filter((step) => step.kind === kind).length,
  })).filter(({ count }) => count > 0);
  return { counts, atLeast: total > steps.length };
}
