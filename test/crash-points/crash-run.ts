/** One run: prepared, begun, struck at one call, started again, judged. And all runs of one operation. */
import { databaseTroubles, momentTroubles, restTroubles } from './checks.ts';
import type { Operation } from './operation.ts';
import type { Point, Strike } from './point-shim.ts';
import type { Stage } from './stage.ts';

export interface Run {
  readonly operation: Operation;
  readonly at: number;
  /** The call it was struck at; null when the operation was over before. */
  readonly struck: Point | null;
  /** The calls that were counted. */
  readonly points: readonly Point[];
  readonly troubles: readonly string[];
}

/** Strikes at the `at`-th call that changes a file; 0 only counts. */
export async function crashRun(
  stage: Stage,
  operation: Operation,
  at: number,
  strike: Strike = { kind: 'kill' },
): Promise<Run> {
  const troubles: string[] = [];
  let struck: Point | null = null;
  let points: readonly Point[] = [];
  try {
    const folder = await stage.prepared(operation);
    await operation.ready?.(stage, folder);
    stage.points.arm(at === 0 ? { kind: 'count' } : strike, at);
    await operation.act(stage, folder);
    if (await stage.rest()) await stage.quiet();
    stage.points.disarm();
    points = stage.points.points();
    if (stage.points.fired > 0) {
      struck = points[at - 1] ?? { call: 'unknown', path: '' };
      await stage.ended();
      troubles.push(...momentTroubles(stage, operation, folder));
      troubles.push(...databaseTroubles(stage.database));
      if (!(await stage.start())) throw new Error(`it does not start again:\n${stage.log()}`);
    } else if (!stage.alive) throw new Error(`it ended by itself:\n${stage.log()}`);
    troubles.push(...(await settledTroubles(stage, operation, folder)));
  } catch (error) {
    stage.points.disarm();
    struck ??= stage.points.points()[at - 1] ?? null;
    troubles.push(error instanceof Error ? error.message : String(error));
  }
  return { operation, at, struck, points, troubles };
}

/** The process runs and nothing strikes any more: what is wrong once all have come to rest. */
export async function settledTroubles(
  stage: Stage,
  operation: Operation,
  folder: string,
): Promise<readonly string[]> {
  await operation.again?.(stage, folder);
  for (const each of operation.restsAs ?? []) stage.restsAs.add(each);
  if (!(await stage.rest())) throw new Error(`it ended by itself:\n${stage.log()}`);
  return restTroubles(stage, operation, folder);
}

/** Keeps one stage for many runs; one that went wrong is the last on its stage. */
export class StageKeeper {
  #stage: Stage | null = null;
  readonly #keep: boolean;

  readonly #open: () => Promise<Stage>;

  constructor(open: () => Promise<Stage>, keepFailed = false) {
    this.#open = open;
    this.#keep = keepFailed;
  }

  async run(work: (stage: Stage) => Promise<Run>): Promise<Run> {
    this.#stage ??= await this.#open();
    const stage = this.#stage;
    const run = await work(stage);
    if (run.troubles.length > 0) {
      this.#stage = null;
      if (this.#keep) await stage.abandon();
      else await stage.close();
    }
    return run;
  }

  async close(): Promise<void> {
    await this.#stage?.close();
    this.#stage = null;
  }
}
