/** 100,000 files of 100 bytes: what it costs to have them, and to start again with them (W6). */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../support/devices.ts';
import type { BenchRun } from './bench-run.ts';
import { Meter } from './meter.ts';
import { plantMany } from './trees.ts';
import { whenUpToDate } from './workload-edits.ts';

/** Long enough for what is done after a first sync (checkpoints, memory given back). */
const CALM_MS = 20_000;

export async function manyFiles(run: BenchRun): Promise<void> {
  const forest = { files: run.scaled(100_000), folders: run.scaled(1000), size: 100, seed: 12 };
  await run.firstSync((root) => plantMany(root, forest));
  await whenUpToDate(run);
  await pause(CALM_MS);

  const { idleSeconds } = run.settings;
  const meter = new Meter(run.system);
  await pause(idleSeconds * 1000);
  run.emit({ ...meter.stop(), step: 'idle', wallSeconds: idleSeconds, equal: true, note: '' });

  await run.system.stop();
  const added = 'added-while-down.bin';
  writeFileSync(join(run.a, added), 'added');
  const step = 'restart to up to date, one file added while down';
  const kick = async () => {
    await run.system.boot();
    await whenUpToDate(run);
  };
  await run.measure({ step, kick, quick: () => existsSync(join(run.b, added)) });
}
