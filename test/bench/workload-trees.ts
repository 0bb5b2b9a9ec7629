/** First syncs, and changes of whole folders: W1, W1t, W2, W4, W8, W9. */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRun } from './bench-run.ts';
import { ByteStream, plantMany, plantOne } from './trees.ts';

const KIB = 1024;
const GIB = 2 ** 30;

/** 10,000 files of 64 KiB in 100 folders. */
export function mediumFiles(run: BenchRun): Promise<void> {
  const forest = { files: run.scaled(10_000), folders: run.scaled(100), size: 64 * KIB, seed: 1 };
  return run.firstSync((root) => plantMany(root, forest));
}

/** 50,000 files of 1 KiB in 500 folders. */
export function smallFiles(run: BenchRun): Promise<void> {
  const forest = { files: run.scaled(50_000), folders: run.scaled(500), size: KIB, seed: 2 };
  return run.firstSync((root) => plantMany(root, forest));
}

/** One file of 1 GiB. */
export function largeFile(run: BenchRun): Promise<void> {
  return run.firstSync((root) => plantOne(join(root, 'one.bin'), run.scaled(GIB), 3));
}

/** 10,000 files of 4 KiB in 100 folders below `top`, and ten elsewhere that stay. */
function plantTop(run: BenchRun, root: string): void {
  const forest = { files: run.scaled(10_000), folders: run.scaled(100), size: 4 * KIB, seed: 4 };
  plantMany(join(root, 'top'), forest);
  plantMany(join(root, 'keep'), { files: 10, folders: 0, size: 4 * KIB, seed: 5 });
}

/** The folder with 10,000 files gets another name. */
export async function renameFolder(run: BenchRun): Promise<void> {
  await run.firstSync((root) => plantTop(run, root));
  await run.rest();
  renameSync(join(run.a, 'top'), join(run.a, 'renamed'));
  await run.measure({ step: 'rename a folder', quick: () => existsSync(join(run.b, 'renamed')) });
}

/** The folder with 10,000 files is deleted; what the deletion takes on A itself is on the clock. */
export async function deleteFolder(run: BenchRun): Promise<void> {
  await run.firstSync((root) => plantTop(run, root));
  await run.rest();
  const kick = async () => rmSync(join(run.a, 'top'), { recursive: true });
  await run.measure({ step: 'delete its files', kick, quick: () => !existsSync(join(run.b, 'top')) });
}

/** All files in one folder: twice as many must take about twice as long. Then one more file. */
export function flatFolder(files: number): (run: BenchRun) => Promise<void> {
  return async (run) => {
    const forest = { files: run.scaled(files), folders: 0, size: 100, seed: 6 };
    await run.firstSync((root) => plantMany(join(root, 'flat'), forest), `first sync of ${forest.files}`);
    await run.rest();
    const added = openSync(join(run.a, 'flat', 'one-more.bin'), 'w');
    writeSync(added, new ByteStream(7).take(100));
    closeSync(added);
    await run.measure({
      step: `one more beside ${forest.files}`,
      quick: () => existsSync(join(run.b, 'flat', 'one-more.bin')),
    });
  };
}
