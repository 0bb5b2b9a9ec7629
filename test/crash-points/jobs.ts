/** Operations on several processes at once: most of a run is waiting for pauses and starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** One party's calls in one operation. */
export interface Part {
  readonly party: 'engine' | 'server';
  readonly operation: string;
}

/** Runs the script `main` with `options` for every part, `jobs` at a time; how many of the parts failed. */
export async function runParts(
  main: string,
  options: readonly string[],
  parts: readonly Part[],
  jobs: number,
): Promise<number> {
  const waiting = parts[Symbol.iterator]();
  const lane = async (): Promise<number> => {
    let failed = 0;
    for (const { party, operation } of waiting) {
      const child = spawn(process.execPath, [main, ...options, '--on', party, '--only', operation], {
        stdio: 'inherit',
      });
      const [code] = await once(child, 'exit');
      if (code !== 0) failed += 1;
    }
    return failed;
  };
  const lanes = await Promise.all(Array.from({ length: jobs }, lane));
  return lanes.reduce((sum, each) => sum + each, 0);
}
