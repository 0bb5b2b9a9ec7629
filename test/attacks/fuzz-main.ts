/** `npm run fuzz:routes -- [--runs REQUESTS] [--seed FIRST]`: rounds of requests until there were so many. */
import { parseArgs } from 'node:util';
import { fuzzRound } from './route-fuzz.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const [wanted, first] = [Number(values.runs), Number(values.seed)];
if (!Number.isSafeInteger(wanted) || !Number.isSafeInteger(first))
  throw new Error('--runs and --seed take whole numbers');

const PER_ROUND = 400;
const statuses = new Map<number, number>();
let [asked, failures, rounds] = [0, 0, 0];
for (; asked < wanted; rounds += 1) {
  const done = await fuzzRound(first + rounds, PER_ROUND);
  asked += done.requests;
  for (const [status, count] of done.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
  failures += done.faults.length;
  for (const fault of done.faults) console.log(fault);
  if (rounds % 20 === 19) console.log(`${asked} requests, ${failures} failures`);
}
const told = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
console.log(
  `${asked} requests in ${rounds} rounds from seed ${first}: ${failures} failures (${told.join(', ')})`,
);
process.exitCode = failures === 0 ? 0 : 1;
