/** `npm run sim -- --seeds N [--seed FIRST] [--devices K] [--profile calm|hostile] [--actions N] [--selective]` */
import { parseArgs } from 'node:util';
import { type Profile, seededRun } from './seeded-run.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '2' },
    profile: { type: 'string', default: 'hostile' },
    actions: { type: 'string', default: '40' },
    selective: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const count = Number(values.seeds);
const first = Number(values.seed);
const profile: Profile = values.profile === 'calm' ? 'calm' : 'hostile';
const started = performance.now();
let events = 0;
let failures = 0;
let faults = 0;

for (let seed = first; seed < first + count; seed += 1) {
  const devices = Number(values.devices);
  const { selective } = values;
  const result = await seededRun({ seed, devices, profile, actions: Number(values.actions), selective });
  events += result.events;
  faults += result.faults;
  if (result.wrong.length === 0) continue;
  failures += 1;
  const took = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`seed ${seed} fails (after ${took} s):\n  ${result.wrong.slice(0, 12).join('\n  ')}`);
  if (values.verbose || count === 1) console.log(result.report());
}

const seconds = (performance.now() - started) / 1000;
const rate = (count / seconds).toFixed(1);
console.log(
  `${count} seeds from ${first}, ${profile}: ${failures} failed, ${events} events, ${faults} faults, ${rate} seeds/s`,
);
process.exitCode = failures === 0 ? 0 : 1;
