/** `npm run sim:planner -- --runs N --seed S`: random worlds against the planner, without disk or network. */
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drawScheme } from './model-scheme.ts';
import { retell, shrink, tryScheme } from './model-shrink.ts';
import { scenarioOf } from './scenario.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    story: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(first))
  throw new Error('--runs and --seed are whole numbers');

console.log(`${runs} runs from seed ${first}`);
const began = performance.now();
let next = first;
let failed = false;
let told = began;
// Stopped early, it still says how far it came.
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stopped = true;
  });
for (; next < first + runs && !failed && !stopped; next += 1) {
  const failure = tryScheme(drawScheme(next));
  if (failure) {
    failed = true;
    console.log(`\nseed ${next}: ${failure.message}`);
    const small = shrink(failure);
    console.log(scenarioOf(small));
    if (values.story) console.log(retell(small.scheme).story.join('\n'));
  } else if ((next - first) % 1000 === 999) {
    await setImmediate();
    if (performance.now() - told > 60_000) tellProgress(next - first + 1);
  }
}
tellProgress(next - first);
process.exitCode = failed ? 1 : 0;

function tellProgress(done: number): void {
  told = performance.now();
  const seconds = (performance.now() - began) / 1000;
  const { user } = process.cpuUsage();
  const speed = Math.round(done / (user / 1e6));
  const outcome = failed ? 'the last of them failed' : 'all well';
  console.log(
    `${done} runs, ${outcome}: ${seconds.toFixed(0)} s, ${speed} runs per second of processor time`,
  );
}
