/** `npm run network-faults [-- --only TEXT | --sample]`: every case against one server and two devices, and a line for each. */
import { parseArgs } from 'node:util';
import { ALL_CASES } from './all-cases.ts';
import { runCase } from './network-case.ts';
import { NetworkRig } from './rig.ts';
import { SAMPLE } from './sample.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, sample: { type: 'boolean', default: false } },
});

async function main(): Promise<void> {
  const cases = ALL_CASES.filter(
    ({ name }) => name.includes(values.only) && (!values.sample || SAMPLE.includes(name)),
  );
  const began = performance.now();
  let rig = await NetworkRig.open();
  let failed = 0;
  try {
    for (const each of cases) {
      const start = performance.now();
      const error = await runCase(rig, each).then(() => null, String);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${error === null ? 'ok  ' : 'FAIL'} ${seconds.padStart(6)} s  ${each.name}`);
      if (error === null) continue;
      failed += 1;
      console.log(error);
      // What is wrong with this one must not be blamed on the next.
      await rig.close();
      rig = await NetworkRig.open();
    }
  } finally {
    await rig.close();
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`${cases.length} cases, ${failed} failed, ${minutes} min`);
  // At once: sockets that were reset must not keep the process (see the proxy).
  process.exit(cases.length === 0 || failed > 0 ? 1 : 0);
}

await main();
