/**
 * `npm run sim -- --seeds N [--seed FIRST] [--devices K|mixed] [--profile calm|hostile] [--jobs 2] [--actions N]
 * [--selective] [--retention] [--sharing] [--twice] [--minutes M] [--shrink RUNS] [--troubles KIND,KIND | --also KIND,KIND] [--except KIND]
 * [--without-actions 1,2] [--without-troubles 3]`
 */
import { parseArgs } from 'node:util';
import { type RunRequest, runOnJobs, type SeedReport } from './seed-jobs.ts';
import { Tally } from './tally.ts';
import { troubleKindsOf } from './troubles/all-troubles.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '2' },
    profile: { type: 'string', default: 'hostile' },
    actions: { type: 'string', default: '40' },
    jobs: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    shrink: { type: 'string', default: '150' },
    troubles: { type: 'string' },
    also: { type: 'string', default: '' },
    except: { type: 'string', default: '' },
    'without-actions': { type: 'string', default: '' },
    'without-troubles': { type: 'string', default: '' },
    retention: { type: 'boolean', default: false },
    sharing: { type: 'boolean', default: false },
    selective: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
  },
});

/** Devices of a run where they are mixed: mostly few. */
const MIX = [2, 2, 3, 2, 3, 4, 2, 5] as const;

function devicesOf(seed: number): number {
  return values.devices === 'mixed' ? (MIX[seed % MIX.length] ?? 2) : Number(values.devices);
}

function idsOf(list: string): number[] {
  return list === '' ? [] : list.split(',').map(Number);
}

function* requests(): Generator<RunRequest, void> {
  const first = Number(values.seed);
  const until = values.minutes === undefined ? null : started + Number(values.minutes) * 60_000;
  for (
    let seed = first;
    until === null ? seed < first + Number(values.seeds) : performance.now() < until;
    seed += 1
  ) {
    const options = {
      seed,
      devices: devicesOf(seed),
      profile: values.profile === 'calm' ? ('calm' as const) : ('hostile' as const),
      actions: Number(values.actions),
      selective: values.selective,
      retention: values.retention,
      sharing: values.sharing,
      ...(values.troubles === undefined ? {} : { troubles: troubleKindsOf(values.troubles) }),
      also: troubleKindsOf(values.also),
      except: troubleKindsOf(values.except),
      withoutActions: idsOf(values['without-actions']),
      withoutTroubles: idsOf(values['without-troubles']),
    };
    yield { options, twice: values.twice, shrinkRuns: Number(values.shrink) };
  }
}

const started = performance.now();
const faults = new Tally();
const failed: number[] = [];
let events = 0;
let seeds = 0;

function told({ seed, wrong, events: fired, faults: made, report }: SeedReport): void {
  seeds += 1;
  events += fired;
  faults.addAll(made);
  if (wrong.length === 0) return;
  failed.push(seed);
  console.log(report);
}

await runOnJobs(requests(), Number(values.jobs), told);
const seconds = (performance.now() - started) / 1000;
console.log(
  `${seeds} seeds from ${values.seed}, ${values.profile}, ${values.devices} devices: ${failed.length} failed` +
    `${failed.length === 0 ? '' : ` (${failed.slice(0, 50).join(' ')})`}, ${events} events,` +
    ` ${(seeds / seconds).toFixed(2)} seeds/s`,
);
console.log(`${faults.total} faults: ${JSON.stringify(faults.counts())}`);
process.exitCode = failed.length === 0 ? 0 : 1;
