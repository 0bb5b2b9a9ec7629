/** Struck twice: killed in the middle of an operation, and struck again while the next start puts that together. */
import { momentTroubles } from './checks.ts';
import type { Run } from './crash-run.ts';
import { settledTroubles } from './crash-run.ts';
import { type Fault, hasSaidWhy, isOver, spell } from './fault-run.ts';
import type { Operation } from './operation.ts';
import { CHANGES, type Point } from './point-shim.ts';
import type { Stage } from './stage.ts';

export const KILLED: Fault = { name: 'killed', strike: { kind: 'kill' }, kinds: CHANGES };

/** Where the first kill falls: the operation has changed the user's folder, and nothing says so yet. */
export function deepPoint(points: readonly Point[]): number {
  const renames = points.flatMap(({ call, path }, i) =>
    call === 'rename' && path.includes('/tested/') ? [i] : [],
  );
  return (renames.at(-1) ?? points.length - 2) + 2;
}

/** Killed at call `first` of the operation; of the start after it, call `at` of the fault's kinds is struck. */
export async function recoveryRun(
  stage: Stage,
  operation: Operation,
  first: number,
  fault: Fault,
  at: number,
): Promise<Run> {
  const troubles: string[] = [];
  let points: readonly Point[] = [];
  let struck: Point | null = null;
  try {
    const folder = await stage.prepared(operation);
    await operation.ready?.(stage, folder);
    stage.points.arm({ kind: 'kill' }, first);
    await operation.act(stage, folder);
    if (await stage.rest()) await stage.kill();
    const said = stage.log().length;
    stage.points.arm(at === 0 ? { kind: 'count' } : fault.strike, at, fault.kinds);
    const starting = stage.start();
    await spell(stage, fault, async () => (await starting) && (await isOver(stage, operation, folder)));
    if (fault.strike.kind !== 'kill') stage.points.disarm();
    await starting;
    points = stage.points.points();
    if (stage.points.fired > 0) struck = points[at - 1] ?? null;
    if (stage.points.fired > 0 && fault.strike.kind === 'kill') await stage.ended();
    stage.points.disarm();
    if (!stage.alive) {
      troubles.push(...momentTroubles(stage, operation, folder));
      const words = stage.log().slice(said);
      if (fault.strike.kind !== 'kill' && !hasSaidWhy(words))
        troubles.push(`it ended without a sentence: ${words}`);
      if (!(await stage.start())) throw new Error(`it does not start again:\n${stage.log()}`);
    }
    troubles.push(...(await settledTroubles(stage, operation, folder)));
  } catch (error) {
    stage.points.disarm();
    troubles.push(error instanceof Error ? error.message : String(error));
  }
  return { operation, at, struck, points, troubles };
}
