/**
 * `npm run crash-points`, `npm run fault-points`: every call in turn, operation by operation.
 *
 *   --faults            calls fail instead of the process being killed
 *   --recovery          killed in the middle first; the start after that is what is struck
 *   --on engine|server  whose calls
 *   --only NAME         one operation
 *   --every N           each N-th call only
 *   --few N             N calls of each operation and fault, evenly, after a run that counts them
 *   --distinct          of a row of equal calls on one file only the first counts
 *   --jobs N            so many operations at once, each in a process of its own
 *   --keep-failed       leave the folders of a run that went wrong
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crashRun, StageKeeper } from './crash-run.ts';
import { DeviceStage } from './device-stage.ts';
import { type Choice, enumerate, type Subject } from './enumerate.ts';
import { FAULTS, faultRun } from './fault-run.ts';
import { runParts } from './jobs.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { deepPoint, KILLED, recoveryRun } from './recovery-run.ts';
import { ServerStage } from './server-stage.ts';
import { keepResult, type Mode, writeTable } from './table.ts';

const { values } = parseArgs({
  options: {
    faults: { type: 'boolean', default: false },
    recovery: { type: 'boolean', default: false },
    on: { type: 'string' },
    only: { type: 'string' },
    every: { type: 'string', default: '1' },
    few: { type: 'string' },
    distinct: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    'keep-failed': { type: 'boolean', default: false },
  },
});

const STAGES = { engine: DeviceStage.open, server: ServerStage.open } as const;
type Party = keyof typeof STAGES;

const say = (line: string) => process.stdout.write(`${line}\n`);
const parties = (['engine', 'server'] as const).filter(
  (each) => values.on === undefined || each === values.on,
);
const operations = OPERATIONS.filter(({ name }) => values.only === undefined || name === values.only);
if (parties.length === 0 || operations.length === 0) throw new Error('there is nothing by that name');

let failed = 0;
const jobs = Number(values.jobs);
if (jobs > 1) failed = await inJobs();
else for (const party of parties) await allOf(party);
writeTable();
process.exitCode = failed > 0 ? 1 : 0;

async function inJobs(): Promise<number> {
  const flags = (['faults', 'recovery', 'distinct', 'keep-failed'] as const).filter((each) => values[each]);
  const few = values.few === undefined ? [] : [`--few=${values.few}`];
  const options = [...flags.map((each) => `--${each}`), `--every=${values.every}`, ...few];
  const parts = parties.flatMap((party) => operations.map(({ name }) => ({ party, operation: name })));
  return runParts(fileURLToPath(import.meta.url), options, parts, jobs);
}

async function allOf(party: Party): Promise<void> {
  const open = async () => {
    const stage = await STAGES[party]();
    stage.points.distinct = values.distinct;
    return stage;
  };
  const keeper = new StageKeeper(open, values['keep-failed']);
  for (const operation of operations)
    if (values.recovery) await recoveries(party, keeper, operation);
    else await (values.faults ? faults(party, keeper, operation) : crashes(party, keeper, operation));
  await keeper.close();
}

async function crashes(party: Party, keeper: StageKeeper, operation: Operation): Promise<void> {
  const run = (at: number) => keeper.run((stage) => crashRun(stage, operation, at));
  const count = async () => (await run(0)).points.length;
  await one('crash', { name: `${party}: ${operation.name}`, what: operation.what, run, count });
}

async function faults(party: Party, keeper: StageKeeper, operation: Operation): Promise<void> {
  const counted = new Map<string, number>();
  for (const fault of FAULTS) {
    const run = (at: number) => keeper.run((stage) => faultRun(stage, operation, fault, at));
    const kinds = fault.kinds.join();
    const count = async (): Promise<number> => {
      const calls = counted.get(kinds) ?? (await run(0)).points.length;
      counted.set(kinds, calls);
      return calls;
    };
    const name = `${party}: ${operation.name}, ${fault.name}`;
    await one('fault', { name, what: operation.what, run, count });
  }
}

/** The calls of the start after a kill in the middle of the operation. */
async function recoveries(party: Party, keeper: StageKeeper, operation: Operation): Promise<void> {
  const counted = await keeper.run((stage) => crashRun(stage, operation, 0));
  const first = deepPoint(counted.points);
  for (const fault of values.faults ? FAULTS : [KILLED]) {
    const run = (at: number) => keeper.run((stage) => recoveryRun(stage, operation, first, fault, at));
    const count = async () => (await run(0)).points.length;
    const name = `${party}: start after a kill at call ${first} of ${operation.name}, ${fault.name}`;
    await one(values.faults ? 'fault' : 'crash', { name, what: operation.what, run, count });
  }
}

async function one(mode: Mode, subject: Subject): Promise<void> {
  const step = Number(values.every);
  const few = values.few === undefined ? null : Number(values.few);
  const some = few !== null ? `${few}, evenly` : step === 1 ? 'each' : `each ${step}th`;
  const choice: Choice = { step, few, words: values.distinct ? `${some}, distinct` : some };
  const done = await enumerate(subject, choice, say);
  failed += done.failures.length;
  say(`${done.name}: ${done.runs} runs in ${done.seconds} s, ${done.failures.length} failures`);
  keepResult(mode, done);
}
