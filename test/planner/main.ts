/** `npm run sim:planner -- --runs N --seed S`: random worlds against the planner, without disk or network. */
import { parseArgs } from 'node:util';
import { drawScheme, retell, shrink, tryScheme } from './model.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    story: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);

console.log(`${runs} runs from seed ${seed}`);
const began = performance.now();
let failures = 0;
for (let at = 0; at < runs; at += 1) {
  const failure = tryScheme(drawScheme(seed + at));
  if (!failure) continue;
  failures += 1;
  const small = shrink(failure);
  console.log(`\nseed ${seed + at}: ${failure.message.split('\n')[0]}`);
  console.log(
    `shrunk to ${small.scheme.start.length} + ${small.scheme.actions.length} actions (seed ${small.scheme.seed}): ${small.message}`,
  );
  const { story } = retell(small.scheme);
  console.log(values.story ? story.join('\n') : story.filter((line) => line.startsWith('user')).join('\n'));
  if (failures >= 1) break;
}
console.log(
  `${failures === 0 ? 'all well' : `${failures} failed`} after ${((performance.now() - began) / 1000).toFixed(1)} s`,
);
process.exitCode = failures === 0 ? 0 : 1;
