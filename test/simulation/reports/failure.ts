/** A failing seed, told: what did not hold, the least that shows it, what was planned, and the lineages it is about. */
import { planOf, type RunOptions } from '../run-plan.ts';
import { type RunResult, seededRun } from '../seeded-run.ts';
import { shrink } from './shrink.ts';

/** `runs`: how many may be spent on making it small; 0 tells it as it is. */
export async function tellFailure(options: RunOptions, failed: RunResult, runs: number): Promise<string> {
  const small = runs === 0 ? null : await shrink(options, failed, seededRun, runs);
  const told = small ?? { options, result: failed, runs: 0 };
  return [
    `seed ${options.seed} fails:`,
    ...failed.wrong.slice(0, 12).map((sentence) => `  ${sentence}`),
    `the least that fails of the same rule (${told.runs} runs): ${JSON.stringify(told.options)}`,
    ...told.result.wrong.slice(0, 6).map((sentence) => `  ${sentence}`),
    ...leastOf(told.options),
    told.result.report(),
  ].join('\n');
}

function leastOf(options: RunOptions): string[] {
  const { actions, troubles } = planOf(options);
  return [
    `${actions.length} actions: ${actions.map(({ id, machine, kind }) => `#${id} ${machine} ${kind}`).join(', ')}`,
    `${troubles.length} troubles: ${troubles.map(({ id, on, kind }) => `!${id} ${kind} on ${on}`).join(', ')}`,
  ];
}
