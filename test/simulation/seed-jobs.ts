/** Seeds on several processes at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { type Static, Type } from 'typebox';
import { parserOf, record } from '../../src/protocol/schema.ts';
import { ALL_TROUBLES } from './troubles/all-troubles.ts';
import type { TroubleKind } from './troubles/trouble.ts';

const Ids = Type.Array(Type.Integer());
const Kinds = Type.Unsafe<readonly TroubleKind[]>(
  Type.Array(Type.Union(ALL_TROUBLES.map(({ kind }) => Type.Literal(kind)))),
);
const RunRequest = record({
  options: record({
    seed: Type.Integer(),
    devices: Type.Integer({ minimum: 1, maximum: 5 }),
    profile: Type.Union([Type.Literal('calm'), Type.Literal('hostile')]),
    actions: Type.Integer({ minimum: 1 }),
    selective: Type.Boolean(),
    retention: Type.Boolean(),
    sharing: Type.Boolean(),
    troubles: Type.Optional(Kinds),
    also: Kinds,
    except: Kinds,
    withoutActions: Ids,
    withoutTroubles: Ids,
  }),
  /** Runs it twice: both must be the same. */
  twice: Type.Boolean(),
  /** Runs that may be spent on making a failure small. */
  shrinkRuns: Type.Integer({ minimum: 0 }),
});
export type RunRequest = Static<typeof RunRequest>;

const SeedReport = record({
  seed: Type.Integer(),
  wrong: Type.Array(Type.String()),
  events: Type.Integer(),
  faults: Type.Record(Type.String(), Type.Integer()),
  report: Type.String(),
});
export type SeedReport = Static<typeof SeedReport>;

const request = parserOf(RunRequest);
const report = parserOf(SeedReport);

export function parseRunRequest(message: unknown): RunRequest {
  const parsed = request(message);
  if (parsed.kind === 'invalid') throw new Error(`not a request for a run: ${parsed.why}`);
  return parsed.value;
}

/** Room for what lives for one event only: of that a seed makes much, and little of it is there a moment later. */
const YOUNG = ['--max-semi-space-size=16', '--min-semi-space-size=16'];

/** Runs every request on one of `jobs` processes, and tells each result as it comes. */
export async function runOnJobs(
  requests: Iterator<RunRequest>,
  jobs: number,
  told: (report: SeedReport) => void,
): Promise<void> {
  await Promise.all(Array.from({ length: jobs }, () => oneJob(requests, told)));
}

async function oneJob(requests: Iterator<RunRequest>, told: (report: SeedReport) => void): Promise<void> {
  const child = fork(new URL('./seed-worker.ts', import.meta.url), {
    execArgv: [...process.execArgv, ...YOUNG],
  });
  try {
    for (let next = requests.next(); next.done !== true; next = requests.next())
      told(await answerOf(child, next.value));
  } finally {
    child.kill();
  }
}

function answerOf(child: ChildProcess, asked: RunRequest): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`the process died at seed ${asked.options.seed}`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      const parsed = report(message);
      if (parsed.kind === 'ok') resolve(parsed.value);
      else reject(new Error(parsed.why));
    });
    child.send(asked);
  });
}
