/** `npm run sim:disk -- --seeds N [--seed FIRST] [--steps K] [--on tmp|btrfs|ntfs]`: random doings, real against simulated. */
import { parseArgs } from 'node:util';
import { differ, NTFS } from './differential.ts';
import { mountImage } from './mounts.ts';
import { CALL_KINDS } from './real-world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '120' },
    on: { type: 'string', default: 'tmp' },
  },
});

const mount = values.on === 'btrfs' || values.on === 'ntfs' ? await mountImage(values.on) : null;
if (mount === null && values.on !== 'tmp') throw new Error(`${values.on} cannot be mounted here`);
const [first, count] = [Number(values.seed), Number(values.seeds)];
let failures = 0;
try {
  for (let seed = first; seed < first + count; seed += 1) {
    for (const calls of CALL_KINDS) {
      const isNtfs = values.on === 'ntfs';
      const reasons = isNtfs || calls === 'fallback' ? 'any' : 'compared';
      const base = mount === null ? {} : { base: mount.path };
      const found = await differ(
        { calls, ...base, volume: isNtfs ? NTFS : {}, reasons },
        seed,
        Number(values.steps),
      );
      if (found === null) continue;
      failures += 1;
      console.log(`seed ${seed}, ${calls} calls, parts:\n${found}`);
    }
  }
} finally {
  await mount?.close();
}
console.log(`${count} seeds from ${first} on ${values.on}: ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
