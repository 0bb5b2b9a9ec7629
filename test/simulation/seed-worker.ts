/** A process of its own that runs the seeds it is told to, one after the other. */
import { tellFailure } from './reports/failure.ts';
import { parseRunRequest, type SeedReport } from './seed-jobs.ts';
import { seededRun } from './seeded-run.ts';

/** One seed, perhaps twice, told in a few values. */
export async function runSeed(request: ReturnType<typeof parseRunRequest>): Promise<SeedReport> {
  const { options, twice, shrinkRuns } = request;
  const result = await seededRun(options);
  const again = twice ? await seededRun(options) : null;
  const wrong = [...result.wrong];
  if (again !== null && (again.traceHash !== result.traceHash || again.events !== result.events))
    wrong.push(
      `I21 two runs: ${result.traceHash} of ${result.events} and ${again.traceHash} of ${again.events}`,
    );
  const failed = { ...result, wrong };
  return {
    seed: options.seed,
    wrong,
    events: result.events,
    faults: result.faultsByKind,
    report: wrong.length === 0 ? '' : await tellFailure(options, failed, shrinkRuns),
  };
}

process.on('message', (message: unknown) => {
  void runSeed(parseRunRequest(message)).then((report) => process.send?.(report));
});
