/** `npm run sim:power -- --seeds N [--seed FIRST] [--actions K] [--verbose]`: runs in which computers lose their power. */
import { parseArgs } from 'node:util';
import { powerRun } from './power-run.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    actions: { type: 'string', default: '40' },
    verbose: { type: 'boolean', default: false },
  },
});

const count = Number(values.seeds);
const first = Number(values.seed);
const started = performance.now();
let failures = 0;
let cuts = 0;

for (let seed = first; seed < first + count; seed += 1) {
  const result = await powerRun(seed, Number(values.actions));
  cuts += result.cuts;
  if (result.wrong.length === 0) continue;
  failures += 1;
  console.log(`seed ${seed} fails:\n  ${result.wrong.slice(0, 12).join('\n  ')}`);
  if (values.verbose || count === 1) console.log(result.report());
}

const seconds = (performance.now() - started) / 1000;
const rate = (count / seconds).toFixed(1);
console.log(`${count} seeds from ${first}: ${failures} failed, ${cuts} power cuts, ${rate} seeds/s`);
process.exitCode = failures === 0 ? 0 : 1;
